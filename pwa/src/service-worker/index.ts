import { version } from '$app/env'
import { assets, immutable } from '$app/manifest'
import { self } from '$app/service-worker'

/**
 * Keeps the app itself (not the data) for starting without a network. One cache per build; the old one goes when the new worker takes over.
 * `/api` is never touched: the app keeps its last answers itself and says how old they are.
 */
const cacheName = `voronka-${version}`
const startPage = '/'
const parts = [...immutable, ...assets].map((part) => (part.path.startsWith('/') ? part.path : `/${part.path}`))

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([startPage, ...parts])))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== cacheName) await caches.delete(name)
      await self.clients.claim()
    })(),
  )
})

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting()
})

/** Parts with a name by content come from the cache; pages from the network, and without it the start page, which routes by itself. */
async function answer(request: Request, url: URL): Promise<Response> {
  const cache = await caches.open(cacheName)
  if (request.mode === 'navigate') {
    try {
      return await fetch(request)
    } catch (failure) {
      const kept = await cache.match(startPage)
      if (kept) return kept
      throw failure
    }
  }
  return (await cache.match(url.pathname)) ?? fetch(request)
}

/** Paths that belong to the server. */
const notOurs = /^\/(api|telegram|chat|shared|healthz|readyz|metrics)(\/|$)/

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== self.location.origin || notOurs.test(url.pathname)) return
  if (event.request.mode !== 'navigate' && !parts.includes(url.pathname)) return
  event.respondWith(answer(event.request, url))
})
