import type pg from 'pg'
import { type Difference, diffSchema } from '../schema/diff.ts'
import type { Inventory } from '../schema/inventory.ts'
import type { Schema } from '../schema/schema.ts'
import { type Ownership, ofRecord } from '../upgrade/align/schema-plan.ts'
import { type Check, Findings } from './verification.ts'

/**
 * The distance of a database's shape from the one that is wanted. What the customer owns, and what hangs on it, is
 * listed apart; sequences of ir.sequence records are no part of the shape, but each record has to have its own.
 */
export async function checkSchema(
  client: pg.ClientBase,
  found: Schema,
  { target, own }: { target: Schema; own: Ownership },
  inventory: Inventory,
): Promise<Check> {
  const findings = new Findings(
    'schema',
    'Shape of the database: tables, columns, constraints, indexes, sequences, views',
  )
  findings.compared(countObjects(target))
  for (const difference of diffSchema(target, found)) {
    if (difference.object === 'sequence' && ofRecord(difference.name)) continue
    const ownIt = difference.problem === 'extra' && ownedBy(own, difference, target, found)
    findings[ownIt ? 'apart' : 'violation'](`${difference.object} ${difference.name}`, describe(difference))
  }
  await checkRecordSequences(client, found, findings, inventory)
  return findings.check()
}

function describe({ problem, expected, found }: Difference): string {
  if (problem === 'missing') return expected ? `missing: ${expected}` : 'missing'
  if (problem === 'extra') return found ? `not of the target: ${found}` : 'not of the target'
  return `is ${found || 'without'}, wanted ${expected || 'without'}`
}

/** Whether something that the target lacks belongs to a table or column of the customer. */
function ownedBy(own: Ownership, difference: Difference, target: Schema, found: Schema): boolean {
  const { object, name } = difference
  if (object === 'table') return own.ownsTable(name)
  if (object === 'column') {
    const [table, column] = split(name, '.')
    return own.ownsTable(table) || own.ownsColumn(table, column)
  }
  if (object === 'sequence') {
    const owner = found.sequences[name]?.ownedBy
    const [table, column] = split(owner ?? name.replace(/_id_seq$/, ''), '.')
    return own.ownsTable(table) || (owner !== null && owner !== undefined && own.ownsColumn(table, column))
  }
  if (object === 'view') return own.ownsTable(name) || own.ownsView?.(name) === true
  // One that the target does without does no harm, and the customer may use it himself.
  if (object === 'extension') return difference.problem === 'extra'
  if (object === 'constraint' || object === 'index' || object === 'inheritance') {
    const [table] = split(name, ': ')
    if (own.ownsTable(table)) return true
    const columns = Object.keys(found.tables[table]?.columns ?? {})
    const owned = columns.filter(
      (column) => !target.tables[table]?.columns[column] && own.ownsColumn(table, column),
    )
    return (
      owned.some((column) => names(difference.found ?? '', column)) ||
      refersToOwned(difference.found ?? '', own)
    )
  }
  return false
}

function names(definition: string, column: string): boolean {
  return definition.match(/[\p{L}0-9_$]+/gu)?.includes(column) ?? false
}

function refersToOwned(definition: string, own: Ownership): boolean {
  const target = /REFERENCES "?([^"(]+)"?\(/.exec(definition)?.[1]
  return target !== undefined && own.ownsTable(target)
}

function split(name: string, separator: string): [string, string] {
  const at = name.indexOf(separator)
  return at < 0 ? [name, ''] : [name.slice(0, at), name.slice(at + separator.length)]
}

function countObjects(schema: Schema): number {
  const perTable = Object.values(schema.tables).map(
    (table) =>
      1 +
      [table.columns, table.constraints, table.indexes].reduce(
        (sum, part) => sum + Object.keys(part).length,
        0,
      ),
  )
  const others =
    Object.keys(schema.sequences).length + Object.keys(schema.views).length + schema.extensions.length
  return perTable.reduce((sum, count) => sum + count, 0) + others
}

/** A record of ir.sequence that counts in the database has the sequence ir_sequence_<id, three digits or more>. */
async function checkRecordSequences(
  client: pg.ClientBase,
  found: Schema,
  findings: Findings,
  inventory: Inventory,
): Promise<void> {
  if (!inventory.has('ir_sequence', 'implementation')) return
  const ranges = inventory.hasTable('ir_sequence_date_range')
  const { rows } = await client.query<{ name: string; record: string }>(`
    SELECT 'ir_sequence_' || lpad(s.id::text, greatest(3, length(s.id::text)), '0') AS name, s.id || ' "' || s.name || '"' AS record
      FROM ir_sequence s WHERE s.implementation = 'standard'
    ${
      ranges
        ? `UNION ALL
    SELECT 'ir_sequence_' || lpad(s.id::text, greatest(3, length(s.id::text)), '0') || '_' || lpad(r.id::text, greatest(3, length(r.id::text)), '0'),
           s.id || ' "' || s.name || '" from ' || r.date_from
      FROM ir_sequence_date_range r JOIN ir_sequence s ON s.id = r.sequence_id WHERE s.implementation = 'standard'`
        : ''
    }`)
  findings.compared(rows.length)
  const wanted = new Set(rows.map(({ name }) => name))
  for (const { name, record } of rows)
    if (!found.sequences[name])
      findings.violation(`sequence ${name}`, `missing for the record of ir.sequence ${record}`)
  for (const name of Object.keys(found.sequences))
    if (ofRecord(name) && !wanted.has(name))
      findings.apart(`sequence ${name}`, 'belongs to no record of ir.sequence')
}
