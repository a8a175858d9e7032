import type { Turn } from './turn.ts'

/** What files that were sent hold, by Telegram's id; null when Telegram gives it no more. */
export type FetchedFiles = ReadonlyMap<string, Buffer | null>

/** The turn cannot go on without a file: it is given up, the file is fetched outside of any transaction, and the turn is taken anew. */
export class FileWanted extends Error {
  readonly fileId: string

  constructor(fileId: string) {
    super('a file has to be fetched first')
    this.name = 'FileWanted'
    this.fileId = fileId
  }
}

/** @throws FileWanted when it has not been fetched yet */
export function contentOf(turn: Turn, fileId: string): Buffer | null {
  const content = turn.files.get(fileId)
  if (content === undefined) throw new FileWanted(fileId)
  return content
}
