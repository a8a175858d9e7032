import adapterStatic from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapterStatic({ fallback: '200.html', precompress: true }),
      compilerOptions: { runes: true },
    }),
  ],
  build: { target: 'es2022' },
  environments: {
    client: {
      build: {
        // The parts that every screen needs go together: forty small files would each cost a round trip on a phone.
        rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'base', test: /pwa\/src\/lib\/(ui\/|[^/]+$)/ }] } } },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' }, fs: { allow: ['..'] } },
})
