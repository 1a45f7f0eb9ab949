import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type TestApi } from '../../../test/setup/api.ts'
import { makeHistory } from '../../../test/setup/history.ts'
import { type Operator, openOperator } from '../../../test/setup/operator.ts'
import { requestIn } from '../../../test/setup/request-states.ts'
import { Presence } from '../../jobs/presence.ts'

let api: TestApi
let operator: Operator
beforeAll(async () => {
  api = await startApi({
    UPLIFT_TICKETS: 'webhook',
    UPLIFT_WEBHOOK_URL: 'https://user:hidden-password@hooks.example.com/in?token=hidden-token',
    UPLIFT_WEBHOOK_SECRET: 'hidden-webhook-secret',
    UPLIFT_SMTP_URL: 'smtps://user:hidden-smtp@mail.example.com',
    UPLIFT_MAIL_FROM: 'Uplift <uplift@example.com>',
    UPLIFT_METRICS_TOKEN: 'hidden-metrics-token',
  })
  operator = await openOperator(api)
})
afterAll(() => api.close())

const contract = async (code: string) =>
  (
    await api.database.pool.query(
      `SELECT name, email, expires_on::text AS expires, max_in_progress AS "atOnce", max_bytes::int AS bytes, revoked_at IS NOT NULL AS revoked
         FROM service.contract WHERE code = $1`,
      [code],
    )
  ).rows[0]

test('contracts are added, changed, revoked and restored', async () => {
  const fields = {
    code: 'M1-new',
    name: 'New & Sons',
    email: 'it@example.com',
    expires: '2030-12-31',
    max_in_progress: '2',
    max_bytes: '5 MB',
  }
  expect((await operator.post('/console/contracts', fields)).headers.get('location')).toBe(
    '/console/contracts?outcome=added',
  )
  expect(await contract('M1-new')).toEqual({
    name: 'New & Sons',
    email: 'it@example.com',
    expires: '2030-12-31',
    atOnce: 2,
    bytes: 5_000_000,
    revoked: false,
  })
  expect((await operator.post('/console/contracts', fields)).status).toBe(409)
  await operator.post('/console/contracts/edit', {
    ...fields,
    name: 'Newer',
    expires: '',
    max_in_progress: '7',
  })
  expect(await contract('M1-new')).toMatchObject({ name: 'Newer', expires: null, atOnce: 7, revoked: false })
  await operator.post('/console/contracts/revoke', { code: 'M1-new' })
  expect((await contract('M1-new')).revoked).toBe(true)
  expect(await operator.page('/console/contracts/edit?code=M1-new')).toContain('Restore')
  await operator.post('/console/contracts/restore', { code: 'M1-new' })
  expect((await contract('M1-new')).revoked).toBe(false)
  expect((await operator.get('/console/contracts/edit?code=unknown')).status).toBe(404)
})

test('what is wrong in a contract is said at its field, and what was written stays', async () => {
  const answer = await operator.post('/console/contracts', {
    code: 'a b',
    expires: 'tomorrow',
    email: 'nobody',
  })
  expect(answer.status).toBe(422)
  const page = await answer.text()
  for (const field of ['code', 'expires', 'email']) expect(page).toContain(`id="${field}-problem"`)
  expect(page).not.toContain('id="name-problem"')
  expect(page).toContain('value="a b"')
})

test('contracts are imported from a file, all of it or nothing', async () => {
  const send = (content: string) =>
    operator.upload('/console/contracts/import', {}, { field: 'file', name: 'c.csv', content })
  const good = await send('code,name,max_in_progress\nI1,One,3\nI2,Two,\n')
  expect(good.headers.get('location')).toBe('/console/contracts?imported=2-0')
  expect(await operator.page('/console/contracts?imported=1-2&lang=fr')).toContain(
    'Contrats importés : 1 ajouté, 2 mis à jour.',
  )
  expect(await contract('I1')).toMatchObject({ name: 'One', atOnce: 3 })
  const bad = await send('code,max_in_progress\nI3,3\nI1,many\n')
  expect(bad.status).toBe(422)
  expect(await bad.text()).toContain('has to be a whole number')
  expect(await contract('I3')).toBeUndefined()
})

test.each([
  ['', 'Le fichier est vide'],
  ['name\nx\n', 'La colonne code manque'],
  ['code,colour\nx,red\n', '« colour » n’est pas une colonne'],
  ['code,code\nx,y\n', 'La colonne code apparaît deux fois'],
  ['code,name\nx\n', 'Champs : 1. Colonnes : 2.'],
  ['code,expires\nx,yesterday\n', 'expires : Ce n’est pas une date'],
  ['code\nx\nx\n', 'Le contrat x se trouve déjà à la ligne 2'],
  ['code,name\nx,"open\n', 'Un guillemet est ouvert et jamais fermé'],
  ['code,name\nx,a "quote"\n', 'Un guillemet se trouve là où'],
  [`code,name\nx,${'y'.repeat(30_000)}\n`, 'Il y a plus de 20'],
])('what is wrong in the file %j is said in the language of the reader', async (content, french) => {
  const answer = await operator.upload(
    '/console/contracts/import?lang=fr',
    {},
    { field: 'file', name: 'c.csv', content },
  )
  expect(answer.status).toBe(422)
  const page = await answer.text()
  expect(page).toContain(french)
  expect(page).toContain('Rien n’a été importé')
})

test('a failure is explained in the language of the reader; what was written down in English is marked as such', async () => {
  const { id } = await requestIn(api.database, 'failed')
  await api.database.pool.query(
    `UPDATE service.request SET failure = '{"code": "LOAD:DATA", "message": "A row has too few fields.", "detail": {}}' WHERE id = $1`,
    [id],
  )
  const page = await operator.page(`/console/requests/${id}?lang=fr`)
  expect(page).toContain('PostgreSQL n’a pas accepté les données d’une table.')
  expect(page).toContain('<span lang="en">A row has too few fields.</span>')
  expect(page).toContain('La mise à niveau a commencé.')
  expect(page).toMatch(/La mise à niveau a échoué : <span lang="en">.+<\/span>/)
  expect(await operator.page(`/console/requests/${id}?lang=en`)).not.toContain('<span lang=')
})

test('a file without the mark of the session is not read', async () => {
  const body = new FormData()
  body.append('csrf', 'wrong')
  body.append('file', new Blob(['code\nevil\n']), 'c.csv')
  const answer = await fetch(`${api.url}/console/contracts/import`, {
    method: 'POST',
    headers: { cookie: operator.cookie },
    body,
    redirect: 'manual',
  })
  expect(answer.status).toBe(403)
  const late = new FormData()
  late.append('file', new Blob(['code\nevil\n']), 'c.csv')
  late.append('csrf', await operator.csrf())
  const second = await fetch(`${api.url}/console/contracts/import`, {
    method: 'POST',
    headers: { cookie: operator.cookie },
    body: late,
    redirect: 'manual',
  })
  expect(second.status).toBe(403)
  expect(await contract('evil')).toBeUndefined()
})

test('a message that was given up is sent again', async () => {
  const { id } = await requestIn(api.database, 'pending')
  const { pool } = api.database
  const { rows } = await pool.query<{ id: number }>(
    `UPDATE service.ticket_message m SET given_up_at = now(), tries = 21, last_error = 'no route', mailed_at = now()
       FROM service.ticket t WHERE t.id = m.ticket AND t.request = $1 RETURNING m.id::int`,
    [id],
  )
  const message = rows[0]!.id
  expect(await operator.page('/console/tickets?view=failed')).toContain('no route')
  const again = await operator.post(`/console/tickets/${message}/again`)
  expect(again.headers.get('location')).toBe('/console/tickets?outcome=again')
  const now = await pool.query(
    'SELECT given_up_at, tries, retry_at <= now() AS due, mailed_at IS NOT NULL AS mailed FROM service.ticket_message WHERE id = $1',
    [message],
  )
  expect(now.rows).toEqual([{ given_up_at: null, tries: 0, due: true, mailed: true }])
  await pool.query('UPDATE service.ticket_message SET delivered_at = now() WHERE id = $1', [message])
  const nothing = await operator.post(`/console/tickets/${message}/again`)
  expect(nothing.headers.get('location')).toBe('/console/tickets?outcome=nothing')
})

test('settings are shown, secrets only as set', async () => {
  const page = await operator.page('/console/settings')
  expect(page).toContain('UPLIFT_WEBHOOK_SECRET')
  expect(page).toContain('https://hooks.example.com/in')
  expect(page).not.toContain('hidden-')
})

test('the overview tells workers, what they do, and who has gone silent', async () => {
  const { id } = await requestIn(api.database, 'progress')
  const worker = new Presence(api.database, { instance: 'here-1', concurrency: 3 })
  await worker.during(id, () => worker.tell())
  await api.database.pool.query(
    `INSERT INTO service.worker (instance, host, pid, concurrency, seen_at) VALUES ('gone-1', 'other-host', 7, 1, now() - interval '5 minutes')`,
  )
  const page = await operator.page('/console')
  expect(page).toContain('2 free places')
  expect(page).toContain(`<a href="/console/requests/${id}">${id}</a>`)
  expect(page).toMatch(/other-host <span class="soft">7<\/span> <span class="pill warn">silent/)
  await worker.end()
  expect((await api.database.pool.query('SELECT instance FROM service.worker')).rows).toEqual([
    { instance: 'gone-1' },
  ])
})

test('metrics count calls by their routes', async () => {
  const page = await operator.page('/console/metrics')
  expect(page).toContain('GET /console/settings')
})

test('metrics draw what has been, each drawing with its figures as a table', async () => {
  const names = [
    'Uploads that came in',
    'Length of the queue',
    'Requests by state, over time',
    'Time of finished stages',
  ]
  for (const period of ['hour', 'day', 'month'])
    expect(await operator.page(`/console/metrics?period=${period}`)).not.toContain('class="chart"')
  await makeHistory(api.database)
  for (const period of ['hour', 'day', 'month', 'nothing']) {
    const page = await operator.page(`/console/metrics?period=${period}`)
    for (const name of names) {
      expect(page).toContain(`role="img" aria-label="${name}"`)
      expect(page).toContain(`<summary>The figures: ${name}</summary>`)
    }
    expect(page).toContain('Dump written</li>')
    expect(page).toContain('All others</li>')
    expect(page).not.toMatch(/NaN|undefined|Infinity/)
    expect([period, Buffer.byteLength(page) < 150_000 ? 'small' : page.length]).toEqual([period, 'small'])
  }
})

test('both languages are spoken on every page', async () => {
  for (const [path, french] of [
    ['/console', 'Aperçu'],
    ['/console/requests', 'Chercher des demandes'],
    ['/console/contracts', 'Ajouter un contrat'],
    ['/console/references', 'Ajouter une référence'],
    ['/console/tickets', 'Tous les messages'],
    ['/console/metrics', 'Temps des étapes'],
    ['/console/settings', 'Paramètres de ce serveur'],
  ] as const) {
    const page = await operator.page(`${path}?lang=fr`)
    expect(page).toContain('<html lang="fr">')
    expect(page).toContain(french)
  }
})

test('with 10,000 requests every page stays small', { timeout: 300_000 }, async () => {
  const { pool } = api.database
  await pool.query(
    `WITH made AS (
       INSERT INTO service.request (contract, key_hash, email, target, aim, filename, state, processed_at, finished_at, created_at)
       SELECT 'M123456-abcdef', sha256(i::text::bytea), 'somebody' || i || '@example.com', '8.0', 'test', 'a_rather_long_name_of_a_dump_' || md5(i::text) || '.sql.gz',
              'done', now() - i * interval '5 minutes', now() - i * interval '4 minutes', now() - i * interval '5 minutes' FROM generate_series(1, 10000) i RETURNING id)
     , tickets AS (INSERT INTO service.ticket (request, backend) SELECT id, 'webhook' FROM made RETURNING id)
     INSERT INTO service.ticket_message (ticket, state, stage, body, last_error) SELECT id, 'done', 'done', 'The upgrade is done.', md5(id::text) FROM tickets`,
  )
  await pool.query(
    `INSERT INTO service.log (request, level, message) SELECT (SELECT max(id) FROM service.request), 'info', md5(i::text) FROM generate_series(1, 5000) i`,
  )
  await pool.query(
    `INSERT INTO service.measure (request, source, target, hops, bytes, seconds) SELECT id, '7.0', '8.0', 1, id * 1000, id FROM service.request ON CONFLICT DO NOTHING`,
  )
  await pool.query(
    `INSERT INTO service.contract (code, name) SELECT 'C' || i, md5(i::text) FROM generate_series(1, 2000) i`,
  )
  const { rows } = await pool.query<{ id: number }>('SELECT max(id)::int AS id FROM service.request')
  for (const path of [
    '/console',
    '/console/requests',
    '/console/requests?page=150',
    `/console/requests/${rows[0]!.id}`,
    '/console/contracts',
    '/console/tickets',
    '/console/metrics',
  ]) {
    const answer = await fetch(`${api.url}${path}`, { headers: { cookie: operator.cookie } })
    const bytes = Buffer.byteLength(await answer.text())
    expect([path, answer.status, bytes < 100_000 ? 'small' : bytes]).toEqual([path, 200, 'small'])
  }
  expect(await operator.page('/console/requests')).toMatch(/1 to 50 of 10,0\d\d/)
})

test('the console is found with a slash at the end of its address too', async () => {
  const to = async (path: string) => (await operator.get(path)).headers.get('location')
  expect(await to('/console/')).toBe('/console')
  expect(await to('/console/?lang=fr')).toBe('/console?lang=fr')
  expect(await to('/console//example.com')).toBeNull()
})
