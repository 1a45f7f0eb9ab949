import type { Node, PartitionBoundSpec, PartitionSpec } from 'libpg-query'
import { ident } from '../../postgres/sql.ts'
import { writeExpression } from './expression.ts'
import { NotCarried, type Scope } from './scope.ts'

const STRATEGIES: Readonly<Record<string, string>> = {
  PARTITION_STRATEGY_LIST: 'LIST',
  PARTITION_STRATEGY_RANGE: 'RANGE',
  PARTITION_STRATEGY_HASH: 'HASH',
}

export function writePartitionKey(spec: PartitionSpec, scope: Scope): string {
  const strategy = STRATEGIES[spec.strategy ?? '']
  const keys = (spec.partParams ?? []).map((node) => {
    if (
      !('PartitionElem' in node) ||
      node.PartitionElem.opclass?.length ||
      node.PartitionElem.collation?.length
    )
      throw new NotCarried('its partition key is of no known form', 'severe')
    const { name, expr } = node.PartitionElem
    return name ? ident(name) : `(${writeExpression(expr!, scope, { columns: true })})`
  })
  if (!strategy || keys.length === 0) throw new NotCarried('its partition key is of no known form', 'severe')
  return `PARTITION BY ${strategy} (${keys.join(', ')})`
}

export function writePartitionBound(bound: PartitionBoundSpec, scope: Scope): string {
  if (bound.is_default) return 'DEFAULT'
  const values = (nodes: readonly Node[] | undefined) =>
    (nodes ?? [])
      .map((node) => {
        const word = 'ColumnRef' in node ? columnWord(node) : null
        return word ?? writeExpression(node, scope)
      })
      .join(', ')
  switch (bound.strategy) {
    case 'l':
      return `FOR VALUES IN (${values(bound.listdatums)})`
    case 'r':
      return `FOR VALUES FROM (${values(bound.lowerdatums)}) TO (${values(bound.upperdatums)})`
    case 'h':
      return `FOR VALUES WITH (MODULUS ${Number(bound.modulus ?? 0)}, REMAINDER ${Number(bound.remainder ?? 0)})`
    default:
      throw new NotCarried('its partition bound is of no known form', 'severe')
  }
}

/** MINVALUE and MAXVALUE come out of the parser as names of columns. */
function columnWord(node: Extract<Node, { ColumnRef: unknown }>): string | null {
  const [field] = node.ColumnRef.fields ?? []
  const name = field && 'String' in field ? field.String.sval : undefined
  return name === 'minvalue' || name === 'maxvalue' ? name.toUpperCase() : null
}
