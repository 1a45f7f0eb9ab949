import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type TestApi } from '../../../test/setup/api.ts'
import { type GivenRequest, requestWith } from '../../../test/setup/request-files.ts'
import { UpliftError } from '../../errors.ts'
import { type LogEvent, writeLog } from '../../requests/log.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi(
    { UPLIFT_GUESSES: '100000' },
    {
      versionProblem: async (source, target) =>
        Number(target) === Number(source) + 1 || (source === '6.0' && target === '6.1')
          ? null
          : new UpliftError('VERSION:UNSUPPORTED', 'No way.'),
    },
  )
})
afterAll(() => api.close())

const dump = { original: { content: Buffer.from('PGDMP and so on'), name: 'company.dump' } }

async function page({ base }: GivenRequest, query = ''): Promise<string> {
  const response = await fetch(`${api.url}${base}/status${query}`)
  expect(response.status).toBe(200)
  return response.text()
}

/** Sends a form of the page. */
async function send(
  { base }: GivenRequest,
  action: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${api.url}${base}/${action}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
    redirect: 'manual',
  })
  return { status: response.status, text: await response.text() }
}

async function row({ id }: GivenRequest): Promise<Record<string, unknown>> {
  const { rows } = await api.database.pool.query(
    'SELECT state, target, aim, timezone FROM service.request WHERE id = $1',
    [id],
  )
  return rows[0] as Record<string, unknown>
}

/** What a page says, without its marks. */
const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')

describe('a draft', () => {
  test('without its dump cannot be started', async () => {
    const made = await requestWith(api, 'draft')
    const html = await page(made)
    expect(html).not.toContain('action="start"')
    expect(textOf(html)).toContain('Waiting for the dump')
    const { status, text } = await send(made, 'start')
    expect(status).toBe(409)
    expect(textOf(text)).toContain('There is no dump yet: upload it first.')
    // The page was made by an action, which no link can repeat.
    expect(text).toContain('href="status?lang=fr"')
    expect(await row(made)).toMatchObject({ state: 'draft' })
  })

  test('says what is in its dump, and what it can be upgraded to', async () => {
    const made = await requestWith(api, 'draft', dump, { database_version: '7.0', postgresql: '9.6' })
    const html = await page(made)
    expect(textOf(html)).toMatch(/Version 7\.0 .*PostgreSQL 9\.6/)
    // Only one version can be reached, so nothing is asked.
    expect(html).not.toContain('name="target"')
    const french = await page(made, '?lang=fr')
    expect(french).toContain('<html lang="fr">')
    expect(french).toContain('Lancer la mise à niveau')
  })

  test('of a version before 6.1 is asked for its time zone, and for nothing that it cannot have', async () => {
    const made = await requestWith(api, 'draft', dump, { database_version: '6.0' })
    const html = await page(made)
    expect(html).toContain('name="timezone"')
    expect(html).toContain('<option value="Europe/Brussels">')
    expect((await send(made, 'amend', { target: '99.0' })).status).toBe(409)
    expect(await row(made)).toMatchObject({ target: '8.0', timezone: null })
    expect((await send(made, 'amend', { target: '6.1', timezone: 'Europe/Brussels' })).status).toBe(303)
    expect(await row(made)).toMatchObject({ target: '6.1', timezone: 'Europe/Brussels', aim: 'test' })
    expect((await send(made, 'amend', { timezone: '', aim: 'production' })).status).toBe(303)
    expect(await row(made)).toMatchObject({ target: '6.1', timezone: null, aim: 'production' })
  })

  test('is started with what was chosen beside the button', async () => {
    const made = await requestWith(api, 'draft', dump, { database_version: '6.0' })
    const form = /<form [\s\S]*?<\/form>/.exec(await page(made))?.[0]
    expect(form).toMatch(/action="start"[\s\S]*name="target"[\s\S]*name="timezone"[\s\S]*<button>/)
    expect((await send(made, 'start', { target: '6.1', timezone: 'Europe/Brussels' })).status).toBe(303)
    expect(await row(made)).toMatchObject({ state: 'pending', target: '6.1', timezone: 'Europe/Brussels' })
  })

  test('a wrong time zone is told beside its field, with what was typed, and nothing is started', async () => {
    const made = await requestWith(api, 'draft', dump, { database_version: '6.0' })
    for (const action of ['start', 'amend']) {
      const { status, text } = await send(made, action, { target: '6.1', timezone: 'Europe/Nowhere' })
      expect(status).toBe(409)
      expect(text).toMatch(/<input id="timezone" [^>]*value="Europe\/Nowhere"[^>]*aria-invalid="true"/)
      expect(text).toContain('<p class="error" id="timezone-error">This time zone is not known.')
      expect(text).not.toContain('role="alert"')
      expect(text).toContain('<option selected>6.1</option>')
      expect(await row(made)).toMatchObject({ state: 'draft', target: '8.0', timezone: null })
    }
  })

  test('whose target cannot be reached is not ready: another one is to be chosen', async () => {
    const made = await requestWith(api, 'draft', dump, { database_version: '6.0' })
    const html = await page(made)
    expect(html).not.toContain('good-box')
    expect(textOf(html)).toContain('a database of version 6.0 cannot be upgraded to 8.0 here')
    expect(html).toMatch(
      /<select[^>]* required[^>]*><option value="">Choose …<\/option><option>6\.1<\/option>/,
    )
    for (const target of ['', '8.0']) {
      const { status, text } = await send(made, 'start', { target, timezone: '' })
      expect(status).toBe(409)
      expect(text).toMatch(/<select id="target"[^>]*aria-invalid="true"/)
    }
    expect(await row(made)).toMatchObject({ state: 'draft' })
  })

  test('is started once', async () => {
    const made = await requestWith(api, 'draft', dump, { database_version: '7.0' })
    expect((await send(made, 'start')).status).toBe(303)
    expect(await row(made)).toMatchObject({ state: 'pending' })
    expect(api.queued).toContain(made.id)
    const again = await send(made, 'start')
    expect(again.status).toBe(409)
    expect(textOf(again.text)).toContain('This request has already been started or has ended.')
    expect((await send(made, 'amend', { aim: 'production' })).status).toBe(409)
    expect(await row(made)).toMatchObject({ aim: 'test' })
  })

  test('of a version from which no way leads says so, and is not started', async () => {
    const made = await requestWith(api, 'draft', dump, { database_version: '17.0' })
    const html = await page(made)
    expect(textOf(html)).toContain('This database cannot be upgraded here')
    for (const absent of ['action="start"', 'good-box', '<select']) expect(html).not.toContain(absent)
    const { status, text } = await send(made, 'start')
    expect(status).toBe(409)
    expect(textOf(text)).toContain('This version cannot be upgraded to the chosen target.')
    expect(await row(made)).toMatchObject({ state: 'draft' })
  })
})

test.each(['start', 'amend', 'cancel'])('%s: not for other sites, nor by a link', async (action) => {
  const made = await requestWith(api, 'draft', dump, { database_version: '7.0' })
  const before = await row(made)
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
    expect((await send(made, action, { aim: 'production' }, headers as Record<string, string>)).status).toBe(
      403,
    )
  expect((await fetch(`${api.url}${made.base}/${action}`)).status).toBe(404)
  const foreign = { ...made, base: `${made.base.slice(0, -2)}x=` }
  expect((await send(foreign, action)).status).toBe(404)
  expect(await row(made)).toEqual(before)
})

test('a request at work tells its stages, what they do, and its log', async () => {
  const made = await requestWith(api, 'progress', dump, {
    processed_at: new Date(Date.now() - 75_000),
    estimated_seconds: 130,
  })
  await api.database.pool.query(
    `INSERT INTO service.stage (request, name, place, state, done, total, unit, subject, seconds, started_at)
     VALUES ($1, 'received', 1, 'done', NULL, NULL, NULL, NULL, 3.2, now()),
            ($1, 'hop 7.0-8.0', 2, 'running', 3, 12, 'modules', 'stock', NULL, now()),
            ($1, 'verified', 3, 'waiting', NULL, NULL, NULL, NULL, NULL, NULL)`,
    [made.id],
  )
  await api.database.pool.query(
    `INSERT INTO service.log (request, level, message) VALUES ($1, 'warning', 'a line of the log')`,
    [made.id],
  )
  const html = await page(made)
  const text = textOf(html)
  expect(html).toMatch(/<title>▶ 41 % · In progress · db_name\.dump · Uplift<\/title>/)
  expect(text).toMatch(/Running for 1 min 1\d s · Estimate: about 2 min/)
  expect(text).toContain('Upgraded 7.0 → 8.0 running 3 of 12 modules · stock')
  expect(text).toContain('a line of the log')
  expect(html).toContain('data-events="events"')
  const french = textOf(await page(made, '?lang=fr'))
  expect(french).toContain('En cours')
  expect(french).toContain('3 sur 12')
})

test.each([
  ['cancelled', 'broken off', 'interrompue'],
  ['failed', 'failed', 'échouée'],
] as const)('in a request that %s nothing runs or waits', async (state, english, french) => {
  const made = await requestWith(api, state, dump, { processed_at: new Date() })
  await api.database.pool.query(
    `INSERT INTO service.stage (request, name, place, state, done, total, unit, seconds, started_at)
     VALUES ($1, 'loaded', 1, 'running', 3, 12, 'rows', NULL, now()), ($1, 'aligned', 2, 'failed', 3, 12, 'rows', 12, now()),
            ($1, 'verified', 3, 'waiting', NULL, NULL, NULL, NULL, NULL)`,
    [made.id],
  )
  const html = await page(made)
  expect(textOf(html)).toMatch(
    new RegExp(
      `Loaded into a database ${english} Aligned with the new version ${english} 12 s Verified not begun`,
    ),
  )
  expect(html).not.toContain('data-since')
  expect(textOf(await page(made, '?lang=fr'))).toMatch(
    new RegExp(`Chargée dans une base ${french} .*Vérifiée pas commencée`),
  )
})

test('the log is in the language of the reader, whatever happened', async () => {
  const made = await requestWith(api, 'progress', dump, {})
  const events: [LogEvent, english: string, french: string][] = [
    [
      { event: 'received', detail: { bytes: 1_234_567, sha256: 'ab12' } },
      'The dump was received: 1234567 bytes, SHA-256 ab12.',
      'La sauvegarde a été reçue : 1 234 567 octets, SHA-256 ab12.',
    ],
    [
      { event: 'amended', detail: { target: '8.0', aim: 'test', timezone: 'Europe/Paris' } },
      'The request was changed: target 8.0, aim test, time zone Europe/Paris.',
      'La demande a été modifiée : cible 8.0, objectif test, fuseau horaire Europe/Paris.',
    ],
    [
      { event: 'stage', detail: { name: 'hop 7.0-8.0', seconds: 1_062.04 } },
      'hop 7.0-8.0: 1062.0 s',
      'Mise à niveau 7.0 → 8.0 : 1 062,0 s',
    ],
    [
      { event: 'broke off', detail: { reason: 'There is no room.' } },
      'The work broke off and goes on later: There is no room.',
      'Le travail s’est interrompu et reprendra plus tard : There is no room.',
    ],
    [
      { event: 'files deleted', detail: {} },
      'The dumps were deleted: their time is over.',
      'Les sauvegardes ont été supprimées : leur durée de conservation est écoulée.',
    ],
  ]
  for (const [event] of events) await writeLog(api.database.pool, made.id, event)
  await api.database.pool.query(
    `INSERT INTO service.log (request, level, message, event, detail)
     VALUES ($1, 'info', 'Of an older version.', NULL, NULL), ($1, 'info', 'Of a newer version.', 'constructor', '{}')`,
    [made.id],
  )
  const english = textOf(await page(made))
  const french = textOf(await page(made, '?lang=fr')).replaceAll(/\s/g, ' ')
  for (const [, inEnglish, inFrench] of events) {
    expect(english).toContain(inEnglish)
    expect(french).toContain(inFrench)
    expect(french).not.toContain(inEnglish)
  }
  for (const text of [english, french]) expect(text).toContain('Of an older version.')
  for (const text of [english, french]) expect(text).toContain('Of a newer version.')
  expect(await page(made, '?lang=fr')).toContain('<span lang="en">There is no room.</span>')
})

test('a request that is done tells its files with their sums, and how to fetch, check and restore them', async () => {
  const content = Buffer.from('PGDMP upgraded')
  const made = await requestWith(
    api,
    'done',
    { ...dump, upgraded: { content, name: 'upgraded_company.dump' } },
    { finished_at: new Date() },
  )
  const html = await page(made)
  const text = textOf(html)
  const sum = createHash('sha256').update(content).digest('hex')
  expect(text).toContain(sum)
  expect(html).toContain('href="upgraded/archive"')
  expect(text).toContain(
    `curl --fail --continue-at - --output upgraded_company.dump ${api.url}${made.base}/upgraded/archive`,
  )
  expect(text).toContain(
    `echo &#39;${sum}  upgraded_company.dump&#39; | sha256sum --check`.replace('  ', ' '),
  )
  expect(text).toContain('pg_restore --jobs=4 --no-owner --dbname=NEW_DATABASE upgraded_company.dump')
  expect(html).not.toContain('upgraded/filestore')
  await api.database.pool.query('UPDATE service.request SET filestore = true WHERE id = $1', [made.id])
  expect(await page(made)).toContain('href="upgraded/filestore"')
  expect((await send(made, 'cancel')).status).toBe(303)
  expect(await row(made)).toMatchObject({ state: 'done' })
})

test('in French, nothing is English that is not marked as such', async () => {
  const violations =
    'The verification of the result found 3 violations: read the notes before you work with it.'
  const isTest =
    'This is a test database: scheduled actions, mail, payment providers and other connectors are switched off.'
  const message = (text: string) =>
    requestWith(api, 'done', dump, { customer_message: text, finished_at: new Date() })
  const both = await message(`${violations} ${isTest}`)
  expect(textOf(await page(both))).toContain(`${violations} ${isTest}`)
  const french = textOf(await page(both, '?lang=fr'))
  expect(french).toMatch(/a trouvé 3 infractions : .* Ceci est une base de test :/)
  expect(french).not.toContain('test database')
  expect(await page(await message('Something else.'), '?lang=fr')).toContain(
    '<span lang="en">Something else.</span>',
  )

  const failed = await requestWith(api, 'failed', dump, {
    compressions: ['gzip', 'sql'],
    failure: JSON.stringify({ code: 'LOAD:DATA', message: 'A row cannot be read.' }),
    customer_message: 'A row cannot be read.',
  })
  const html = await page(failed, '?lang=fr')
  expect(html.match(/A row cannot be read\./g)).toHaveLength(1)
  expect(html).toContain('<span lang="en">A row cannot be read.</span>')
  expect(textOf(html)).toContain('PostgreSQL n’a pas accepté les données d’une table.')
  expect(textOf(html)).toContain('Code : LOAD:DATA')
  expect(textOf(html)).toContain('gzip › texte SQL')
})

test('a size is told with its bytes', async () => {
  const made = await requestWith(api, 'draft', { original: { content: Buffer.alloc(1_234_567) } })
  expect(textOf(await page(made))).toContain('Size 1.2 MB (1,234,567 bytes)')
  expect(textOf(await page(made, '?lang=fr')).replaceAll(/\s/g, ' ')).toContain(
    'Taille 1,2 Mo (1 234 567 octets)',
  )
})

test('files whose time is over are said to be deleted', async () => {
  const made = await requestWith(api, 'done', dump, { removed_at: new Date('2026-02-01T00:00:00Z') })
  const html = await page(made)
  expect(html).not.toContain('href="original/archive"')
  expect(textOf(html)).toMatch(/2026/)
})
