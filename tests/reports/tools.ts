import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import ExcelJS from 'exceljs'

/** Programs that look at files as a reader would. They are not of the product: without them a test is skipped, loudly. */
const run = promisify(execFile)

function isThere(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** @returns true when the test was skipped. @throws when REQUIRE_BROWSER=1 and the program is missing */
export function skipWithout(test: TestContext, program: 'pdftotext' | 'pdftoppm' | 'pdfinfo' | 'soffice'): boolean {
  if (isThere(program)) return false
  if (process.env['REQUIRE_BROWSER'] === '1') throw new Error(`REQUIRE_BROWSER=1, but ${program} was not found.`)
  console.warn(`\n*** ${program} NOT FOUND: "${test.name}" is SKIPPED. ***\n`)
  test.skip(`${program} is missing`)
  return true
}

async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'voronka-report-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Text of a PDF, in lines as printed; NBSP as spaces. */
export function readPdfText(bytes: Uint8Array): Promise<string> {
  return inFolder(async (folder) => {
    const path = join(folder, 'a.pdf')
    await writeFile(path, bytes)
    const { stdout } = await run('pdftotext', ['-layout', path, '-'])
    return stdout.replaceAll('\u00a0', ' ')
  })
}

export async function readPdfInfo(bytes: Uint8Array): Promise<string> {
  return inFolder(async (folder) => {
    const path = join(folder, 'a.pdf')
    await writeFile(path, bytes)
    return (await run('pdfinfo', [path])).stdout
  })
}

/** A page as grey pixels, 0 black to 255 white, at 1 px = 1 u (96 dpi). */
export type Grey = { readonly width: number; readonly height: number; at(x: number, y: number): number }

export function renderPage(bytes: Uint8Array, page = 1): Promise<Grey> {
  return inFolder(async (folder) => {
    const path = join(folder, 'a.pdf')
    await writeFile(path, bytes)
    const number = String(page)
    await run('pdftoppm', ['-gray', '-r', '96', '-f', number, '-l', number, '-singlefile', path, join(folder, 'page')])
    return readPgm(await readFile(join(folder, 'page.pgm')))
  })
}

function readPgm(file: Buffer): Grey {
  const [, size] = /^P5\s+(\d+\s+\d+)\s+255\s/.exec(file.subarray(0, 40).toString('latin1'))!
  const [width, height] = size!.split(/\s+/).map(Number) as [number, number]
  const pixels = file.subarray(file.length - width * height)
  return { width, height, at: (x, y) => pixels[Math.round(y) * width + Math.round(x)]! }
}

/** Number of dark pixels in a box. */
export function countInk(grey: Grey, box: { x: number; y: number; w: number; h: number }, darker = 160): number {
  let ink = 0
  for (let y = box.y; y < box.y + box.h; y++) for (let x = box.x; x < box.x + box.w; x++) if (grey.at(x, y) < darker) ink++
  return ink
}

/** The workbook without the results that its formulas carry, so that nothing is left but to calculate them. */
async function withoutResults(bytes: Uint8Array): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.load(Buffer.from(bytes) as unknown as ArrayBuffer)
  for (const sheet of workbook.worksheets) {
    sheet.eachRow((row) =>
      row.eachCell((cell) => {
        if (cell.formula) cell.value = { formula: cell.formula } as ExcelJS.CellFormulaValue
      }),
    )
  }
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

/** Has LibreOffice calculate every formula of a workbook, and gives what it saves. */
export async function recalculate(bytes: Uint8Array): Promise<Uint8Array> {
  return saveAgain(await withoutResults(bytes))
}

/** Has LibreOffice open a workbook and save it again. */
export function saveAgain(bytes: Uint8Array): Promise<Uint8Array> {
  return inFolder(async (folder) => {
    const path = join(folder, 'a.xlsx')
    await writeFile(path, bytes)
    const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`
    await run('soffice', [profile, '--headless', '--convert-to', 'xlsx', '--outdir', join(folder, 'out'), path])
    return readFile(join(folder, 'out', 'a.xlsx'))
  })
}
