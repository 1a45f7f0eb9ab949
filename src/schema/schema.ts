/**
 * The shape of a database as plain data: what is extracted from a live one, what a catalogue predicts and what
 * alignment makes true are the same type, so that a difference is always between two values of it.
 * Definitions are PostgreSQL's own deparsed text with names unqualified (taken under a search_path of that schema).
 */
export interface Schema {
  tables: Record<string, Table>
  /** All sequences, with the column that owns them, "res_partner.id"; null for stand-alone ones. */
  sequences: Record<string, Sequence>
  views: Record<string, View>
  /** Extensions that the database has, without plpgsql. */
  extensions: string[]
}

export interface Table {
  columns: Record<string, Column>
  /** Parents, such as ir_actions of ir_act_window. Inherited columns stand in `columns` too, marked. */
  inherits: string[]
  constraints: Record<string, Constraint>
  /** Indexes that are not the index of a constraint. */
  indexes: Record<string, Index>
}

export interface Column {
  /** As format_type() writes it: "character varying", "integer", "timestamp without time zone". */
  type: string
  notNull: boolean
  /** Deparsed default expression, null without one. */
  default: string | null
  /** A parent table has it too: its type and existence are decided there. */
  inherited: boolean
}

export interface Constraint {
  kind: 'primary' | 'unique' | 'check' | 'foreign' | 'exclude'
  /** As pg_get_constraintdef() writes it: "FOREIGN KEY (company_id) REFERENCES res_company(id) ON DELETE SET NULL". */
  definition: string
}

export interface Index {
  /** "CREATE UNIQUE INDEX name ON table USING btree (…) WHERE …", table unqualified. */
  definition: string
}

export interface Sequence {
  ownedBy: string | null
}

export interface View {
  definition: string
  materialized: boolean
}
