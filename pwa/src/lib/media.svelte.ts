import { MediaQuery } from 'svelte/reactivity'

/** Wide enough for the drill-down to stand beside the funnel. */
export const besideQuery = new MediaQuery('(min-width: 1100px)')
/** Wide enough for all five slices as chips. */
export const desktopQuery = new MediaQuery('(min-width: 900px)')
