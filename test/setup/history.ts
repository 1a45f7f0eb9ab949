import type { Database } from '../../src/database/database.ts'

/** A month of samples, as they are kept: minutes of the last day, hours before. */
export async function makeHistory({ pool }: Pick<Database, 'pool'>): Promise<void> {
  await pool.query(`
    INSERT INTO service.sample (minutes, at, states, queue, uploads, uploaded_bytes, until)
    SELECT minutes, at, jsonb_build_object('draft', 3 + n % 4, 'pending', n % 7, 'progress', n % 3, 'done', 40 + n / 20, 'failed', 5 + n / 90, 'cancelled', 4 + n / 200),
           n % 7, n % 5, (n % 5) * 700000000::bigint, at
      FROM (SELECT 1 AS minutes, at, row_number() OVER () AS n FROM generate_series(date_trunc('minute', now()) - interval '1 day', now() - interval '2 minutes', interval '1 minute') at
            UNION ALL
            SELECT 60, at, row_number() OVER () FROM generate_series(date_trunc('hour', now()) - interval '29 days', now() - interval '26 hours', interval '1 hour') at) t
     WHERE NOT at BETWEEN now() - interval '11 hours' AND now() - interval '9 hours';
    INSERT INTO service.sample_stage (minutes, at, stage, count, seconds)
    SELECT minutes, at, name, 1, place * minutes * (1 + extract(minute FROM at)::int % 5) FROM service.sample,
           unnest(ARRAY['received', 'inspected', 'loaded', 'recorded', 'hop 7.0-8.0', 'aligned', 'filled', 'constrained', 'verified', 'written']) WITH ORDINALITY AS s (name, place)
     WHERE extract(minute FROM at)::int % 10 = 0`)
}
