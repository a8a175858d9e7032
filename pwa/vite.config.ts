import adapterStatic from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'
import { compiledMessages } from './compiled-messages.ts'
import { screenParts } from './screen-parts.ts'

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapterStatic({ fallback: '200.html', precompress: true }),
      compilerOptions: { runes: true },
    }),
    compiledMessages(),
    screenParts(),
  ],
  build: { target: 'es2022' },
  environments: {
    client: {
      build: {
        // What every screen needs goes together, and so does what the funnel needs: each small file would cost a round trip on a phone.
        rolldownOptions: {
          output: {
            codeSplitting: {
              groups: [
                {
                  name: 'base',
                  test: /pwa\/src\/(lib\/(ui\/)?|routes\/)[^/]+$|\/client-optimized\/nodes\/[01]\.js$/,
                  priority: 2,
                },
                { name: 'funnel', test: /pwa\/src\/(lib|routes)\/funnel\/[^/]+$/, priority: 1 },
              ],
            },
          },
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' }, fs: { allow: ['..'] } },
})
