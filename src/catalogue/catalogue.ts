import type { Constraint } from '../schema/schema.ts'
import type { Condition } from './condition.ts'

/**
 * What one series of Odoo looks like, as facts: names, types and the modules that bring each thing, so that the shape of
 * a fresh database can be put together for any set of modules. No texts, no bodies of views or reports.
 */
export interface Catalogue {
  /** "8.0". */
  series: string
  /** Modules that were installed in the database that the exact parts were read from; other parts follow rules. */
  exactModules: string[]
  modules: Record<string, CatalogueModule>
  /** By technical name, "res.partner". */
  models: Record<string, CatalogueModel>
  tables: Record<string, CatalogueTable>
  /** All sequences but those that belong to rows, such as ir_sequence_007. */
  sequences: Record<string, CatalogueSequence>
  /** SQL views. */
  views: Record<string, CatalogueView>
  extensions: Record<string, Condition>
  /**
   * Records that modules bring, "module.name". Those of models and fields stand there only when their name is not the
   * usual one: predictXmlids() makes the others from `xmlids` of models and fields.
   */
  xmlids: Record<string, CatalogueXmlid>
}

export interface CatalogueModule {
  depends: string[]
  /** Modules that have it installed by themselves once all of them are; null when it is never installed so. */
  autoInstall: string[] | null
  /** From 18.0: it installs itself only where a company is in one of these countries, "FR". Absent for anywhere. */
  countries?: string[]
  installable: boolean
  /** "8.0.1.1". */
  version: string
  /** The xmlid of its category, "base.module_category_hidden"; null where only the sources are known. */
  category: string | null
}

export interface CatalogueModel {
  by: Condition
  /** Name of its table or SQL view; null when nothing of it is kept in the database. */
  table: string | null
  abstract: boolean
  transient: boolean
  /** Models whose fields it delegates to, with the many2one that leads there: {'res.partner': 'partner_id'}. */
  inherits: Record<string, string>
  /** Models that it takes fields over from, and when. */
  parents: Record<string, Condition>
  fields: Record<string, CatalogueField>
  /** Modules that own an xmlid of this model's row in ir_model. */
  xmlids: string[]
  /** Read from the sources' declarations only, not from a database. */
  predicted?: true
}

export interface CatalogueField {
  by: Condition
  /** "many2one", "char", … */
  type: string
  relation: string | null
  /** The inverse of a one2many. */
  inverse: string | null
  /** Table and columns of a many2many. */
  m2m: [table: string, column1: string, column2: string] | null
  required: boolean
  stored: boolean
  translated: boolean
  companyDependent: boolean
  /** Values with what brings each; null when the field has none or they are computed. */
  selection: Record<string, Condition> | null
  /** Modules that own an xmlid of this field's row in ir_model_fields. */
  xmlids: string[]
  predicted?: true
}

export interface CatalogueTable {
  by: Condition
  columns: Record<string, CatalogueColumn>
  inherits: Record<string, Condition>
  constraints: Record<string, CatalogueConstraint>
  indexes: Record<string, CatalogueIndex>
  /** Follows from rules, was not read from a database. The same on columns, constraints and indexes. */
  predicted?: true
}

export interface CatalogueColumn {
  by: Condition
  type: string
  /** Other types it takes while modules are installed; the first that holds counts. */
  otherTypes?: { by: Condition; type: string }[]
  /** When it is NOT NULL; absent for never. */
  notNull?: Condition
  default?: string
  inherited?: true
  predicted?: true
}

export interface CatalogueConstraint {
  by: Condition
  kind: Constraint['kind']
  definition: string
  /** Columns of its own table that it names: it is there only with all of them. */
  columns: string[]
  /** What it is while one of them is absent, when a module redefined a constraint of another. */
  otherwise?: { definition: string; columns: string[] }
  /** Table that a foreign key leads to. */
  target?: string
  predicted?: true
}

export interface CatalogueIndex {
  by: Condition
  definition: string
  columns: string[]
  /** Extension that its operator class is of, "pg_trgm": Odoo leaves such indexes out where the server lacks it. */
  extension?: string
  predicted?: true
}

export interface CatalogueSequence {
  by: Condition
  /** "res_partner.id". */
  ownedBy: string | null
}

export interface CatalogueView {
  by: Condition
  materialized: boolean
  definition: string
  /** Tables and views it reads, with the columns of each. */
  reads: Record<string, string[]>
}

export interface CatalogueXmlid {
  model: string
  noupdate: boolean
  /** What a record that describes the database stands for: [model], [model, field], [model, field, value], [constraint]. */
  of?: string[]
  /** When it is there, where that is not with the module it is named after: a record in another module's name. */
  by?: Condition
  predicted?: true
}
