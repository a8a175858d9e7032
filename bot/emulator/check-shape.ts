import { fieldShape, isList, isLiteral, isUnion, type ObjectShape, resolveShape, type TypeShape } from './schema.ts'
import { UploadedFile } from './uploaded-file.ts'

// The typings have one word for every number; these few are fractions, every other number is whole.
const FRACTIONS = new Set([
  'latitude',
  'longitude',
  'horizontal_accuracy',
  'x_shift',
  'y_shift',
  'scale',
  'main_frame_timestamp',
  'x_percentage',
  'y_percentage',
  'width_percentage',
  'height_percentage',
  'rotation_angle',
  'corner_radius_percentage',
  'temperature',
])

/**
 * Compares a value with a type of the schema; objects are closed: a field the type does not have is a problem.
 * @param path where the value stands, for the problem texts; its last word names the field
 * @returns problems in reading order, empty when the value fits
 */
export function checkShape(shape: TypeShape, value: unknown, path: string): string[] {
  const resolved = resolveShape(shape)
  if (isUnion(resolved)) return checkUnion(resolved, value, path)
  if (isList(resolved)) {
    if (!Array.isArray(value)) return [`${path} must be a list`]
    return value.flatMap((item, index) => checkShape(resolved[1], item, `${path}[${index}]`))
  }
  if (isLiteral(resolved)) return resolved.slice(1).includes(value as string) ? [] : [`${path} must be ${listValues(resolved)}`]
  if (typeof resolved === 'string') return checkPrimitive(resolved, value, path)
  return checkObject(resolved, value, path)
}

/** The same for the fields of one object; `path` may be empty for the parameters of a method. */
export function checkObject(shape: ObjectShape, value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof UploadedFile) {
    return [`${path} must be an object`]
  }
  const at = (field: string) => (path === '' ? field : `${path}.${field}`)
  const record = value as Record<string, unknown>
  const problems: string[] = []
  for (const [key, ownShape] of Object.entries(shape)) {
    const optional = key.endsWith('?')
    const field = optional ? key.slice(0, -1) : key
    if (!Object.hasOwn(record, field) || record[field] === undefined) {
      if (!optional) problems.push(`${at(field)} is required`)
    } else problems.push(...checkShape(ownShape, record[field], at(field)))
  }
  for (const field of Object.keys(record)) {
    if (fieldShape(shape, field) === undefined) problems.push(`${at(field)} is not a known field`)
  }
  return problems
}

function checkUnion(shape: ['|', ...TypeShape[]], value: unknown, path: string): string[] {
  let nearest: string[] | undefined
  for (const part of shape.slice(1) as TypeShape[]) {
    const problems = checkShape(part, value, path)
    if (problems.length === 0) return []
    if (nearest === undefined || distance(problems, path) < distance(nearest, path)) nearest = problems
  }
  return nearest ?? []
}

/** How far a value is from a branch of a union: a wrong field of its own weighs more than any number of problems further inside. */
function distance(problems: string[], path: string): number {
  const own = problems.filter((problem) => /^\.?\w* /.test(problem.slice(path.length)))
  return own.length * 1000 + problems.length
}

function checkPrimitive(word: string, value: unknown, path: string): string[] {
  if (word === 'file') return value instanceof UploadedFile ? [] : [`${path} must be an uploaded file`]
  if (typeof value !== word) return [`${path} must be a ${word}`]
  if (word !== 'number') return []
  const field = path.slice(path.lastIndexOf('.') + 1)
  if (FRACTIONS.has(field)) return Number.isFinite(value) ? [] : [`${path} must be a finite number`]
  return Number.isSafeInteger(value) ? [] : [`${path} must be a whole number`]
}

function listValues(shape: ['=', ...(string | number | boolean)[]]): string {
  const values = shape.slice(1).map((value) => JSON.stringify(value))
  return values.length === 1 ? values[0]! : `one of ${values.join(', ')}`
}
