import { badRequest } from './refusal.ts'
import { UploadedFile } from './uploaded-file.ts'

export type FormFields = Map<string, string | UploadedFile>

const LINE_END = '\r\n'

/**
 * Reads a multipart/form-data body. Strict: an unknown part header, a name given twice or a body without its end is refused, so that
 * a file name that breaks out of its header does not pass unseen.
 * @param contentType the header of the request, with its boundary
 * @throws Refusal 400
 */
export function parseMultipart(body: Buffer, contentType: string): FormFields {
  const match = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  if (!match) throw badRequest('schema', 'multipart body without boundary')
  const delimiter = Buffer.from(`--${match[1] ?? match[2]}`)
  const fields: FormFields = new Map()
  let start = body.indexOf(delimiter)
  if (start < 0) throw badRequest('schema', 'multipart body does not begin with its boundary')
  for (;;) {
    start += delimiter.length
    if (body.toString('latin1', start, start + 2) === '--') return fields
    const end = body.indexOf(Buffer.concat([Buffer.from(LINE_END), delimiter]), start)
    if (end < 0) throw badRequest('schema', 'multipart body ends before its last boundary')
    addPart(fields, body.subarray(start + 2, end))
    start = end + 2
  }
}

function addPart(fields: FormFields, part: Buffer): void {
  const headEnd = part.indexOf(LINE_END + LINE_END)
  if (headEnd < 0) throw badRequest('schema', 'multipart part without headers')
  const headers = readHeaders(part.toString('utf8', 0, headEnd))
  const disposition = headers.get('content-disposition') ?? ''
  const match = /^form-data; name="([^"]*)"(?:; filename="([^"]*)")?(?:; filename\*=[^;]+)?$/i.exec(disposition)
  if (!match) throw badRequest('schema', `malformed Content-Disposition: ${disposition}`)
  const [, name, fileName] = match
  if (fields.has(name!)) throw badRequest('schema', `part "${name}" is given twice`)
  const content = part.subarray(headEnd + 4)
  const type = headers.get('content-type') ?? 'application/octet-stream'
  const isFile = fileName !== undefined
  fields.set(name!, isFile ? new UploadedFile(fileName, type, Buffer.from(content)) : content.toString('utf8'))
}

function readHeaders(head: string): Map<string, string> {
  const headers = new Map<string, string>()
  for (const line of head.split(LINE_END)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trim().toLowerCase()
    if (colon < 1 || !/^content-[a-z-]+$/.test(name)) throw badRequest('schema', `unexpected multipart header: ${line}`)
    headers.set(name, line.slice(colon + 1).trim())
  }
  return headers
}
