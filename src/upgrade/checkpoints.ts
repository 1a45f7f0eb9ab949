import type pg from 'pg'

/**
 * The finished stages of an upgrade, in its own scratch database: a row is written in the transaction of the stage's work,
 * so that after a crash of anything the work goes on behind the last row.
 */
export class Checkpoints {
  readonly #client: pg.ClientBase
  readonly #rows: Map<string, { value: unknown; seconds: number }>

  private constructor(client: pg.ClientBase, rows: Map<string, { value: unknown; seconds: number }>) {
    this.#client = client
    this.#rows = rows
  }

  /** Reads what a former try left behind; nothing in a new database. */
  static async open(client: pg.ClientBase): Promise<Checkpoints> {
    const { rows: found } = await client.query<{ there: boolean }>(
      `SELECT to_regclass('uplift.checkpoint') IS NOT NULL AS there`,
    )
    if (!found[0]!.there) return new Checkpoints(client, new Map())
    const { rows } = await client.query<{ stage: string; value: unknown; seconds: number }>(
      'SELECT stage, value, seconds FROM uplift.checkpoint ORDER BY place',
    )
    const checkpoints = new Checkpoints(client, new Map(rows.map(({ stage, ...rest }) => [stage, rest])))
    if (rows.length > 0) await checkpoints.#resetSequences()
    return checkpoints
  }

  get stages(): { stage: string; seconds: number }[] {
    return [...this.#rows].map(([stage, { seconds }]) => ({ stage, seconds }))
  }

  has(stage: string): boolean {
    return this.#rows.has(stage)
  }

  /** What a stage gave; only of one that `has`. */
  value<T>(stage: string): T {
    return this.#rows.get(stage)!.value as T
  }

  /** Notes a stage as finished; `value` has to survive JSON. Sequences are noted too, because no rollback takes them back. */
  async save(stage: string, value: unknown, seconds: number): Promise<void> {
    await this.#client.query(`
      CREATE SCHEMA IF NOT EXISTS uplift;
      CREATE TABLE IF NOT EXISTS uplift.checkpoint (
        place serial PRIMARY KEY, stage text NOT NULL UNIQUE, finished_at timestamptz NOT NULL DEFAULT now(),
        seconds double precision NOT NULL, value jsonb, sequences jsonb)`)
    await this.#client.query(
      `INSERT INTO uplift.checkpoint (stage, value, seconds, sequences)
       SELECT $1, $2, $3, (SELECT jsonb_object_agg(format('%I.%I', schemaname, sequencename), last_value)
                             FROM pg_sequences WHERE schemaname IN ('public', 'legacy', 'uplift') AND sequencename <> 'checkpoint_place_seq')`,
      [stage, JSON.stringify(value ?? null), seconds],
    )
    this.#rows.set(stage, { value, seconds })
  }

  /** A stage that broke off may have drawn numbers: the next try gives the same ones again. */
  async #resetSequences(): Promise<void> {
    await this.#client.query(`
      SELECT CASE WHEN s.value IS NULL THEN setval(p.name::regclass, p.start_value, false) ELSE setval(p.name::regclass, s.value::bigint, true) END
        FROM (SELECT sequences FROM uplift.checkpoint ORDER BY place DESC LIMIT 1) c,
             jsonb_each_text(c.sequences) s,
             (SELECT format('%I.%I', schemaname, sequencename) AS name, start_value, last_value FROM pg_sequences) p
       WHERE p.name = s.key AND p.last_value IS DISTINCT FROM s.value::bigint`)
  }
}
