import type { Schema, Table } from './schema.ts'

/** One difference between the shape that is wanted and the one that is found. */
export interface Difference {
  object: 'table' | 'column' | 'constraint' | 'index' | 'sequence' | 'view' | 'extension' | 'inheritance'
  /** "res_partner", "res_partner.name", "res_partner: res_partner_name_check". */
  name: string
  problem: 'missing' | 'extra' | 'different'
  /** What is wanted and what is found, as text; null on the side that lacks it. */
  expected: string | null
  found: string | null
}

/** Everything that has to change to make `found` equal to `expected`: empty when the two are the same. */
export function diffSchema(expected: Schema, found: Schema): Difference[] {
  return [
    ...diffNamed('table', '', expected.tables, found.tables, () => ''),
    ...Object.entries(expected.tables).flatMap(([name, table]) => {
      const other = found.tables[name]
      return other ? diffTable(name, table, other) : []
    }),
    ...diffNamed('sequence', '', expected.sequences, found.sequences, (s) => s.ownedBy ?? 'stand-alone'),
    ...diffNamed(
      'view',
      '',
      expected.views,
      found.views,
      (v) => `${v.materialized ? 'materialized ' : ''}${v.definition}`,
    ),
    ...diffNamed('extension', '', asSet(expected.extensions), asSet(found.extensions), () => ''),
  ]
}

export function diffTable(name: string, expected: Table, found: Table): Difference[] {
  return [
    ...diffNamed('inheritance', `${name}: `, asSet(expected.inherits), asSet(found.inherits), () => ''),
    ...diffNamed('column', `${name}.`, expected.columns, found.columns, (c) =>
      [c.type, c.notNull ? 'NOT NULL' : '', c.default === null ? '' : `DEFAULT ${c.default}`]
        .filter(Boolean)
        .join(' '),
    ),
    ...diffNamed('constraint', `${name}: `, expected.constraints, found.constraints, (c) => c.definition),
    ...diffNamed('index', `${name}: `, expected.indexes, found.indexes, (i) => i.definition),
  ]
}

function diffNamed<T>(
  object: Difference['object'],
  prefix: string,
  expected: Record<string, T>,
  found: Record<string, T>,
  text: (value: T) => string,
): Difference[] {
  const differences: Difference[] = []
  for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const [wanted, there] = [expected[name], found[name]]
    if (wanted === undefined)
      differences.push({ object, name: prefix + name, problem: 'extra', expected: null, found: text(there!) })
    else if (there === undefined)
      differences.push({
        object,
        name: prefix + name,
        problem: 'missing',
        expected: text(wanted),
        found: null,
      })
    else if (text(wanted) !== text(there))
      differences.push({
        object,
        name: prefix + name,
        problem: 'different',
        expected: text(wanted),
        found: text(there),
      })
  }
  return differences
}

function asSet(names: string[]): Record<string, true> {
  return Object.fromEntries(names.map((name) => [name, true]))
}
