import { t } from './messages.ts'
import { toasts } from './toasts.svelte.ts'

/** Offers the new version once the browser has it ready; the page is reloaded only when the person says so. @returns stops watching. */
export function watchForUpdate(): () => void {
  const workers = navigator.serviceWorker
  if (!workers) return () => {}
  const stop = new AbortController()
  let accepted = false
  const offer = (waiting: ServiceWorker): void => {
    toasts.show(t('update.ready'), {
      action: {
        label: t('update.apply'),
        run: () => {
          accepted = true
          waiting.postMessage('take-over')
        },
      },
    })
  }
  const watch = (registration: ServiceWorkerRegistration): void => {
    if (registration.waiting && workers.controller) offer(registration.waiting)
    registration.addEventListener(
      'updatefound',
      () => {
        const fresh = registration.installing
        fresh?.addEventListener('statechange', () => {
          if (fresh.state === 'installed' && workers.controller) offer(fresh)
        })
      },
      { signal: stop.signal },
    )
  }
  workers.addEventListener('controllerchange', () => accepted && location.reload(), { signal: stop.signal })
  void workers.ready.then(watch)
  return () => stop.abort()
}
