/** An element of a BPMN 2.0 file, as the reader gives it and the writer takes it. */
export type BpmnElement = {
  readonly $type: string
  readonly id?: string
  readonly name?: string
  readonly [property: string]: unknown
}

/** The namespace of what BPMN has no place for: names in both languages, statuses, gates, tasks, limits and conditions, as JSON. */
const own = {
  name: 'Voronka',
  prefix: 'voronka',
  uri: 'urn:voronka:process:1',
  xml: { tagAlias: 'lowerCase' },
  types: ['Process', 'Stage', 'Way'].map((name) => ({
    name,
    superClass: ['Element'],
    properties: [{ name: 'body', isBody: true, type: 'String' }],
  })),
}

/** Reader and writer of BPMN 2.0 that know our own namespace; taken into memory when first needed. */
export async function createModdle(): Promise<Moddle> {
  const { BpmnModdle } = await import('bpmn-moddle')
  return new BpmnModdle({ voronka: own })
}
export type Moddle = import('bpmn-moddle').BpmnModdle

/** Text that XML 1.0 can hold: other control characters are left out. */
export function xmlText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are meant
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
}

/** JSON without characters that XML cannot hold, `JSON.parse` gives the same back. */
export function xmlJson(content: unknown): string {
  return JSON.stringify(content).replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
}
