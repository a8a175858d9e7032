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
      const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
      // The router imports a node for each layout and page, which imports the route's own files.
      const nodeOf = new Map(
        chunks.flatMap(({ facadeModuleId, fileName }) =>
          /\/client-optimized\/nodes\/\d+\.js$/.test(slashed(facadeModuleId ?? ''))
            ? (this.getModuleInfo(facadeModuleId!)?.importedIds ?? []).map((id) => [routeFileOf(id), fileName] as const)
            : [],
        ),
      )
      // The texts of the frame; which language is known only later, and they are small.
      const texts = chunks.filter(({ moduleIds }) =>
        moduleIds.some((id) => /\/shared\/messages\/(ru|en)\/app\.ts$/.test(slashed(id))),
      )
      const screens: Record<string, string[]> = {}
      for (const file of nodeOf.keys()) {
        const screen = /^(.*)\/\+page\.svelte$/.exec(file ?? '')?.[1]
        if (screen === undefined) continue
        const nodes = new Set(filesOf(screen).flatMap((name) => nodeOf.get(name) ?? []))
        screens[screen || '/'] = withImports([...nodes, ...texts.map((chunk) => chunk.fileName)], byFile)
      }
      this.emitFile({ type: 'asset', fileName: '_app/screen-parts.json', source: JSON.stringify(screens) })
    },
  }
}

type Chunk = { readonly imports: readonly string[]; readonly viteMetadata?: { readonly importedCss: ReadonlySet<string> } }

/** `…/src/routes/deals/+page.svelte` -> `/deals/+page.svelte`; undefined for what is no route file. */
function routeFileOf(id: string): string | undefined {
  return /\/src\/routes((?:\/[^/]+)*\/\+(?:page|layout)\.(?:svelte|ts))$/.exec(slashed(id))?.[1]
}

function slashed(id: string): string {
  return id.replaceAll(sep, '/')
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
