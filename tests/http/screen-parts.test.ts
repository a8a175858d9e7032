import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readScreenParts } from '../../api/http/screen-parts.ts'

test('each file of a screen is fetched ahead in the mode in which it will be asked for, so that none comes twice', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'voronka-screen-parts-'))
  context.after(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, '_app'))
  const parts = { '/funnel/[layer]': ['/a/other.css'], '/funnel': ['/a/base.css', '/a/funnel.css', '/a/1.js'] }
  await writeFile(join(folder, '_app/screen-parts.json'), JSON.stringify(parts))
  await writeFile(join(folder, '200.html'), '<link href="/a/1.js" rel="modulepreload"><link href="/a/base.css" rel="stylesheet">')
  const linksOf = readScreenParts(folder)
  assert.deepEqual(linksOf('/funnel').split(', '), [
    // The page itself asks for this one.
    '</a/base.css>; rel=preload; as=style',
    '</a/funnel.css>; rel=preload; as=style; crossorigin',
    '</a/1.js>; rel=modulepreload',
  ])
  assert.equal(linksOf('/funnel/won'), '</a/other.css>; rel=preload; as=style; crossorigin')
  assert.equal(linksOf('/nowhere'), '')
})
