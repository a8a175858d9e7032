import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import adapterStatic from '@sveltejs/adapter-static'
import type { Adapter } from '@sveltejs/kit'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

const buildFolder = fileURLToPath(new URL('build', import.meta.url))

/**
 * The static adapter, then `build/csp.json`: `{ "scriptHashes": ["'sha256-…'"] }`, one for every inline script of the page,
 * so that the server's Content-Security-Policy can allow exactly these.
 */
function staticWithScriptHashes(): Adapter {
  const inner = adapterStatic({ pages: buildFolder, assets: buildFolder, fallback: '200.html', precompress: true })
  return {
    name: 'static-with-script-hashes',
    async adapt(builder) {
      await inner.adapt(builder)
      const html = await readFile(`${buildFolder}/200.html`, 'utf8')
      const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? '')
      const scriptHashes = scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
      await writeFile(`${buildFolder}/csp.json`, `${JSON.stringify({ scriptHashes }, null, 2)}\n`)
    },
  }
}

export default defineConfig({
  plugins: [sveltekit({ adapter: staticWithScriptHashes(), compilerOptions: { runes: true } })],
  build: { target: 'es2022' },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' }, fs: { allow: ['..'] } },
})
