import schemaFile from './schema.json' with { type: 'json' }

/**
 * A type of the Bot API. A word is a primitive (`string`, `number`, `boolean`, `file`) or, with `@`, a named type;
 * `['[]', T]` is a list, `['|', ...]` one of several, `['=', ...]` one of these values; an object lists its fields, a name ending
 * in `?` is optional.
 */
export type TypeShape = string | ['[]', TypeShape] | ['|', ...TypeShape[]] | ['=', ...(string | number | boolean)[]] | ObjectShape
export type ObjectShape = { [field: string]: TypeShape }
export type ApiSchema = { typings: string; methods: Record<string, ObjectShape>; types: Record<string, TypeShape> }

export const apiSchema = schemaFile as unknown as ApiSchema

const canonicalNames = new Map(Object.keys(apiSchema.methods).map((name) => [name.toLowerCase(), name]))

/** @returns the method's name as documented, whatever case it was called in (the API ignores case), or undefined. */
export function findMethod(name: string): string | undefined {
  return canonicalNames.get(name.toLowerCase())
}

/** @returns the shape of a field, required or not, or undefined when the object has no such field. */
export function fieldShape(shape: ObjectShape, field: string): TypeShape | undefined {
  if (Object.hasOwn(shape, field)) return shape[field]
  return Object.hasOwn(shape, `${field}?`) ? shape[`${field}?`] : undefined
}

/** @returns the shape behind a name; a shape that is not a name is returned as it is. */
export function resolveShape(shape: TypeShape): TypeShape {
  let resolved = shape
  while (typeof resolved === 'string' && resolved.startsWith('@')) resolved = apiSchema.types[resolved.slice(1)]!
  return resolved
}

export function isUnion(shape: TypeShape): shape is ['|', ...TypeShape[]] {
  return Array.isArray(shape) && shape[0] === '|'
}

export function isList(shape: TypeShape): shape is ['[]', TypeShape] {
  return Array.isArray(shape) && shape[0] === '[]'
}

export function isLiteral(shape: TypeShape): shape is ['=', ...(string | number | boolean)[]] {
  return Array.isArray(shape) && shape[0] === '='
}
