import { join } from 'node:path'
import { followFile } from './follow-file.ts'

/** Pattern of a screen's address, such as `/deals/[number]` -> paths of its scripts and styles, as the app's build wrote them. */
type ScreenParts = Readonly<Record<string, readonly string[]>>

/**
 * Reads what each screen of the built app needs.
 * Out: address of a page -> value of the header `Link` that has the browser fetch those files at once; empty for an unknown screen.
 */
export function readScreenParts(appFolder: string): (path: string) => string {
  const screens = followFile(join(appFolder, '_app/screen-parts.json'), (text) => filesByPattern(JSON.parse(text)), [])
  const pageStyles = followFile(join(appFolder, '200.html'), stylesOf, new Set<string>())
  return (path) => {
    const named = pageStyles()
    const files = screens().find(({ pattern }) => pattern.test(path))?.files ?? []
    return files.map((file) => linkTo(file, named)).join(', ')
  }
}

type Screen = { readonly pattern: RegExp; readonly files: readonly string[] }

/** Fixed addresses come before those with parameters, as in the app's own router. */
function filesByPattern(screens: ScreenParts): readonly Screen[] {
  const fixedFirst = Object.entries(screens).sort(([a], [b]) => Number(a.includes('[')) - Number(b.includes('[')))
  return fixedFirst
    .filter(([screen]) => !screen.includes('[...'))
    .map(([screen, files]) => ({ pattern: new RegExp(`^${screen.replaceAll(/\[\w+\]/g, '[^/]+')}/?$`), files }))
}

/** Styles that the page itself asks for, in the plain mode. */
function stylesOf(page: string): ReadonlySet<string> {
  const links = [...page.matchAll(/<link\s[^>]*>/g)].map(([link]) => link)
  const plain = links.filter((link) => /\brel="stylesheet"/.test(link) && !/\bcrossorigin\b/.test(link))
  return new Set(plain.flatMap((link) => /\bhref="([^"]+)"/.exec(link)?.[1] ?? []))
}

/** The other styles the app asks for by script, with `crossorigin`: fetched ahead in another mode than they are used in, a file comes twice. */
function linkTo(file: string, pageStyles: ReadonlySet<string>): string {
  if (!file.endsWith('.css')) return `<${file}>; rel=modulepreload`
  return `<${file}>; rel=preload; as=style${pageStyles.has(file) ? '' : '; crossorigin'}`
}
