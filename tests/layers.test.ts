import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { dirname, join, normalize, resolve } from 'node:path'
import { test } from 'node:test'

const root = resolve(import.meta.dirname, '..')
/** Parts in the order in which a path is asked; the first that fits is the file's. */
const parts = [
  'shared',
  'db',
  'api/usecases',
  'api/http',
  'api/presenters',
  'api/reports',
  'api/imports',
  'api/jobs',
  'api/lifecycle',
  'api/cli',
  'api',
  'bot',
  'pwa',
] as const
type Part = (typeof parts)[number]

/** Who may import whom (house.md). `api` are the files directly in it: they assemble and may know everything, as does `api/cli`. */
const may: { readonly [P in Part]: readonly (Part | 'types of db' | 'session')[] } = {
  shared: ['shared'],
  db: ['shared', 'db'],
  'api/usecases': ['shared', 'db', 'api/usecases', 'api/reports', 'api/imports', 'session'],
  'api/presenters': ['shared', 'types of db', 'api/usecases', 'api/presenters', 'session'],
  'api/reports': ['shared', 'types of db', 'api/usecases', 'api/presenters', 'api/reports', 'session'],
  'api/imports': ['shared', 'api/imports'],
  'api/http': ['shared', 'db', 'api/usecases', 'api/presenters', 'api/reports', 'api/http', 'session'],
  'api/jobs': [...parts],
  'api/lifecycle': [...parts],
  'api/cli': [...parts],
  api: [...parts],
  bot: ['shared', 'db', 'api/usecases', 'api/presenters', 'api/reports', 'bot', 'session'],
  pwa: ['shared', 'pwa'],
}

type Import = { readonly file: string; readonly to: string; readonly typeOnly: boolean }
const sources = new Map<string, string>()
for await (const file of glob(['{shared,db,api,bot}/**/*.ts', 'pwa/src/**/*.{ts,svelte}'], { cwd: root }))
  sources.set(file, await readFile(join(root, file), 'utf8'))

const partOf = (path: string) => parts.find((part) => path.startsWith(`${part}/`))
const imports: readonly Import[] = [...sources].flatMap(([file, text]) =>
  [...text.matchAll(/(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'"`;()]*?\sfrom\s+)?'([^']+)'|import\(\s*'([^']+)'\s*\)/g)].map(
    ([, typeOnly, given, dynamic]) => ({ file, to: given ?? dynamic ?? '', typeOnly: typeOnly !== undefined }),
  ),
)

test('no part imports one that it must not know', () => {
  const wrong = imports.filter(({ file, to, typeOnly }) => {
    if (!to.startsWith('.')) return false
    const target = normalize(join(dirname(file), to))
    const [from, into] = [partOf(file), partOf(target)]
    if (from === undefined || into === undefined || target === 'pwa') return false
    const allowed = may[from]
    if (into === 'api' && /^api\/session\.ts$/.test(target)) return !allowed.includes('session') && !allowed.includes('api')
    return !allowed.includes(into) && !(into === 'db' && typeOnly && allowed.includes('types of db'))
  })
  assert.deepEqual(
    wrong.map(({ file, to }) => `${file} -> ${to}`),
    [],
  )
})

test('use-cases know nothing of Koa, Telegram or the doors', () => {
  const wrong = imports.filter(({ file, to }) => file.startsWith('api/usecases/') && /koa|telegraf|grammyjs|^node:http/.test(to))
  assert.deepEqual(
    wrong.map(({ file, to }) => `${file} -> ${to}`),
    [],
  )
})

test('what is shared is pure: no Node, no clock, no chance, no world', () => {
  const worldly =
    /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bperformance\.|\bprocess\.(?!ts\b)(?=\w)|\bfetch\(|\bcrypto\.|\bsetTimeout\b|\bglobalThis\b/
  const uses = [...sources].filter(([file, text]) => file.startsWith('shared/') && worldly.test(withoutComments(text)))
  assert.deepEqual(
    uses.map(([file]) => file),
    [],
  )
  const outside = imports.filter(
    ({ file, to }) => file.startsWith('shared/') && !to.startsWith('.') && !/^(zod|intl-messageformat)$/.test(to),
  )
  assert.deepEqual(
    outside.map(({ file, to }) => `${file} -> ${to}`),
    [],
  )
})

test('below the door nobody looks at a clock or throws dice; domain and use-cases get the time told', () => {
  const clock = /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b/
  const uses = [...sources].filter(
    ([file, text]) =>
      /^(api\/usecases|api\/presenters|db\/(queries|entities|seeds))\//.test(file) && clock.test(withoutComments(text)),
  )
  assert.deepEqual(
    uses.map(([file]) => file),
    [],
  )
})

test('the search for imports finds them', () => {
  assert.ok(imports.length > 500 && sources.size > 200, `${imports.length} imports in ${sources.size} files`)
  assert.ok(imports.some(({ file, to }) => file === 'api/main.ts' || to === '../bot/main.ts'))
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}
