const longest = 50

/**
 * A code that is not taken, made from a name: `Service contract` -> `service_contract`, then `service_contract_2`.
 * @param usual stands in for a name without Latin letters and digits
 */
export function freeCode(name: string, usual: string, isTaken: (code: string) => boolean): string {
  const made = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, longest)
    .replace(/^_+|_+$/g, '')
  const base = made === '' ? usual : made
  let code = base
  for (let count = 2; isTaken(code); count++) code = `${base}_${count}`
  return code
}
