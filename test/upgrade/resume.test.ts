import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scratch } from '../../src/postgres/server.ts'
import { makeSample, sampleModules } from '../../src/sample/make-sample.ts'
import { loadedStages, runStages, type StageOptions } from '../../src/upgrade/stages.ts'
import { chooseTarget, type Target } from '../../src/upgrade/target.ts'
import { runUpgrade } from '../../src/upgrade/upgrade.ts'
import { fingerprint } from '../service/fingerprint.ts'
import { testServer } from '../setup/databases.ts'

const started = new Date()
let folder: string
let source: string
let untouched: Map<string, string>
let target: Target

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-resume-'))
  source = join(folder, 'sample.dump')
  const server = testServer()
  await makeSample({ server, series: '7.0', modules: sampleModules, rows: 20, out: source, format: 'custom' })
  const out = join(folder, 'untouched.dump')
  const settled = { source, to: '8.0', out, format: 'custom', aim: 'test', catalogueOnly: true } as const
  await runUpgrade({ server, dataFolder: folder, ...settled })
  untouched = await fingerprint(out, started)
  target = await chooseTarget({ server, dataFolder: folder, to: '8.0', catalogueOnly: true })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

class Crash extends Error {}

/** Runs stages until `breaks` says so, at the start of a stage or somewhere within it. */
async function tryStages(
  scratch: Scratch,
  out: string,
  breaks: (stage: string, within: boolean) => boolean,
): Promise<boolean> {
  const attachments = join(folder, 'attachments')
  await mkdir(attachments, { recursive: true })
  const crash = (stage: string, within: boolean) => {
    if (breaks(stage, within)) throw new Crash(stage)
  }
  const options: StageOptions = {
    ...{ scratch, target, source, to: '8.0', out, format: 'custom', aim: 'test', attachments },
    events: {
      onStage: (stage, when) => {
        if (when === 'start') crash(stage, false)
      },
      onProgress: ({ stage, done, total }) => {
        if (total === undefined || done > total / 2) crash(stage, true)
      },
    },
  }
  try {
    await runStages(options)
    return true
  } catch (thrown) {
    if (thrown instanceof Crash || (thrown instanceof Error && thrown.cause instanceof Crash)) return false
    throw thrown
  }
}

test('an upgrade that breaks off at the start of every stage and in the middle of some ends with the same result', async () => {
  const server = testServer()
  let scratch = await server.createScratch({ name: 'uplift_resume_1' })
  const out = join(folder, 'resumed.dump')
  const seen = new Set<string>()
  // A load that broke off is begun anew, with a new database.
  for (const where of ['load', 'load within']) {
    expect(
      await tryStages(scratch, out, (stage, within) => `${stage}${within ? ' within' : ''}` === where),
    ).toBe(false)
    seen.add(where)
    await scratch.drop()
    scratch = await server.createScratch({ name: `uplift_resume_${seen.size + 1}` })
  }
  let before = 0
  for (let attempt = seen.size + 2; ; attempt++) {
    const done = await tryStages(scratch, out, (stage, within) => {
      const place = `${stage}${within ? ' within' : ''}`
      if (seen.has(place)) return false
      seen.add(place)
      return true
    })
    const finished = (await scratch.with(loadedStages)).length
    expect(finished).toBeGreaterThanOrEqual(before)
    before = finished
    if (done) break
    scratch = await server.adoptScratch(scratch.address.database, `uplift_resume_${attempt}`)
  }
  expect([...seen]).toEqual(
    expect.arrayContaining([
      ...['snapshot', 'hop 7.0-8.0', 'align', 'align within', 'fill', 'constrain', 'constrain within'],
      ...['own', 'verify', 'neutralise', 'write', 'write within'],
    ]),
  )
  expect(await fingerprint(out, started)).toEqual(untouched)
  await scratch.drop()
})

test('who works on a database that was taken over is cut off, and finds it no more', async () => {
  const server = testServer()
  const old = await server.createScratch({ name: 'uplift_taken_1' })
  const client = await old.connect()
  await client.query('CREATE TABLE kept (id integer); INSERT INTO kept VALUES (1)')
  await client.query('BEGIN')
  await client.query('INSERT INTO kept VALUES (2)')
  const taken = await server.adoptScratch('uplift_taken_1', 'uplift_taken_2')
  await expect(client.query('COMMIT')).rejects.toThrow()
  await expect(old.connect()).rejects.toMatchObject({ code: 'CLUSTER:UNREACHABLE' })
  expect(await taken.with(async (own) => (await own.query('SELECT id FROM kept')).rows)).toEqual([{ id: 1 }])
  expect(await server.scratchNames('uplift_taken_')).toEqual(['uplift_taken_2'])
  await client.end().catch(() => {})
  await taken.drop()
  const { rows } = await server.withAdmin((admin) =>
    admin.query(`SELECT rolname FROM pg_roles WHERE rolname LIKE 'uplift\\_taken%'`),
  )
  expect(rows).toEqual([])
})
