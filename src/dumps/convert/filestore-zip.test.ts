import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { packZip } from '../../../test/dumps/pack.ts'
import { filestoreZip } from './filestore-zip.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-filestore-'))
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(folder, { recursive: true, force: true })
})

test('the same files give the same bytes, whenever they are packed', async () => {
  const path = join(folder, 'db.zip')
  const dump = Buffer.from('--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\n')
  await writeFile(path, await packZip({ 'dump.sql': dump, 'filestore/ab/ab12': Buffer.from('a picture') }))
  const packed: Buffer[] = []
  for (const day of ['2026-01-02', '2027-03-04']) {
    vi.useFakeTimers({ now: new Date(day), toFake: ['Date'] })
    packed.push(await buffer(filestoreZip(path, folder)))
  }
  expect(packed[0]!.includes('ab/ab12')).toBe(true)
  expect(packed[0]!.equals(packed[1]!)).toBe(true)
})
