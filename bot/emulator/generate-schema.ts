import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import type { ApiSchema, ObjectShape, TypeShape } from './schema.ts'

const require = createRequire(import.meta.url)
const ENTRY = fileURLToPath(new URL('./schema-entry.ts', import.meta.url))
const SCHEMA_FILE = new URL('./schema.json', import.meta.url)

// The upload type is a parameter of ApiMethods; an interface of our own name marks where a file may stand.
const entryText = (names: readonly string[]) => `import type { ApiMethods } from '@grammyjs/types'
export interface EmulatorFile { readonly emulatorFile: true }
export type Methods = ApiMethods<EmulatorFile>
${names.map((name) => `import type { ${name} } from '@grammyjs/types'\nexport type Root${name} = ${name}\n`).join('')}`

/**
 * Reads the method and type declarations of the installed Bot API typings with the compiler.
 * @returns methods with their parameters, and every named type they reach; keys sorted, so the same input gives the same text.
 * @param roots further types to read, by their names in the typings
 * @throws Error when the declarations do not compile.
 */
export function generateSchema(roots: readonly string[] = []): ApiSchema {
  const program = compileEntry(entryText(roots))
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(ENTRY)!
  const exports = checker.getExportsOfModule(checker.getSymbolAtLocation(source)!)
  const typeOf = (name: string) => checker.getDeclaredTypeOfSymbol(exports.find((symbol) => symbol.name === name)!)
  const reader = createTypeReader(checker, source)
  const methods: ApiSchema['methods'] = {}
  for (const method of typeOf('Methods').getProperties()) {
    const signature = checker.getTypeOfSymbolAtLocation(method, source).getCallSignatures()[0]!
    const argument = signature.getParameters()[0]
    methods[method.name] = argument
      ? reader.objectShape(checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(argument, source)))
      : {}
  }
  for (const root of roots) reader.types[root] = reader.objectShape(typeOf(`Root${root}`))
  const version = JSON.parse(readFileSync(require.resolve('@grammyjs/types/package.json'), 'utf8')).version
  return { typings: `@grammyjs/types ${version}`, methods: sortKeys(methods), types: sortKeys(reader.types) }
}

function compileEntry(text: string): ts.Program {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = (name) => name === ENTRY || fileExists(name)
  host.readFile = (name) => (name === ENTRY ? text : readFile(name))
  host.getSourceFile = (name, language, ...rest) =>
    name === ENTRY ? ts.createSourceFile(name, text, language, true) : getSourceFile(name, language, ...rest)
  const program = ts.createProgram([ENTRY], options, host)
  const problems = program.getSemanticDiagnostics(program.getSourceFile(ENTRY))
  if (problems.length > 0) throw new Error(ts.formatDiagnostics(problems, { ...host, getCanonicalFileName: String }))
  return program
}

type TypeReader = { types: Record<string, TypeShape>; objectShape(type: ts.Type): ObjectShape }

function createTypeReader(checker: ts.TypeChecker, at: ts.Node): TypeReader {
  const types: Record<string, TypeShape> = {}

  function objectShape(type: ts.Type): ObjectShape {
    const shape: ObjectShape = {}
    for (const property of type.getProperties().toSorted((left, right) => compareText(left.name, right.name))) {
      const optional = (property.flags & ts.SymbolFlags.Optional) !== 0
      const valueType = checker.getTypeOfSymbolAtLocation(property, at)
      if (valueType.flags & (ts.TypeFlags.Never | ts.TypeFlags.Undefined)) continue
      shape[optional ? `${property.name}?` : property.name] = shapeOf(
        optional ? checker.getNonNullableType(valueType) : valueType,
      )
    }
    return shape
  }

  function shapeOf(type: ts.Type): TypeShape {
    if (type.flags & ts.TypeFlags.Number) return 'number'
    if (type.flags & ts.TypeFlags.String) return 'string'
    if (type.flags & ts.TypeFlags.Boolean) return 'boolean'
    if (type.isStringLiteral() || type.isNumberLiteral()) return ['=', type.value]
    if (type.flags & ts.TypeFlags.BooleanLiteral) return ['=', checker.typeToString(type) === 'true']
    // `string & {}` keeps completion for known values in an editor; for the wire it is a string.
    if (type.isIntersection() && type.types.some((part) => part.flags & ts.TypeFlags.String)) return 'string'
    if (type.symbol?.name === 'EmulatorFile') return 'file'
    if (checker.isArrayType(type)) return ['[]', shapeOf(checker.getTypeArguments(type as ts.TypeReference)[0]!)]
    return namedShape(type)
  }

  function namedShape(type: ts.Type): TypeShape {
    const name = typeName(type)
    if (name === undefined) return type.isUnion() ? unionShape(type) : objectShape(type)
    if (!(name in types)) {
      types[name] = 'string' // holds the place while a type that contains itself is read
      types[name] = type.isUnion() ? unionShape(type) : objectShape(type)
    }
    return `@${name}`
  }

  function unionShape(type: ts.UnionType): TypeShape {
    const parts = type.types.filter((part) => !(part.flags & ts.TypeFlags.Undefined)).map(shapeOf)
    const values = parts.flatMap((part) => (Array.isArray(part) && part[0] === '=' ? part.slice(1) : []))
    const others = parts.filter((part) => !(Array.isArray(part) && part[0] === '=')).map((part) => JSON.stringify(part))
    const kept = [...new Set(others)].sort(compareText).map((part) => JSON.parse(part) as TypeShape)
    if (values.includes(true) && values.includes(false)) kept.unshift('boolean')
    const literals = values.filter((value) => !kept.includes(typeof value))
    if (literals.length > 0) kept.push(['=', ...literals.sort()] as TypeShape)
    return kept.length === 1 ? kept[0]! : ['|', ...kept]
  }

  return { types, objectShape }
}

function typeName(type: ts.Type): string | undefined {
  const symbol = type.aliasSymbol ?? type.symbol
  if (symbol === undefined || symbol.name.startsWith('__')) return undefined
  // Type arguments would make one name mean several shapes; the upload type is the same everywhere.
  const fileOnly = (type.aliasTypeArguments ?? []).every((argument) => argument.symbol?.name === 'EmulatorFile')
  if (!fileOnly) return undefined
  const names = [symbol.name]
  for (let parent = parentOf(symbol); parent && !parent.name.startsWith('"'); parent = parentOf(parent))
    names.unshift(parent.name)
  return names.join('.')
}

function parentOf(symbol: ts.Symbol): ts.Symbol | undefined {
  return (symbol as ts.Symbol & { parent?: ts.Symbol }).parent
}

function sortKeys<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => compareText(left, right)))
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

// node bot/emulator/generate-schema.ts, then npm run format
if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(SCHEMA_FILE, JSON.stringify(generateSchema()))
