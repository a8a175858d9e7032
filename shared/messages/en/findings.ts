import type { FindingKey } from '../ru/findings.ts'

export const findingsEn: Readonly<Record<FindingKey, string>> = {
  no_stages: 'The process has no stages. Add at least one.',
  stage_unreachable: 'The stage “{stage}” cannot be reached: no way leads to it from the first stage.',
  stage_without_way_out: 'No way leads forward from the stage “{stage}”: the process will end there.',
  stage_stuck: 'No way forward from the stage “{stage}” can be gone: the conditions on all of them contradict one another.',
  branches_leave_gap: 'With some amounts no way leads forward from the stage “{stage}”: the conditions on the ways leave a gap.',
  way_to_nowhere: 'A way from the stage “{stage}” leads nowhere: there is no stage “{what}”.',
  way_to_itself: 'A way from the stage “{stage}” leads to itself.',
  code_twice: 'The code of the stage “{stage}” is there twice.',
  way_twice: 'Two ways lead from the stage “{stage}” to the stage “{what}”.',
  gate_impossible_amount: 'The stage “{stage}” cannot be entered: the amounts it lets through do not come that far.',
  gate_impossible_document: 'A gate of the stage “{stage}” cannot be passed: no deal type with this process has the document.',
  gate_impossible_payment:
    'A gate of the stage “{stage}” cannot be passed: no deal type with this process has a document that payments are booked on.',
  gate_impossible_fields: 'A gate of the stage “{stage}” cannot be passed: no deal type with this process has the field.',
  gate_impossible_approval: 'A gate of the stage “{stage}” cannot be passed: nobody has the role that approves.',
  gate_impossible: 'A gate of the stage “{stage}” cannot be passed.',
  gate_partly_document: 'The stage “{stage}” asks for a document that not all deal types with this process have.',
  gate_partly_payment: 'The stage “{stage}” asks for a payment, and not all deal types with this process have a document for it.',
  gate_partly_fields: 'The stage “{stage}” asks for a field that not all deal types with this process have.',
  status_unknown: 'The status “{what}” is not in the dictionary, or is archived. The stage “{stage}” names it.',
  status_unknown_process: 'The status “{what}” is not in the dictionary, or is archived. The process names it.',
  status_given_by_none: 'No path through this process gives the status “{what}”.',
  fact_unknown: 'The stage “{stage}” asks for something that is not there: “{what}”.',
  document_type_unknown: 'There is no type of document “{what}”. The stage “{stage}” names it.',
  assignee_unknown: 'There is nobody to give a task of the stage “{stage}” to.',
}
