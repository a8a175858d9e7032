import { closeSync, copyFileSync, openSync, readFileSync, renameSync, statSync, truncateSync } from 'node:fs'

const limitBytes = 5 * 1024 * 1024
const lookEveryMs = 10 * 60 * 1000

/** The log of the database server: never more than about 5 MB, and one older part of that size beside it (`.1`). */
export interface ServerLog {
  /** Open for appending; the server inherits it. */
  readonly descriptor: number
  /** Closes our side of it. */
  close(): void
  /** The last complaint since it was opened, for the operator. */
  lastWords(): string
}

/** In: the path of the log, made when missing, readable by its owner only. */
export function openServerLog(path: string): ServerLog {
  if (sizeOf(path) > limitBytes) renameSync(path, `${path}.1`)
  const from = sizeOf(path)
  const descriptor = openSync(path, 'a', 0o600)
  return {
    descriptor,
    close: () => closeSync(descriptor),
    lastWords: () => findComplaint(readFileSync(path).subarray(from).toString('utf8')),
  }
}

/** Looks after the size while a server writes: what it appends after the cut begins at the start again. Out: how to end that. */
export function keepLogSmall(path: string): () => void {
  const timer = setInterval(() => cutLog(path), lookEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** Moves a log that is too long aside, under the server's pen. Lines written in the same instant may be lost. */
export function cutLog(path: string): void {
  if (sizeOf(path) <= limitBytes) return
  copyFileSync(path, `${path}.1`)
  truncateSync(path)
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function findComplaint(text: string): string {
  const lines = text.split('\n')
  const isCause = (line: string) =>
    /FATAL|PANIC|ERROR|error while loading/.test(line) && !/is starting up|recovery|not yet accepting/.test(line)
  const line = lines.findLast(isCause) ?? lines.findLast((line) => line.trim() !== '')
  return line?.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, '') ?? 'it says nothing'
}
