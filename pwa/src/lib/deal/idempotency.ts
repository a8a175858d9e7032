/** A key under which the server remembers a POST, so that a repeated one is done once. Works without a secure context too. */
export function newIdempotencyKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
