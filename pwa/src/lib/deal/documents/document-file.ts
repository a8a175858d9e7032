import type { FileView } from '../../../../../shared/views/files.ts'
import { request } from '../../api.ts'
import { t } from './messages.ts'

/** As the server has it. */
const largestBytes = 20 * 1024 * 1024
/** Scans go over phones' networks. */
const uploadTimeoutMs = 180_000

/** What is wrong with a chosen file, in words; null when it may be sent. */
export function fileProblem(file: File | null): string | null {
  if (!file) return null
  if (file.size === 0) return t('form.emptyFile')
  return file.size > largestBytes ? t('form.bigFile') : null
}

/** Stores the file. @returns its id, for a document to name @throws ApiError */
export async function uploadFile(file: File): Promise<number> {
  const query = { name: file.name, ...(file.type ? { mediaType: file.type } : {}) }
  const { data } = await request<FileView>('POST', '/api/files', { query, body: file, timeoutMs: uploadTimeoutMs })
  return data.id
}
