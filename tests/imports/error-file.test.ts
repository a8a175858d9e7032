import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { createErrorFile, csvCell } from '../../api/imports/error-file.ts'
import { parseMoney } from '../../shared/domain/import-values.ts'
import { freshPath, readAll } from './table-files.ts'

const FORM = { header: ['Название', 'Сумма'], titles: { row: 'Строка', reason: 'Причина' } }

test('refused rows are written with their row, reason and cells, for a spreadsheet to open', async () => {
  const path = freshPath('errors.csv')
  const file = await createErrorFile(path, FORM)
  await file.write({ rowNumber: 7, reason: 'Сумма не читается; проверьте', cells: ['ООО "Ромашка"', '1 2345'] })
  await file.write({ rowNumber: 9, reason: 'Нет клиента', cells: ['=HYPERLINK("http://x")', -5] })
  assert.equal(await file.close(), 2)
  assert.equal(
    readFileSync(path, 'utf8'),
    '\ufeffСтрока;Причина;Название;Сумма\r\n7;"Сумма не читается; проверьте";"ООО ""Ромашка""";1 2345\r\n9;Нет клиента;"\'=HYPERLINK(""http://x"")";-5\r\n',
  )
  await assert.rejects(createErrorFile(path, FORM), { code: 'EEXIST' })
})

test('no cell of the file can be run as a formula', () => {
  for (const start of ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
    assert.match(csvCell(`${start}1+1`, ';'), /^"?'/, JSON.stringify(start))
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(';', ',', '\t'), (text, separator) => {
      assert.doesNotMatch(csvCell(text, separator), /^"?[=+\-@\t\r\n＝＋－＠]/)
    }),
  )
})

test('the file can be mended and imported again, with the same cells', async () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', 'я', '"', ';', ',', '\n', '\r\n', '=', '-', ' ', '😀', '\t'),
    maxLength: 5,
  })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async (rows) => {
      const path = freshPath()
      const file = await createErrorFile(path, FORM)
      for (const [i, cells] of rows.entries()) await file.write({ rowNumber: i + 2, reason: 'нет', cells })
      await file.close()
      const read = await readAll(path)
      const withoutMark = (text: unknown) => String(text).replace(/^'(?=[=+\-@\t\r\n])/, '')
      assert.deepEqual(
        read.cells.map((cells) => cells.slice(2).map(withoutMark)),
        rows,
      )
    }),
    { numRuns: 100 },
  )
  assert.deepEqual(parseMoney("'-500", { decimal: '.' }), { ok: true, value: { amountMinor: -50000, currency: null } })
})
