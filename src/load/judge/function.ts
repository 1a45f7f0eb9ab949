import type { CreateFunctionStmt, Node } from 'libpg-query'
import { NotCarried, type Scope } from './scope.ts'
import type { Verdict } from './verdict.ts'

/** Parameters that a function may set while it runs. */
const HARMLESS_SETTINGS = new Set([
  'search_path',
  'datestyle',
  'timezone',
  'statement_timeout',
  'client_min_messages',
])

const ATTRIBUTES = new Set([
  'language',
  'as',
  'volatility',
  'strict',
  'leakproof',
  'cost',
  'rows',
  'parallel',
  'window',
  'security',
  'set',
])

/**
 * CREATE FUNCTION in SQL or PL/pgSQL. Its text is sent as it stands, because nothing runs it at load; a function that
 * would run with its owner's rights, is written in another language, or bears the name of a function of the server
 * (so that a call of ours could meet it, CVE-2018-1058) is not made.
 */
export function judgeFunction(
  stmt: CreateFunctionStmt,
  text: string,
  scope: Scope,
  serverFunctions: ReadonlySet<string>,
): Verdict[] {
  const target = scope.named(stmt.funcname)
  let language = 'sql'
  for (const node of stmt.options ?? []) {
    if (!('DefElem' in node)) throw new NotCarried('the function has a part of no known form')
    const { defname = '', arg } = node.DefElem
    if (!ATTRIBUTES.has(defname)) throw new NotCarried(`the function has the attribute ${defname}`)
    if (defname === 'language') language = stringOf(arg).toLowerCase()
    if (defname === 'security' && isTrue(arg))
      throw new NotCarried('the function runs with its owner’s rights', 'severe')
    if (defname === 'set') {
      const setting = arg && 'VariableSetStmt' in arg ? (arg.VariableSetStmt.name ?? '') : ''
      if (!HARMLESS_SETTINGS.has(setting.toLowerCase()))
        throw new NotCarried(`the function sets ${setting || 'a parameter'}`, 'severe')
    }
    if (defname === 'leakproof' && isTrue(arg)) throw new NotCarried('the function says that it is leakproof')
  }
  if (language !== 'sql' && language !== 'plpgsql')
    throw new NotCarried(`the function is written in the language ${language}`)
  if (serverFunctions.has(target.name))
    throw new NotCarried('the function bears the name of one of the server’s own')
  return [{ act: 'runText', kind: 'function', object: target, sql: text, schema: target.schema }]
}

function stringOf(arg: Node | undefined): string {
  return arg && 'String' in arg ? (arg.String.sval ?? '') : ''
}

function isTrue(arg: Node | undefined): boolean {
  return arg !== undefined && 'Boolean' in arg && arg.Boolean.boolval === true
}
