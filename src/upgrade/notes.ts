import type pg from 'pg'

/**
 * The working schema `uplift` of a scratch database: notes for the report, written by the same SQL that does the work
 * and in the same transaction, so that they survive a crash as the work does. It is dropped before the result is written.
 */
export async function prepareNotes(client: pg.ClientBase): Promise<void> {
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS uplift;
    CREATE SCHEMA IF NOT EXISTS legacy;
    CREATE TABLE IF NOT EXISTS uplift.note (
      id serial PRIMARY KEY,
      stage text NOT NULL,
      topic text NOT NULL,
      -- Null for a record that has no name.
      subject text,
      outcome text NOT NULL,
      detail jsonb NOT NULL DEFAULT '{}'
    );
    -- Rows that a transform turned into something else or set aside, for the verification's count of records.
    CREATE TABLE IF NOT EXISTS uplift.taken (tbl text NOT NULL, rows bigint NOT NULL, "into" text NOT NULL);
    -- Records that were switched off, because they would fail.
    CREATE TABLE IF NOT EXISTS uplift.stopped (tbl text NOT NULL, id integer NOT NULL)`)
}

/**
 * Writes one note per row of a query. The query gives (subject, outcome, detail): what it is about, what became of it,
 * and figures or names for machines.
 */
export async function note(
  client: pg.ClientBase,
  stage: string,
  topic: string,
  query: string,
  parameters: unknown[] = [],
): Promise<number> {
  const { rowCount } = await client.query(
    `INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
     SELECT '${stage}', '${topic}', q.subject, q.outcome, q.detail FROM (${query}) AS q (subject, outcome, detail)`,
    parameters,
  )
  return rowCount ?? 0
}

export interface Note {
  stage: string
  topic: string
  subject: string
  outcome: string
  detail: Record<string, unknown>
}

/** All notes as they were written. A record without a name is told by its number. */
export async function readNotes(client: pg.ClientBase): Promise<Note[]> {
  const { rows } = await client.query<Note>(
    `SELECT stage, topic, coalesce(nullif(subject, ''), '#' || (detail->>'id'), '?') AS subject, outcome, detail
       FROM uplift.note ORDER BY id`,
  )
  return rows
}
