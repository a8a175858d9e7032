/**
 * Answers that the page itself asked for while the app's scripts were still on their way (app.html): path with query -> answer on its way.
 * Each is taken over once, by the first request of the same path; a later one is asked for as usual.
 */
const early: Map<string, Promise<Response>> = (globalThis as { voronkaEarly?: Map<string, Promise<Response>> }).voronkaEarly ??
new Map()

export function takeEarly(path: string): Promise<Response> | undefined {
  const answer = early.get(path)
  early.delete(path)
  return answer
}
