declare module 'bpmn-moddle' {
  type Element = { readonly $type: string; readonly [property: string]: unknown }
  export class BpmnModdle {
    constructor(packages?: Readonly<Record<string, unknown>>)
    create(type: string, properties?: Readonly<Record<string, unknown>>): Element
    toXML(element: Element, options?: { readonly format?: boolean }): Promise<{ readonly xml: string }>
    fromXML(xml: string): Promise<{
      readonly rootElement: Element
      readonly warnings: readonly { readonly message: string }[]
    }>
  }
}
