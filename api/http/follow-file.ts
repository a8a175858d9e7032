import { readFileSync, statSync } from 'node:fs'

/**
 * What is made from a file of the built app, made anew when the app has been built anew.
 * @param missing stands for it while there is no such file
 */
export function followFile<Made>(path: string, make: (text: string) => Made, missing: Made): () => Made {
  let readAt = -1
  let made = missing
  return () => {
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: -1 }
    if (mtimeMs !== readAt) {
      made = mtimeMs < 0 ? missing : make(readFileSync(path, 'utf8'))
      readAt = mtimeMs
    }
    return made
  }
}
