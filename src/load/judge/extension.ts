import type { CreateExtensionStmt } from 'libpg-query'
import { ident } from '../../postgres/sql.ts'
import { skip } from './alter-table.ts'
import { trustedExtensions } from './builtins.ts'
import type { Scope } from './scope.ts'
import { Refusal, type Verdict } from './verdict.ts'

/** CREATE EXTENSION of what PostgreSQL marks as trusted, in the version that the server has. */
export function judgeExtension(
  stmt: CreateExtensionStmt,
  scope: Scope,
  available: ReadonlySet<string>,
): Verdict[] {
  const name = stmt.extname ?? ''
  if (name === 'plpgsql') return []
  const known = trustedExtensions.get(name)
  if (!known)
    return [
      skip('extension', name, 'it is not one that PostgreSQL trusts a database’s owner to make', 'warning'),
    ]
  let schema = scope.schema
  for (const node of stmt.options ?? []) {
    if (!('DefElem' in node)) throw new Refusal('an extension has an option of no known form')
    const { defname, arg } = node.DefElem
    if (defname === 'schema' && arg && 'String' in arg) schema = arg.String.sval ?? schema
  }
  // Some dumps put extensions into pg_catalog; only its owner can, and a schema of the database serves as well.
  if (schema === 'pg_catalog') schema = 'public'
  scope.checkSchema(schema)
  if (!available.has(name))
    return [skip('extension', name, 'the server that the upgrade runs on does not have it', 'warning')]
  scope.addExtension(schema, known.types, known.functions)
  return [
    {
      act: 'run',
      kind: 'extension',
      object: { schema, name },
      sql: `CREATE EXTENSION IF NOT EXISTS ${ident(name)} WITH SCHEMA ${ident(schema)}`,
    },
  ]
}
