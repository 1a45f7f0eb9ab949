/** What is known about one hop as data; the SQL of its modules stands beside it in `modules/`. */
export interface PackFacts {
  from: string
  to: string
  modules: {
    renamed: Record<string, string>
    /** Old module → the module that took its contents. */
    merged: Record<string, string>
    removed: string[]
    renamedCommunity?: Record<string, string>
    mergedCommunity?: Record<string, string>
  }
  models: {
    renamed: Record<string, string>
    /** Old model → the model that its rows belong to now. Rows of a table of their own are moved by a `moves` entry. */
    merged: Record<string, string>
  }
  /** Old table → new table. */
  tables: Record<string, string>
  /** [table, old column, new column], the table as it is named after `tables`; applied in this order. */
  columns: [string, string, string][]
  /** [model, old field, new field], the model as it is named after `models`. */
  fields: [string, string, string][]
  xmlids: { renamed: Record<string, string> }
  /** Selection values that have other names in the newer version. */
  values: {
    table: string
    column: string
    values: Record<string, string>
    /** Column that gets the values as they were, for the transforms; what is left of it goes with the alignment. */
    keptAs?: string
    /** Newer values between which the SQL of a module chooses by other columns: verification counts their records together. */
    together?: string[]
  }[]
  /** Models whose workflow is gone, by their new names. */
  workflowsRemoved?: string[]
  /** Rows of a model that go to another model's table under new ids. */
  moves?: RowMove[]
  /** Tables part of whose rows belongs to another model's table now; the SQL of a module takes them there. */
  splits?: RowSplit[]
  /** Columns that many models gain together, filled after the SQL of the modules. */
  fills?: ColumnFill[]
  /** Values that the newer version requires and the older did not have. */
  required?: RequiredValue[]
  /** What the pack does not do yet, by the module that has to be installed for it to matter: told in the notes. */
  pending?: { module: string; what: string }[]
}

export interface RowMove {
  fromModel: string
  fromTable: string
  toModel: string
  toTable: string
  /** SQL types of the taking table's columns, for a source that does not have it because its module comes with the hop. */
  create?: Record<string, string>
  /** SQL condition over the source row `s` and a row `t` of the taking table: a row that is there already stands for the source's. */
  match?: string
  /** Target column → source column; columns of the same name go along by themselves. */
  columns: Record<string, string>
  /** Target column → SQL expression over the source row `s`. */
  expressions?: Record<string, string>
  /** Many-to-many tables that follow their rows: table, its column with the source row's id → table and columns of the target. */
  relations?: { from: string; fromColumns: [string, string]; to: string; toColumns: [string, string] }[]
}

export interface RowSplit {
  table: string
  model: string
  to: string
  toModel: string
}

export interface ColumnFill {
  /** The module of the source whose SQL makes the table `from`. */
  module: string
  column: string
  /** SQL type of the column, which is made where it is missing. */
  type: string
  /** Table → model; tables that a source does not have are passed over. */
  models: Record<string, string>
  /** Temporary table with the columns model, res_id and value. */
  from: string
}

export interface RequiredValue {
  table: string
  column: string
  /** SQL expression over the row `t`, only evaluated where the column is NULL. */
  value: string
  /** Why this value, for the notes; names of fields and rules, no sentence of another project. */
  because: string
}

/** A pack as it lies on disk. */
export interface Pack {
  facts: PackFacts
  folder: string
  /** SQL by source-side module name, run after the renames, in the order of the modules' dependencies. */
  transforms: { module: string; file: string; sql: string }[]
}
