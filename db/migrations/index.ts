import { Foundation } from './0001-foundation.ts'

/** In the order they run; a name never changes once it has been released. */
export const migrations = [{ name: '0001-foundation', class: Foundation }]
