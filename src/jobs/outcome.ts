import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { Queryable } from '../database/database.ts'
import type { UpliftError } from '../errors.ts'
import { customerMessage } from '../requests/customer-message.ts'
import type { FileRole } from '../requests/request.ts'
import { changeState } from '../requests/state.ts'
import type { Stored } from '../storage/storage.ts'
import type { ReportModel } from '../upgrade/report/model.ts'
import { renderReport } from '../upgrade/report/render.ts'
import type { UpgradeResult } from '../upgrade/stages.ts'
import type { Attempt } from './attempt.ts'
import type { WorkerDeps } from './deps.ts'
import { fenced } from './fence.ts'
import type { Form } from './format.ts'
import { packFolder } from './pack-folder.ts'
import { stageName } from './stage-names.ts'
import { finishStage, settleStages } from './stage-rows.ts'

/** Details of a failure that are kept, in characters of JSON: the rows of a broken constraint may be many. */
const DETAIL = 200_000

interface Outcome {
  result: UpgradeResult
  report: ReportModel
  /** The written dump. */
  path: string
  form: Form
  name: string
  signal: AbortSignal
}

/** Puts the result into the storage and ends the request as done; both count, or neither. */
export async function finishAttempt(deps: WorkerDeps, attempt: Attempt, outcome: Outcome): Promise<void> {
  const { storage, database } = deps
  const { request, number } = attempt
  const { result, report, form, name, signal } = outcome
  const started = performance.now()
  // No two tries write to the same key, so that one that was overtaken spoils nothing.
  const key = (role: string, ending: string) =>
    `${request}/${role}/${number}-${randomBytes(6).toString('hex')}${ending}`
  const keys = {
    upgraded: key('upgraded', form.ending),
    report: key('report', '.html'),
    notes: key('notes', '.json'),
  }
  try {
    const upgraded = await store(deps, keys.upgraded, outcome)
    const html = await storage.put(keys.report, once(renderReport(report)), { signal })
    const notes = await storage.put(keys.notes, once(`${JSON.stringify(report, null, 2)}\n`), { signal })
    const base = name.slice(0, name.length - form.ending.length)
    await fenced(database, request, number, async (client) => {
      await keepFile(client, request, 'upgraded', keys.upgraded, name, form.contentType, upgraded)
      await keepFile(
        client,
        request,
        'report',
        keys.report,
        `${base}-report.html`,
        'text/html; charset=utf-8',
        html,
      )
      await keepFile(client, request, 'notes', keys.notes, `${base}-notes.json`, 'application/json', notes)
      const finished = result.timings.flatMap(({ stage, seconds }) => {
        const shown = stageName(stage)
        return shown && shown !== 'written' ? [{ name: shown, seconds }] : []
      })
      const writing = result.timings.find(({ stage }) => stage === 'write')?.seconds ?? 0
      await finishStage(client, request, number, 'written', writing + (performance.now() - started) / 1000)
      await settleStages(client, request, number, [...finished, { name: 'written', seconds: writing }])
      await client.query('UPDATE service.request SET filestore = $2 WHERE id = $1', [
        request,
        result.written.files > 0,
      ])
      await measure(client, attempt, result)
      await changeState(client, request, 'done', { customerMessage: messageOf(report) })
    })
  } catch (thrown) {
    await Promise.allSettled(Object.values(keys).map((each) => drop(deps, each)))
    throw thrown
  }
}

/** A commit whose answer was lost may have been done: only what no row names is removed. */
async function drop({ database, storage }: WorkerDeps, key: string): Promise<void> {
  const { rowCount } = await database.pool.query('SELECT FROM service.file WHERE key = $1', [key])
  if (!rowCount) await storage.remove(key)
}

async function store({ storage }: WorkerDeps, key: string, { path, form, signal }: Outcome): Promise<Stored> {
  switch (form.wrapping) {
    case 'none':
      return storage.putFile(key, path, { signal })
    case 'gzip':
      return storage.put(key, gzipped(path), { signal })
    case 'tar':
      return storage.put(key, packFolder(path), { signal })
  }
}

async function keepFile(
  client: Queryable,
  request: number,
  role: FileRole,
  key: string,
  name: string,
  contentType: string,
  { bytes, sha256 }: Stored,
): Promise<void> {
  await client.query(
    `WITH former AS (SELECT key FROM service.file WHERE request = $1 AND role = $2),
          dropped AS (INSERT INTO service.dropped_file (key) SELECT key FROM former ON CONFLICT DO NOTHING)
     INSERT INTO service.file (request, role, key, name, content_type, bytes, sha256) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (request, role) DO UPDATE
        SET key = excluded.key, name = excluded.name, content_type = excluded.content_type, bytes = excluded.bytes,
            sha256 = excluded.sha256, sql_bytes = NULL, sql_sha256 = NULL, filestore_bytes = NULL, filestore_sha256 = NULL,
            created_at = now()`,
    [request, role, key, name, contentType, bytes, sha256],
  )
}

/** For the estimates of later requests. Tries that broke off count with what they finished. */
async function measure(
  client: Queryable,
  { request, original }: Attempt,
  { plan, timings }: UpgradeResult,
): Promise<void> {
  const seconds = timings.reduce((sum, timing) => sum + timing.seconds, 0)
  await client.query(
    `INSERT INTO service.measure (request, source, target, hops, bytes, seconds, stages) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (request) DO NOTHING`,
    [
      request,
      plan.from,
      plan.to,
      plan.hops.length,
      original.bytes,
      seconds,
      JSON.stringify(Object.fromEntries(timings.map((timing) => [timing.stage, timing.seconds]))),
    ],
  )
}

function messageOf({ counts, aim }: ReportModel): string | null {
  return customerMessage({ violations: counts.violations ?? 0, isTest: aim === 'test' }) || null
}

export async function failAttempt(
  { database, log }: WorkerDeps,
  attempt: Attempt,
  error: UpliftError,
): Promise<void> {
  log.error(
    { request: attempt.request, attempt: attempt.number, code: error.code, err: error },
    'the request failed',
  )
  const detail = JSON.stringify(error.detail)
  await fenced(database, attempt.request, attempt.number, (client) =>
    changeState(client, attempt.request, 'failed', {
      failure: {
        code: error.code,
        message: error.message,
        detail: detail.length <= DETAIL ? error.detail : { shortened: detail.slice(0, DETAIL) },
      },
    }),
  )
}

export async function cancelAttempt({ database }: WorkerDeps, attempt: Attempt): Promise<void> {
  await fenced(database, attempt.request, attempt.number, (client) =>
    changeState(client, attempt.request, 'cancelled'),
  )
}

/** A read that fails has to end the packing, which pipe() would not do. */
function gzipped(path: string): Readable {
  return pipeline(createReadStream(path), createGzip({ level: 6 }), () => {})
}

async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
}
