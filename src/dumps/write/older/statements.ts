import type { Newer } from './expressions.ts'
import { child, isNode, list, type Node, text, walk } from './tree.ts'

/** Kinds of statement by the version that brought them. */
const KINDS: Readonly<Record<string, Newer>> = {
  CreateExtensionStmt: { what: 'CREATE EXTENSION', since: 9.01 },
  CreateForeignTableStmt: { what: 'CREATE FOREIGN TABLE', since: 9.01 },
  CreateRangeStmt: { what: 'CREATE TYPE … AS RANGE', since: 9.02 },
  CreateTableAsStmt: { what: 'CREATE MATERIALIZED VIEW', since: 9.03 },
  RefreshMatViewStmt: { what: 'CREATE MATERIALIZED VIEW', since: 9.03 },
  CreateEventTrigStmt: { what: 'CREATE EVENT TRIGGER', since: 9.03 },
  CreatePolicyStmt: { what: 'CREATE POLICY', since: 9.05 },
  CreateTransformStmt: { what: 'CREATE TRANSFORM', since: 9.05 },
  CreateAmStmt: { what: 'CREATE ACCESS METHOD', since: 9.06 },
}

/** Subcommands of ALTER TABLE by the version that brought them. */
const SUBCOMMANDS: Readonly<Record<string, Newer>> = {
  AT_ValidateConstraint: { what: 'VALIDATE CONSTRAINT', since: 9.01 },
  AT_ReplicaIdentity: { what: 'REPLICA IDENTITY', since: 9.04 },
  AT_EnableRowSecurity: { what: 'ROW LEVEL SECURITY', since: 9.05 },
  AT_ForceRowSecurity: { what: 'ROW LEVEL SECURITY', since: 9.05 },
  AT_AttachPartition: { what: 'ATTACH PARTITION', since: 10 },
  AT_SetAccessMethod: { what: 'SET ACCESS METHOD', since: 15 },
}

/** Access methods of indexes. */
const METHODS: Readonly<Record<string, number>> = { spgist: 9.02, brin: 9.05 }

/** Options of a view; the older views do what they say without asking whose rights count. */
const VIEW_OPTIONS: Readonly<Record<string, number>> = { security_barrier: 9.02, security_invoker: 15 }

/** Options of an aggregate. */
const AGGREGATE_OPTIONS: Readonly<Record<string, number>> = {
  msfunc: 9.04,
  minvfunc: 9.04,
  mstype: 9.04,
  sspace: 9.04,
  finalfunc_extra: 9.04,
  hypothetical: 9.04,
  combinefunc: 9.06,
  serialfunc: 9.06,
  deserialfunc: 9.06,
  parallel: 9.06,
  finalfunc_modify: 11,
}

/**
 * What a statement's own form needs of later versions, without what `adapt` takes away or says in another way.
 * Sources: the "Compatibility" sections and release notes of PostgreSQL 9.1 to 18.
 */
export function newerForms(kind: string, node: Node): Newer[] {
  const found: Newer[] = []
  const byKind = KINDS[kind]
  if (byKind) found.push(byKind)
  const options = (known: Readonly<Record<string, number>>, of: string, key = 'options') => {
    for (const option of list(node, key)) {
      const since = known[text(option.node, 'defname')]
      if (since !== undefined) found.push({ what: `${text(option.node, 'defname')} of ${of}`, since })
    }
  }
  switch (kind) {
    case 'CreateStmt':
      if (isNode(node.partspec)) {
        const hash = text(child(node, 'partspec'), 'strategy') === 'PARTITION_STRATEGY_HASH'
        found.push({ what: 'PARTITION BY', since: hash ? 11 : 10 })
      }
      if (isNode(node.partbound)) found.push({ what: 'PARTITION OF', since: 10 })
      if (text(child(node, 'relation'), 'relpersistence') === 'u')
        found.push({ what: 'UNLOGGED', since: 9.01 })
      break
    case 'IndexStmt': {
      const method = text(node, 'accessMethod')
      if (METHODS[method] !== undefined)
        found.push({ what: `the index method ${method}`, since: METHODS[method] })
      if (node.nulls_not_distinct === true) found.push({ what: 'NULLS NOT DISTINCT', since: 15 })
      if (child(node, 'relation').inh !== true)
        found.push({ what: 'an index of a partitioned table', since: 11 })
      for (const part of list(node, 'indexParams'))
        if (part.node.opclassopts !== undefined)
          found.push({ what: 'options of an operator class', since: 13 })
      break
    }
    case 'CreateFunctionStmt':
      if (node.is_procedure === true) found.push({ what: 'CREATE PROCEDURE', since: 11 })
      if (node.sql_body !== undefined) found.push({ what: 'a function body in SQL syntax', since: 14 })
      break
    case 'CreateTrigStmt':
      if (node.transitionRels !== undefined) found.push({ what: 'REFERENCING in a trigger', since: 10 })
      if (node.timing === 64) found.push({ what: 'INSTEAD OF triggers', since: 9.01 })
      break
    case 'ViewStmt':
      options(VIEW_OPTIONS, 'a view')
      if (text(node, 'withCheckOption') !== '' && text(node, 'withCheckOption') !== 'NO_CHECK_OPTION')
        found.push({ what: 'WITH CHECK OPTION', since: 9.04 })
      break
    case 'DefineStmt':
      if (node.kind === 'OBJECT_COLLATION') {
        const provider = list(node, 'definition').some((part) => text(part.node, 'defname') === 'provider')
        found.push({ what: 'CREATE COLLATION', since: provider ? 10 : 9.01 })
      }
      if (node.kind === 'OBJECT_AGGREGATE') options(AGGREGATE_OPTIONS, 'an aggregate', 'definition')
      break
    case 'AlterTableStmt':
      if (
        node.objtype === 'OBJECT_INDEX' &&
        list(node, 'cmds').some(({ node: cmd }) => cmd.num !== undefined)
      )
        found.push({ what: 'statistics of an index column', since: 11 })
      for (const command of list(node, 'cmds')) {
        const bySubcommand = SUBCOMMANDS[text(command.node, 'subtype')]
        if (bySubcommand) found.push(bySubcommand)
      }
      break
  }
  walk(node, (key, value) => {
    if (!isNode(value)) return
    if (key === 'Constraint') found.push(...newerConstraint(value))
    if (key === 'collClause') found.push({ what: 'COLLATE', since: 9.01 })
  })
  return found
}

function newerConstraint(constraint: Node): Newer[] {
  const kind = text(constraint, 'contype')
  const found: Newer[] = []
  const add = (condition: boolean, what: string, since: number) => {
    if (condition) found.push({ what, since })
  }
  add(kind === 'CONSTR_GENERATED' && constraint.generated_kind === 's', 'generated columns', 12)
  add(kind === 'CONSTR_GENERATED' && constraint.generated_kind === 'v', 'virtual generated columns', 18)
  add(constraint.nulls_not_distinct === true, 'NULLS NOT DISTINCT', 15)
  add(constraint.is_no_inherit === true, 'NO INHERIT of a constraint', 9.02)
  add(kind === 'CONSTR_FOREIGN' && constraint.skip_validation === true, 'NOT VALID', 9.01)
  add(kind === 'CONSTR_CHECK' && constraint.skip_validation === true, 'NOT VALID of a check', 9.02)
  add(kind === 'CONSTR_FOREIGN' && constraint.fk_del_set_cols !== undefined, 'SET NULL (columns)', 15)
  add(kind === 'CONSTR_NOTNULL' && constraint.keys !== undefined, 'NOT NULL as a constraint of a table', 18)
  add(constraint.is_enforced === undefined && /CONSTR_(CHECK|FOREIGN)/.test(kind), 'NOT ENFORCED', 18)
  add(constraint.without_overlaps === true, 'WITHOUT OVERLAPS', 18)
  add(constraint.fk_with_period === true, 'PERIOD', 18)
  return found
}
