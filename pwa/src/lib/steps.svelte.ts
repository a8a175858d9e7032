/**
 * Lets a screen be built in steps, each in a task of its own, so that a tap or a scroll never waits for the whole of it on a slow phone.
 * Call it while a component is being set up. `done` grows from 0 to `count`, one by one, from the moment `isReady` holds; it never falls.
 */
export function createSteps(count: number, isReady: () => boolean = () => true): { readonly done: number } {
  let done = $state(0)
  $effect(() => {
    if (done >= count || !isReady()) return
    const timer = setTimeout(() => done++)
    return () => clearTimeout(timer)
  })
  return {
    get done() {
      return done
    },
  }
}
