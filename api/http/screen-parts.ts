import { join } from 'node:path'
import { followFile } from './follow-file.ts'

/** Pattern of a screen's address, such as `/deals/[number]` -> paths of its scripts and styles, as the app's build wrote them. */
type ScreenParts = Readonly<Record<string, readonly string[]>>

/**
 * Reads what each screen of the built app needs.
 * Out: address of a page -> value of the header `Link` that has the browser fetch those files at once; empty for an unknown screen.
 */
export function readScreenParts(appFolder: string): (path: string) => string {
  const screens = followFile(join(appFolder, '_app/screen-parts.json'), (text) => linksByPattern(JSON.parse(text)), [])
  return (path) => screens().find(({ pattern }) => pattern.test(path))?.links ?? ''
}

type Screen = { readonly pattern: RegExp; readonly links: string }

/** Fixed addresses come before those with parameters, as in the app's own router. */
function linksByPattern(screens: ScreenParts): readonly Screen[] {
  const fixedFirst = Object.entries(screens).sort(([a], [b]) => Number(a.includes('[')) - Number(b.includes('[')))
  return fixedFirst
    .filter(([screen]) => !screen.includes('[...'))
    .map(([screen, files]) => ({
      pattern: new RegExp(`^${screen.replaceAll(/\[\w+\]/g, '[^/]+')}/?$`),
      links: files.map(linkTo).join(', '),
    }))
}

function linkTo(file: string): string {
  return `<${file}>; rel=${file.endsWith('.css') ? 'preload; as=style' : 'modulepreload'}`
}
