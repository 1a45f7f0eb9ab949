import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lockFolder } from './lock.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-lock-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('one has it, the next one waits for him', async () => {
  const release = await lockFolder(folder)
  const order: string[] = []
  const next = lockFolder(folder).then((own) => {
    order.push('taken')
    return own
  })
  await lockFolder(tmpdir()).then((own) => own())
  order.push('released')
  await release()
  await (await next)()
  expect(order).toEqual(['released', 'taken'])
})

test('a process that is killed keeps nobody out', async () => {
  const module = join(import.meta.dirname, 'lock.ts')
  const child = spawn(
    process.execPath,
    [
      '-e',
      `import(${JSON.stringify(module)}).then(({ lockFolder }) => lockFolder(${JSON.stringify(folder)})).then(() => console.log('held'))`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await new Promise((done) => child.stdout.once('data', done))
  let taken = false
  const next = lockFolder(folder).then((own) => {
    taken = true
    return own
  })
  await new Promise((done) => setImmediate(done))
  expect(taken).toBe(false)
  child.kill('SIGKILL')
  await (await next)()
  expect(taken).toBe(true)
})
