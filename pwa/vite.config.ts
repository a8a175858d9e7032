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
  server: { proxy: { '/api': 'http://127.0.0.1:8080' }, fs: { allow: ['..'] } },
})
