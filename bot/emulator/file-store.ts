import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import type { Clock } from './clock.ts'
import { LIMITS } from './limits.ts'
import { badRequest } from './refusal.ts'
import type { UploadedFile } from './uploaded-file.ts'

export type StoredFile = {
  id: string
  uniqueId: string
  name: string
  type: string
  bytes: Buffer
  path: string
  linkedAt?: number
}

export type FileStore = {
  add(file: UploadedFile, folder: string): StoredFile
  find(id: string): StoredFile
  /** For the chat page, which shows files without asking for a link. */
  peek(id: string): StoredFile | undefined
  findPath(path: string): StoredFile | undefined
  link(id: string): StoredFile
}

/** Files in memory; over `maxBytes` the oldest are forgotten, as Telegram forgets links. */
export function createFileStore(clock: Clock, maxBytes: number): FileStore {
  const files = new Map<string, StoredFile>()
  let count = 0
  let total = 0

  function find(id: string): StoredFile {
    const file = files.get(id)
    if (!file) throw badRequest('state', 'wrong file identifier/HTTP URL specified')
    return file
  }

  return {
    find,
    peek: (id) => files.get(id),
    add(upload, folder) {
      count += 1
      const uniqueId = createHash('sha256').update(upload.bytes).digest('base64url').slice(0, 16)
      const path = `${folder}/file_${count}${extname(upload.name).toLowerCase()}`
      const file = { id: `EMU${count}-${uniqueId}`, uniqueId, name: upload.name, type: upload.type, bytes: upload.bytes, path }
      files.set(file.id, file)
      total += upload.bytes.length
      for (const old of files.values()) {
        if (total <= maxBytes || old === file) break
        files.delete(old.id)
        total -= old.bytes.length
      }
      return file
    },
    findPath(path) {
      const file = [...files.values()].find((stored) => stored.path === path)
      const expired = file?.linkedAt === undefined || clock.now() - file.linkedAt > LIMITS.fileLinkMs
      return expired ? undefined : file
    },
    link(id) {
      const file = find(id)
      if (file.bytes.length > LIMITS.downloadBytes) throw badRequest('limit', 'file is too big')
      file.linkedAt = clock.now()
      return file
    },
  }
}
