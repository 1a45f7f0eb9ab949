import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newDataFolder, removeData, served } from '../service/served.ts'
import { type Ran, uplift } from './run.ts'

const PASSWORD = 'seven blue horses run'

let folder: string
beforeAll(async () => {
  folder = await newDataFolder()
})
afterAll(() => removeData(folder))

/** Runs the command with a line on its standard input. */
function setPassword(line: string): Promise<Ran> {
  const child = spawn(
    join(import.meta.dirname, '../../bin/uplift'),
    ['console', 'password', '--data', folder],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  )
  const ran: Ran = { code: null, out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    ran.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    ran.err += text
  })
  child.stdin.end(line)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ ...ran, code }))
  })
}

test('the first start prints where the password is set, the command sets it, and then the address is gone', async () => {
  const login = (url: string) =>
    fetch(`${url}/console/login`, {
      method: 'POST',
      body: new URLSearchParams({ password: PASSWORD }),
      redirect: 'manual',
    })
  const first = await served({ dataFolder: folder, env: { UPLIFT_WORKERS: '0' } })
  const { setup } = JSON.parse(first.log.find((line) => line.includes('"served"'))!) as { setup: string }
  expect(setup).toMatch(new RegExp(`^${first.url}/console/setup\\?token=[\\w-]{32}$`))
  expect((await fetch(setup)).status).toBe(200)
  expect((await login(first.url)).status).toBe(403)

  expect(await setPassword('too short\n')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^USAGE:INVALID: The password has to have 12 to 500 characters/),
  })
  expect(await setPassword('')).toMatchObject({ code: 2 })
  expect(await setPassword(`${PASSWORD}\n`)).toMatchObject({
    code: 0,
    out: 'The password of the console is set; all its sessions have ended.\n',
    err: '',
  })
  expect((await fetch(setup)).status).toBe(403)
  expect((await login(first.url)).status).toBe(303)
  const token = new URL(setup).searchParams.get('token')!
  expect(first.log.filter((line) => line.includes(token))).toHaveLength(1)
  await first.stop()

  const second = await served({ dataFolder: folder, env: { UPLIFT_WORKERS: '0' } })
  expect(second.log.find((line) => line.includes('"served"'))).not.toContain('setup')
  expect((await login(second.url)).status).toBe(303)
  await second.stop()
})

test('a port that another program has is told as a setting to change', async () => {
  const other = createServer()
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const ran = await uplift('serve', '--port', String(port), '--data', folder)
  other.close()
  expect(ran.code).toBe(2)
  expect(ran.err).toMatch(
    new RegExp(`^CONFIG:INVALID: 127\\.0\\.0\\.1:${port} cannot be listened on: another program has it`, 'm'),
  )
})
