import type { PackFacts } from '../packs/pack.ts'

/** How what the source has is named after the hops of the way: facts applied one hop after the other. */
export class Renames {
  readonly #facts: readonly PackFacts[]

  constructor(facts: readonly PackFacts[] = []) {
    this.#facts = facts
  }

  model(name: string): string {
    return this.#facts.reduce((now, { models }) => models.renamed[now] ?? models.merged[now] ?? now, name)
  }

  /** The table that has the rows now, through renames and moves into other tables. */
  table(name: string): string {
    return this.#facts.reduce((now, facts) => tableAfter(facts, now), name)
  }

  /** Where a column is now: [table, column]. */
  column(table: string, column: string): [table: string, column: string] {
    let [t, c] = [table, column]
    for (const facts of this.#facts) {
      const renamed = facts.tables[t] ?? t
      const next = facts.columns.find(([ofTable, old]) => ofTable === renamed && old === c)?.[2] ?? c
      const move = facts.moves?.find(({ fromTable }) => fromTable === renamed)
      const taken = Object.entries(move?.columns ?? {}).find(([, source]) => source === next)?.[0]
      t = move?.toTable ?? renamed
      c = taken ?? next
    }
    return [t, c]
  }

  /** A selection value under its present name. */
  value(table: string, column: string, value: string): string {
    let [t, c, v] = [table, column, value]
    for (const facts of this.#facts) {
      const one = new Renames([facts])
      ;[t, c] = one.column(t, c)
      v = facts.values.find((map) => map.table === t && map.column === c)?.values[v] ?? v
    }
    return v
  }

  /** One name for the values of the newest version between which a pack chooses by other columns; any other value is its own. */
  together(table: string, column: string, value: string): string {
    for (const [i, { values }] of this.#facts.entries()) {
      const later = new Renames(this.#facts.slice(i + 1))
      for (const map of values) {
        if (!map.together || later.column(map.table, map.column).join('.') !== `${table}.${column}`) continue
        const choices = map.together.map((choice) => later.value(map.table, map.column, choice))
        if (choices.includes(value)) return [...new Set(choices)].join(' or ')
      }
    }
    return value
  }

  /** Where rows of a table or model went that it does not have any more: the other table or model. */
  split(name: string): string | null {
    for (const { splits } of this.#facts)
      for (const { table, model, to, toModel } of splits ?? []) {
        if (name === table) return to
        if (name === model) return toModel
      }
    return null
  }

  /** Whether workflows were removed on the way, with their running instances. */
  get removesWorkflows(): boolean {
    return this.#facts.some(({ workflowsRemoved }) => (workflowsRemoved ?? []).length > 0)
  }

  /** Whether rows of other tables or models came to this one. */
  takes(name: string): boolean {
    return this.#facts.some(
      ({ splits, moves }) =>
        splits?.some(({ to, toModel }) => name === to || name === toModel) ||
        moves?.some(({ toTable, toModel }) => name === toTable || name === toModel),
    )
  }

  /** Whether rows of a table got another value in a column when they moved, which no map of values tells. */
  computed(table: string, column: string): boolean {
    let now = table
    for (const facts of this.#facts) {
      const renamed = facts.tables[now] ?? now
      if (facts.moves?.some((move) => move.fromTable === renamed && move.expressions?.[column])) return true
      now = tableAfter(facts, now)
    }
    return false
  }

  /** Whether the records of a model got new ids on the way. */
  renumbers(model: string): boolean {
    let now = model
    for (const { models, moves } of this.#facts) {
      if (moves?.some(({ fromModel }) => fromModel === now)) return true
      now = models.renamed[now] ?? models.merged[now] ?? now
    }
    return false
  }

  /** Whether the rows got new ids on the way. */
  moved(table: string): boolean {
    let now = table
    for (const facts of this.#facts) {
      const renamed = facts.tables[now] ?? now
      if (facts.moves?.some(({ fromTable }) => fromTable === renamed)) return true
      now = renamed
    }
    return false
  }
}

function tableAfter(facts: PackFacts, table: string): string {
  const renamed = facts.tables[table] ?? table
  return facts.moves?.find(({ fromTable }) => fromTable === renamed)?.toTable ?? renamed
}
