/** What was typed as addresses: with commas, semicolons, spaces or line ends between. */
export function splitAddresses(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ''))]
}

/** The first that cannot be an address; null when all can. The server looks more closely. */
export function wrongAddress(addresses: readonly string[]): string | null {
  return addresses.find((address) => !/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(address)) ?? null
}
