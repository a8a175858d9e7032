/** PostgreSQL's answer to a transaction that another has overtaken. */
export function isOvertaken(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === '40001'
}
