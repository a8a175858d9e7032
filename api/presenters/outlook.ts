import type { RuleTrigger } from '../../shared/domain/status-rules.ts'
import { describeFactValue } from '../../shared/messages/describe-condition.ts'
import { describeRule, describeTrigger } from '../../shared/messages/describe-rule.ts'
import type { OutlookView } from '../../shared/views/processes.ts'
import type { Outlook } from '../usecases/rules/look-ahead.ts'
import type { Reader } from './deals.ts'

export function presentOutlook({ because, ahead, words }: Outlook, { locale }: Reader): OutlookView {
  return {
    because: because && {
      event: capitalized(describeTrigger(because.event as RuleTrigger, locale, words)),
      seen: Object.entries(because.seen).map(([fact, value]) => ({
        name: words.fact(fact)?.name ?? fact,
        text: describeFactValue(fact, value, locale, words),
      })),
    },
    ahead: ahead.map((rule) => ({ code: rule.code, name: rule.names[locale], sentence: describeRule(rule, locale, words) })),
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
