import { readBytes } from './byte-source.ts'
import { TableError } from './table-error.ts'
import type { TableLimits } from './table-limits.ts'

const ENCRYPTED_STREAM = Buffer.from('EncryptedPackage', 'utf16le')

/**
 * Says why a compound file (the container of Excel before 2007, and of a workbook behind a password) is refused.
 * @throws TableError always: table_encrypted or table_old_excel
 */
export async function refuseCompoundFile(path: string, limits: TableLimits): Promise<never> {
  let carried = Buffer.alloc(0)
  for await (const chunk of readBytes(path, false, limits)) {
    const joined = Buffer.concat([carried, chunk])
    if (joined.includes(ENCRYPTED_STREAM)) throw new TableError('table_encrypted')
    carried = Buffer.from(joined.subarray(-ENCRYPTED_STREAM.length))
  }
  throw new TableError('table_old_excel')
}
