import type { PackFacts } from '../packs/pack.ts'
import type { Schema } from '../schema/schema.ts'
import type { Ownership } from '../upgrade/align/schema-plan.ts'
import type { Snapshot } from './snapshot/snapshot.ts'

/** What an upgraded database in schema `public` is held against. */
export interface VerifyInput {
  /** Series of the database, the target's: "8.0". */
  series: string
  /** The shape wanted for the customer's set of modules. */
  target: Schema
  /** Xmlids wanted, "module.name"; without them those of schema `ref`, as far as they are of `modules`. */
  xmlids?: Iterable<string>
  /** Modules of the target that are installed, Odoo's own. */
  modules: readonly string[]
  customModules: readonly string[]
  /** Modules of the source that the target does not know any more: nothing of them may be left. */
  goneModules?: readonly string[]
  own: Ownership
  /** Schema with the bodies of the target's records; null when only the catalogue is there. */
  reference: string | null
  /** Values that fields of type selection may take; those of ir_model_fields_selection (from 13.0 on) need no entry. */
  selections?: Iterable<SelectionValues>
  /** Models that take over the fields of others by delegation: {'res.users': ['res.partner']}; needed up to 8.0. */
  inherits?: Readonly<Record<string, readonly string[]>>
  /** Taken from the source before the hops. */
  before?: Snapshot
  /** Facts of the packs on the way, in order: how models, tables, columns and values of the source are named now. */
  facts?: readonly PackFacts[]
}

export interface SelectionValues {
  model: string
  field: string
  values: readonly string[]
}
