import { sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from '@formatjs/icu-messageformat-parser'
import type { Plugin } from 'vite'

const withoutParser = '@formatjs/icu-messageformat-parser/no-parser.js'

/**
 * Parses the ICU messages of `shared/messages/{ru,en}` while the app is built: a phone then neither loads the parser nor runs it.
 * Plain texts stay as they are; the others become what `intl-messageformat` takes in place of a text.
 */
export function compiledMessages(): Plugin {
  return {
    name: 'voronka-compiled-messages',
    enforce: 'pre',
    apply: 'build',
    resolveId: {
      filter: { id: /^@formatjs\/icu-messageformat-parser$/ },
      handler(_, importer) {
        return this.resolve(withoutParser, importer)
      },
    },
    async transform(_, id) {
      if (!/\/shared\/messages\/(ru|en)\/[\w-]+\.ts$/.test(id.replaceAll(sep, '/'))) return null
      const catalogues: Record<string, Record<string, string>> = await import(pathToFileURL(id).href)
      const lines = Object.entries(catalogues).map(([name, texts]) => `export const ${name} = ${JSON.stringify(compile(texts))}`)
      return { code: lines.join('\n'), map: null }
    },
  }
}

function compile(texts: Readonly<Record<string, string>>): Record<string, unknown> {
  const isPlain = (text: string): boolean => !text.includes('{') && !text.includes("'")
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, isPlain(text) ? text : parse(text, { ignoreTag: true })]),
  )
}
