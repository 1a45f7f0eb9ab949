import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/dumps/temporary.ts'
import { type SavedRequest, SavedRequests, savedRequests } from './saved.ts'

const folder = temporaryFolder()
const saved = (request: number, more: Partial<SavedRequest> = {}): SavedRequest => ({
  ...{ url: 'http://h', request, key: 'k==', contract: 'c', email: 'e', target: '8.0', aim: 'test' },
  ...{ file: null, sha256: null, over: false },
  ...more,
})

test('the last line about a request holds, and only those of one platform are seen', async () => {
  const requests = new SavedRequests(folder.path('a/requests.jsonl'))
  expect(await requests.of('http://h')).toEqual([])
  await requests.save(saved(1))
  await requests.save(saved(2))
  await requests.save(saved(1, { over: true }))
  await requests.save(saved(3, { url: 'http://other' }))
  expect(await requests.of('http://h')).toEqual([saved(2), saved(1, { over: true })])
})

test('commands at the same time lose nothing', async () => {
  const path = folder.path('b/requests.jsonl')
  await Promise.all(Array.from({ length: 50 }, (_, index) => new SavedRequests(path).save(saved(index + 1))))
  expect(await new SavedRequests(path).of('http://h')).toHaveLength(50)
})

test('a line that was cut off spoils no other, and loose rights are tightened', async () => {
  await mkdir(folder.path('c'))
  const path = folder.path('c/requests.jsonl')
  await writeFile(path, `null\n{"url":"http://h"}\n${JSON.stringify(saved(1))}\n{"url":"http://h","requ`)
  await chmod(path, 0o644)
  const requests = new SavedRequests(path)
  await requests.save(saved(2))
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect((await requests.of('http://h')).map(({ request }) => request)).toEqual([1, 2])
  expect(await readFile(path, 'utf8')).toContain('"requ\n{')
})

test('the file is where the environment says', () => {
  expect(savedRequests({ UPLIFT_REMOTE_STATE: '/s' }).path).toBe('/s')
  expect(savedRequests({ XDG_STATE_HOME: '/x' }).path).toBe('/x/uplift/requests.jsonl')
  expect(savedRequests({ HOME: '/h' }).path).toBe('/h/.config/uplift/requests.jsonl')
})
