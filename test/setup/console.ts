import type { Catalogue } from '../../src/catalogue/catalogue.ts'
import { Presence } from '../../src/jobs/presence.ts'
import { ReferenceStore } from '../../src/reference/store.ts'
import { type RequestState, requestStates } from '../../src/requests/request.ts'
import type { TestApi } from './api.ts'
import { makeHistory } from './history.ts'
import { requestIn } from './request-states.ts'

/** What a console shows that has been at work for a while. */
export interface Shown {
  /** A request in each state. */
  ids: Readonly<Record<RequestState, number>>
  /** SHA-256 of the reference that is kept. */
  reference: string
  worker: Presence
}

/** Fills the service of a test with something of everything that the console has a page for. */
export async function fillConsole(api: TestApi): Promise<Shown> {
  const { database, storage, folder } = api
  const { pool } = database
  const ids = {} as Record<RequestState, number>
  for (const state of requestStates) {
    ids[state] = (await requestIn(database, state, { filename: `${state}_2026.sql.gz` })).id
    for (let i = 0; i < 3; i++)
      await requestIn(database, state, {
        filename: `a_rather_long_name_of_a_dump_of_company_${i}_before_the_upgrade.dump`,
        email: `somebody.with.a.long.name.${i}@subsidiary.example.com`,
      })
  }
  await pool.query(`
    INSERT INTO service.stage (request, name, place, attempt, state, started_at, finished_at, seconds, done, total, unit)
    SELECT r.id, s.name, s.place, 1, 'done', now(), now(), 7 * s.place, 1200, 1200, 'rows' FROM service.request r,
           unnest(ARRAY['received', 'inspected', 'loaded', 'recorded', 'hop 7.0-8.0', 'aligned', 'filled', 'constrained', 'verified', 'written']) WITH ORDINALITY AS s (name, place)
     WHERE r.state IN ('done', 'failed');
    INSERT INTO service.stage (request, name, place, attempt, state, started_at, done, total, unit, subject)
    SELECT id, 'loaded', 3, 1, 'running', now(), 300, 1200, 'bytes', 'res_partner' FROM service.request WHERE state = 'progress';
    INSERT INTO service.log (request, level, message)
    SELECT r.id, l.level, l.message FROM service.request r,
           (VALUES ('info', 'The dump is loaded'), ('warning', 'Table ir_translation has rows of a language that is not installed; they are kept'), ('error', 'A row of res_partner has too few fields')) l (level, message);
    INSERT INTO service.measure (request, source, target, hops, bytes, seconds) SELECT id, '7.0', '8.0', 1, id * 40000, id - 10000 FROM service.request;
    UPDATE service.request SET failure = '{"code": "LOAD:DATA", "message": "A row of res_partner has too few fields.", "detail": {"table": "res_partner", "line": 17}}' WHERE state = 'failed';
    UPDATE service.ticket_message SET last_error = 'connect ECONNREFUSED 192.0.2.1:443', given_up_at = now(), tries = 21 WHERE id % 5 = 0;
    INSERT INTO service.contract (code, name, email, expires_on, max_in_progress, max_bytes, revoked_at) VALUES
      ('M200000-valid', 'Company of a long name & Sons, upgrades and integration', 'it@company.example.com', '2031-12-31', 3, 5000000000, NULL),
      ('M200001-expired', 'Another one', NULL, '2020-01-31', NULL, NULL, NULL), ('M200002-revoked', NULL, NULL, NULL, NULL, NULL, now());
    INSERT INTO service.reference_job (instance, series, name, bytes, ended_at, done, modules, failure) VALUES
      ('one', '8.0', 'fresh_8.dump', 41000000, now(), 90000000, 143, NULL),
      ('one', '7.0', 'letter.dump', 41000, now(), NULL, NULL, '{"code": "DUMP:FOREIGN", "message": "letter.dump is no PostgreSQL dump in a form that is known."}');
    INSERT INTO service.worker (instance, host, pid, concurrency, seen_at) VALUES ('gone-1', 'other-host', 7, 1, now() - interval '5 minutes')`)
  const files = await pool.query<{ key: string }>('UPDATE service.file SET bytes = 4 RETURNING key')
  for (const { key } of files.rows) await storage.put(key, ReadableStream.from([Buffer.from('dump')]))
  await makeHistory(database)
  const reference = 'ab'.repeat(32)
  await new ReferenceStore(folder).save(
    {
      series: '8.0',
      sha256: reference,
      database: 'uplift_ref_of_nothing',
      modules: ['account', 'base', 'mail', 'product', 'sale', 'stock', 'web'],
      addedAt: new Date().toISOString(),
      bytes: 41_000_000,
    },
    {} as Catalogue,
  )
  const worker = new Presence(database, { instance: 'worker-1', concurrency: 2 })
  await worker.during(ids.progress, () => worker.tell())
  return { ids, reference, worker }
}
