import { sep } from 'node:path'
import type { Plugin } from 'vite'

/**
 * Writes `_app/screen-parts.json` beside the built app: address pattern of each screen -> the scripts and styles it needs, so that the server
 * can name them in the answer to the page itself and the browser fetches them at once, not one layer of imports after the other.
 */
export function screenParts(): Plugin {
  return {
    name: 'voronka-screen-parts',
    applyToEnvironment: (environment) => environment.name === 'client',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((part) => part.type === 'chunk')
      const chunkOf = new Map(chunks.flatMap((chunk) => chunk.moduleIds.map((id) => [routeFileOf(id), chunk] as const)))
      const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
      const screens: Record<string, string[]> = {}
      for (const file of chunkOf.keys()) {
        const screen = /^(.*)\/\+page\.svelte$/.exec(file ?? '')?.[1]
        if (screen === undefined) continue
        const starts = filesOf(screen).flatMap((name) => chunkOf.get(name)?.fileName ?? [])
        screens[screen || '/'] = withImports(starts, byFile)
      }
      this.emitFile({ type: 'asset', fileName: '_app/screen-parts.json', source: JSON.stringify(screens) })
    },
  }
}

type Chunk = { readonly imports: readonly string[]; readonly viteMetadata?: { readonly importedCss: ReadonlySet<string> } }

/** `…/src/routes/deals/+page.svelte` -> `/deals/+page.svelte`; undefined for what is no route file. */
function routeFileOf(id: string): string | undefined {
  return /\/src\/routes((?:\/[^/]+)*\/\+(?:page|layout)\.(?:svelte|ts))$/.exec(id.replaceAll(sep, '/'))?.[1]
}

/** The page of a screen and every layout above it. */
function filesOf(screen: string): string[] {
  const folders = screen.split('/').map((_, index, all) => all.slice(0, index + 1).join('/'))
  const layouts = folders.flatMap((folder) => [`${folder}/+layout.ts`, `${folder}/+layout.svelte`])
  return [...layouts, `${screen}/+page.ts`, `${screen}/+page.svelte`]
}

function withImports(starts: readonly string[], chunks: ReadonlyMap<string, Chunk>): string[] {
  const scripts = new Set<string>()
  const styles = new Set<string>()
  const add = (file: string): void => {
    const chunk = chunks.get(file)
    if (!chunk || scripts.has(file)) return
    scripts.add(file)
    for (const style of chunk.viteMetadata?.importedCss ?? []) styles.add(style)
    for (const imported of chunk.imports) add(imported)
  }
  for (const start of starts) add(start)
  return [...styles, ...scripts].map((file) => `/${file}`)
}
