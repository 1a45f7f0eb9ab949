import { functionsSince, operatorsSince, typesSince } from './builtins.ts'
import { isNode, type Json, type Node, names, text, walk } from './tree.ts'

/** Something that a later version brought: its name and that version. */
export interface Newer {
  what: string
  since: number
}

/** FRAMEOPTION_GROUPS and the three FRAMEOPTION_EXCLUDE_… of parsenodes.h. */
const FRAME_OF_11 = 0x00008 | 0x08000 | 0x10000 | 0x20000

/** Nodes that exist only for syntax of a later version. */
const NODES: Readonly<Record<string, Newer>> = {
  CollateClause: { what: 'COLLATE', since: 9.01 },
  GroupingSet: { what: 'GROUPING SETS', since: 9.05 },
  GroupingFunc: { what: 'GROUPING()', since: 9.05 },
  RangeTableSample: { what: 'TABLESAMPLE', since: 9.05 },
  NamedArgExpr: { what: 'arguments by name with =>', since: 9.05 },
  MultiAssignRef: { what: 'UPDATE of several columns from one query', since: 9.05 },
  OnConflictClause: { what: 'ON CONFLICT', since: 9.05 },
  RangeTableFunc: { what: 'XMLTABLE', since: 10 },
  MergeStmt: { what: 'MERGE', since: 15 },
  JsonIsPredicate: { what: 'IS JSON', since: 16 },
  JsonObjectConstructor: { what: 'JSON_OBJECT()', since: 16 },
  JsonArrayConstructor: { what: 'JSON_ARRAY()', since: 16 },
  JsonArrayQueryConstructor: { what: 'JSON_ARRAY()', since: 16 },
  JsonObjectAgg: { what: 'JSON_OBJECTAGG()', since: 16 },
  JsonArrayAgg: { what: 'JSON_ARRAYAGG()', since: 16 },
  JsonFuncExpr: { what: 'JSON_VALUE() and its like', since: 17 },
  JsonParseExpr: { what: 'JSON()', since: 17 },
  JsonScalarExpr: { what: 'JSON_SCALAR()', since: 17 },
  JsonSerializeExpr: { what: 'JSON_SERIALIZE()', since: 17 },
  JsonTable: { what: 'JSON_TABLE', since: 17 },
}

/** Fields that are there only when something of a later version is said. */
const FIELDS: Readonly<Record<string, Newer>> = {
  lateral: { what: 'LATERAL', since: 9.03 },
  agg_filter: { what: 'FILTER', since: 9.04 },
  agg_within_group: { what: 'WITHIN GROUP', since: 9.04 },
  ordinality: { what: 'WITH ORDINALITY', since: 9.04 },
  is_rowsfrom: { what: 'ROWS FROM', since: 9.04 },
  search_clause: { what: 'SEARCH in a WITH query', since: 14 },
  cycle_clause: { what: 'CYCLE in a WITH query', since: 14 },
  groupDistinct: { what: 'GROUP BY DISTINCT', since: 14 },
  join_using_alias: { what: 'an alias for JOIN … USING', since: 14 },
}

/** Everything in a parse tree, at any depth, that PostgreSQL 9.0 did not have: types, functions, operators, syntax. */
export function newerParts(tree: Json): Newer[] {
  const found: Newer[] = []
  walk(tree, (key, value) => {
    const byNode = NODES[key]
    if (byNode) found.push(byNode)
    const byField = FIELDS[key]
    if (byField && value !== false && value !== null) found.push(byField)
    if (key === 'typeName' || key === 'TypeName' || key === 'returnType') addType(value, found)
    else if (key === 'FuncCall' && isNode(value)) addFunction(value, found)
    else if (key === 'A_Expr' && isNode(value)) addOperator(value, found)
    else if (key === 'ctematerialized' && value !== 'CTEMaterializeDefault')
      found.push({ what: 'WITH … AS MATERIALIZED', since: 12 })
    else if (key === 'limitOption' && value === 'LIMIT_OPTION_WITH_TIES')
      found.push({ what: 'FETCH FIRST … WITH TIES', since: 13 })
    else if (key === 'frameOptions' && typeof value === 'number' && (value & FRAME_OF_11) !== 0)
      found.push({ what: 'GROUPS or EXCLUDE in a window', since: 11 })
    else if (key === 'A_Indices' && isNode(value) && value.is_slice && !(value.lidx && value.uidx))
      found.push({ what: 'an array slice without a bound', since: 9.06 })
    else if (key === 'waitPolicy' && value === 'LockWaitSkip')
      found.push({ what: 'SKIP LOCKED', since: 9.05 })
  })
  return found
}

function addType(value: Json, found: Newer[]): void {
  if (!isNode(value)) return
  const name = ownName(names(value, 'names'))
  const since = name === null ? undefined : typesSince.get(name)
  if (since !== undefined) found.push({ what: `the type ${name}`, since })
}

function addFunction(call: Node, found: Newer[]): void {
  const name = ownName(names(call, 'funcname'))
  if (name === null) return
  // EXTRACT(… FROM …) and its like are old syntax over functions that have these names only since 14.
  const inSqlSyntax =
    text(call, 'funcformat') === 'COERCE_SQL_SYNTAX' && name !== 'normalize' && name !== 'is_normalized'
  const since = inSqlSyntax ? undefined : functionsSince.get(name)
  if (since !== undefined) found.push({ what: `the function ${name}()`, since })
}

function addOperator(expression: Node, found: Newer[]): void {
  const name = ownName(names(expression, 'name'))
  const since = name === null ? undefined : operatorsSince.get(name)
  if (since !== undefined) found.push({ what: `the operator ${name}`, since })
}

/** With an empty search_path a name without a schema is PostgreSQL's own; null for others. */
function ownName(parts: readonly string[]): string | null {
  if (parts.length === 1) return parts[0]!
  return parts.length === 2 && parts[0] === 'pg_catalog' ? parts[1]! : null
}
