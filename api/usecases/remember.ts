/** Answers that cost much and age slowly, by question; a process keeps so many. */
type Remembered<Answer> = { readonly at: number; readonly answer: Promise<Answer>; renewal: Promise<unknown> | null }

const mostKept = 1_000

/**
 * Gives the same answer to the same question for a while, also to those who ask while it is worked out. One that fails is not kept.
 * @param lastsMs how old an answer may be. @param servesMs one that is older, but not as old as this, is given once more while it is worked out anew
 */
export function rememberFor<Answer>(
  lastsMs: number,
  servesMs = lastsMs,
): (question: string, now: Date, work: () => Promise<Answer>) => Promise<Answer> {
  const kept = new Map<string, Remembered<Answer>>()
  const keep = (question: string, at: number, answer: Promise<Answer>) => {
    const remembered = { at, answer, renewal: null }
    kept.delete(question)
    kept.set(question, remembered)
    answer.catch(() => kept.get(question) === remembered && kept.delete(question))
    for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - mostKept))) kept.delete(oldest)
    return answer
  }
  return (question, now, work) => {
    const found = kept.get(question)
    const age = found ? Math.abs(now.getTime() - found.at) : Number.POSITIVE_INFINITY
    if (!found || age >= Math.max(lastsMs, servesMs)) return keep(question, now.getTime(), work())
    if (age >= lastsMs && !found.renewal)
      found.renewal = work().then(
        (answer) => keep(question, now.getTime(), Promise.resolve(answer)),
        // The next one who asks tries again.
        () => (found.renewal = null),
      )
    return found.answer
  }
}
