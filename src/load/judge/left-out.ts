/** Kinds of statements that a genuine dump may hold and a scratch database does without. */
export const leftOut: Readonly<
  Record<string, { what: string; severity: 'info' | 'warning'; reason: string }>
> = {
  AlterOwnerStmt: owner(),
  GrantStmt: rights(),
  GrantRoleStmt: rights(),
  AlterDefaultPrivilegesStmt: rights(),
  TransactionStmt: { what: 'transaction', severity: 'info', reason: 'the load has transactions of its own' },
  SecLabelStmt: lost('security label'),
  CreateEventTrigStmt: lost('event trigger'),
  AlterEventTrigStmt: lost('event trigger'),
  CreatePolicyStmt: lost('row security policy'),
  CreatePublicationStmt: lost('publication'),
  AlterPublicationStmt: lost('publication'),
  CreateSubscriptionStmt: lost('subscription'),
  AlterSubscriptionStmt: lost('subscription'),
  CreateFdwStmt: lost('foreign data wrapper'),
  CreateForeignServerStmt: lost('foreign server'),
  CreateUserMappingStmt: lost('user mapping'),
  CreateForeignTableStmt: lost('foreign table'),
  CreateCastStmt: lost('cast'),
  CreateConversionStmt: lost('conversion'),
  CreateOpClassStmt: lost('operator class'),
  CreateOpFamilyStmt: lost('operator family'),
  AlterOpFamilyStmt: lost('operator family'),
  AlterOperatorStmt: lost('operator'),
  CreateTransformStmt: lost('transform'),
  CreateAmStmt: lost('access method'),
  CreatePLangStmt: lost('language'),
  CreateStatsStmt: {
    what: 'extended statistics',
    severity: 'info',
    reason: 'statistics are gathered anew',
  },
  AlterStatsStmt: { what: 'extended statistics', severity: 'info', reason: 'statistics are gathered anew' },
  AlterTSConfigurationStmt: lost('text search configuration'),
  AlterTSDictionaryStmt: lost('text search dictionary'),
  AlterExtensionContentsStmt: lost('member of an extension'),
  AlterObjectDependsStmt: lost('dependency on an extension'),
  AlterDatabaseStmt: database(),
  AlterDatabaseSetStmt: database(),
  CreatedbStmt: database(),
  CreateTableSpaceStmt: database(),
  DropStmt: {
    what: 'DROP',
    severity: 'info',
    reason: 'the scratch database is empty, so nothing is there to drop',
  },
  DropdbStmt: database(),
  RefreshMatViewStmt: { what: 'REFRESH', severity: 'info', reason: 'views are made after the upgrade' },
  ClusterStmt: { what: 'clustering', severity: 'info', reason: 'indexes are made after the upgrade' },
  VacuumStmt: { what: 'ANALYZE', severity: 'info', reason: 'statistics are gathered anew' },
  LockStmt: { what: 'LOCK', severity: 'info', reason: 'nobody else works in the scratch database' },
}

function lost(what: string): { what: string; severity: 'warning'; reason: string } {
  return { what, severity: 'warning', reason: `a ${what} is not carried over` }
}

function owner(): { what: string; severity: 'info'; reason: string } {
  return { what: 'owner', severity: 'info', reason: 'all belongs to the role of the scratch database' }
}

function rights(): { what: string; severity: 'info'; reason: string } {
  return {
    what: 'rights',
    severity: 'info',
    reason: 'rights are those of the server that restores the result',
  }
}

function database(): { what: string; severity: 'info'; reason: string } {
  return { what: 'database', severity: 'info', reason: 'the dump is loaded into a scratch database' }
}

/** Objects of CREATE that share one kind of statement (DefineStmt). */
export const leftOutObjects: Readonly<Record<string, string>> = {
  OBJECT_AGGREGATE: 'aggregate',
  OBJECT_OPERATOR: 'operator',
  OBJECT_TYPE: 'base type',
  OBJECT_TSPARSER: 'text search parser',
  OBJECT_TSDICTIONARY: 'text search dictionary',
  OBJECT_TSTEMPLATE: 'text search template',
  OBJECT_TSCONFIGURATION: 'text search configuration',
  OBJECT_COLLATION: 'collation',
}
