/** Last good answers of GET requests, kept over reloads so that screens have something to show without a network. */
export type Kept<Data = unknown> = { readonly data: Data; readonly etag: string | null; readonly at: string }

const memory = new Map<string, Kept>()
const storeName = 'answers'
const maxMemory = 200
let opening: Promise<IDBDatabase | null> | null = null

/** Opens the store once; null where the browser refuses storage (private windows). */
function openStore(): Promise<IDBDatabase | null> {
  opening ??= new Promise((resolve) => {
    const request = indexedDB.open('voronka', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(storeName)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => resolve(null)
    request.onblocked = () => resolve(null)
  })
  return opening
}

async function inStore<Result>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result | undefined> {
  const database = await openStore()
  if (!database) return undefined
  return new Promise((resolve) => {
    const request = act(database.transaction(storeName, mode).objectStore(storeName))
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => resolve(undefined)
  })
}

/** What this page already holds; synchronous, for a first paint without a flicker. */
export function recallNow<Data>(key: string): Kept<Data> | undefined {
  return memory.get(key) as Kept<Data> | undefined
}

export async function recall<Data>(key: string): Promise<Kept<Data> | undefined> {
  return (memory.get(key) ?? (await inStore('readonly', (store) => store.get(key)))) as Kept<Data> | undefined
}

export function keep(key: string, kept: Kept): void {
  memory.delete(key)
  memory.set(key, kept)
  if (memory.size > maxMemory) memory.delete(memory.keys().next().value as string)
  void inStore('readwrite', (store) => store.put(kept, key))
}

/** Forgets everything: on logout, so that the next person at this browser sees nothing of it. */
export async function forgetAll(): Promise<void> {
  memory.clear()
  await inStore('readwrite', (store) => store.clear())
}
