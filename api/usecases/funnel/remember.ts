/** Answers that cost much and age slowly, by question; a process keeps a few. */
type Remembered<Answer> = { readonly at: number; readonly answer: Promise<Answer> }

const mostKept = 200

/**
 * Gives the same answer to the same question for a while, also to those who ask while it is worked out. One that fails is not kept.
 * @param lastsMs how old an answer may be
 */
export function rememberFor<Answer>(
  lastsMs: number,
): (question: string, now: Date, work: () => Promise<Answer>) => Promise<Answer> {
  const kept = new Map<string, Remembered<Answer>>()
  return (question, now, work) => {
    const found = kept.get(question)
    if (found && Math.abs(now.getTime() - found.at) < lastsMs) return found.answer
    const answer = work()
    kept.delete(question)
    kept.set(question, { at: now.getTime(), answer })
    answer.catch(() => kept.delete(question))
    for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - mostKept))) kept.delete(oldest)
    return answer
  }
}
