import { checkObject, checkShape } from './check-shape.ts'
import { parseMultipart } from './multipart.ts'
import { badRequest } from './refusal.ts'
import { apiSchema, fieldShape, isLiteral, isUnion, resolveShape, type TypeShape } from './schema.ts'
import { UploadedFile } from './uploaded-file.ts'

export type Parameters = Record<string, unknown>
export type RawRequest = { method: string; contentType: string; query: URLSearchParams; body: Buffer }

// Telegram's own words for the two parameters that are forgotten most often.
const MISSING: Record<string, string> = { 'chat_id is required': 'chat_id is empty', 'text is required': 'message text is empty' }

/**
 * Reads the parameters of a call from query, JSON, form or multipart, turns form texts into the types of the schema and checks all.
 * @param request `method` in its documented spelling
 * @returns typed parameters; uploaded files stand where they belong, `attach://` references included
 * @throws Refusal 400 naming every problem
 */
export function readParameters(request: RawRequest): Parameters {
  const shape = apiSchema.methods[request.method]!
  const { raw, files, textual } = readRaw(request)
  delete raw['method'] // some clients name the method in the body as well
  const parameters: Parameters = {}
  const used = new Set<string>()
  for (const [field, value] of Object.entries(raw)) {
    const known = fieldShape(shape, field)
    const typed = known === undefined ? value : coerce(known, value, textual)
    parameters[field] = files.size > 0 ? attachFiles(typed, files, used) : typed
  }
  for (const [name, file] of files) {
    if (used.has(name)) continue
    if (name in parameters) throw badRequest('schema', `${name} is given twice`)
    parameters[name] = file
  }
  const problems = checkObject(shape, parameters, '')
  if (problems.length > 0) throw badRequest('schema', problems.map((problem) => MISSING[problem] ?? problem).join('; '))
  return parameters
}

function readRaw(request: RawRequest): { raw: Parameters; files: Map<string, UploadedFile>; textual: boolean } {
  const raw: Parameters = Object.fromEntries(request.query)
  const files = new Map<string, UploadedFile>()
  const type = request.contentType.split(';')[0]!.trim().toLowerCase()
  if (request.body.length === 0 || type === '') return { raw, files, textual: true }
  if (type === 'application/json') return { raw: { ...raw, ...readJson(request.body) }, files, textual: false }
  if (type === 'application/x-www-form-urlencoded') {
    return { raw: { ...raw, ...Object.fromEntries(new URLSearchParams(request.body.toString('utf8'))) }, files, textual: true }
  }
  if (type !== 'multipart/form-data') throw badRequest('schema', `unsupported Content-Type ${type}`)
  for (const [name, value] of parseMultipart(request.body, request.contentType)) {
    if (value instanceof UploadedFile) files.set(name, value)
    else raw[name] = value
  }
  return { raw, files, textual: true }
}

function readJson(body: Buffer): Parameters {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    throw badRequest('schema', "can't parse JSON object")
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badRequest('schema', 'a JSON object is expected')
  return value as Parameters
}

/** Form fields are texts; an object or list may be a JSON text in any encoding of the request. */
function coerce(shape: TypeShape, value: unknown, textual: boolean): unknown {
  if (typeof value !== 'string' || (!textual && checkShape(shape, value, '').length === 0)) return value
  const parts = flatten(shape)
  const structured = parts.some((part) => typeof part === 'object' && !isLiteral(part))
  if (structured && /^\s*[[{]/.test(value)) return parseJsonText(value)
  if (!textual) return value
  if (parts.includes('number') && /^-?\d+(\.\d+)?$/.test(value)) return Number(value)
  const logical = parts.some((part) => part === 'boolean' || (isLiteral(part) && part.includes(true)))
  if (logical && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
  return value
}

function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function flatten(shape: TypeShape): TypeShape[] {
  const resolved = resolveShape(shape)
  return isUnion(resolved) ? (resolved.slice(1) as TypeShape[]).flatMap(flatten) : [resolved]
}

function attachFiles(value: unknown, files: Map<string, UploadedFile>, used: Set<string>): unknown {
  if (typeof value === 'string' && value.startsWith('attach://')) {
    const name = value.slice('attach://'.length)
    const file = files.get(name)
    if (!file) throw badRequest('schema', `file "${name}" is not in the request`)
    used.add(name)
    return file
  }
  if (Array.isArray(value)) return value.map((item) => attachFiles(item, files, used))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, attachFiles(item, files, used)]))
}
