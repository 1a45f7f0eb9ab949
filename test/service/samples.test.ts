import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasRealDatabases, realDatabase } from '../setup/databases.ts'
import { type Python, python3, python27 } from '../setup/pythons.ts'
import { type Language, type Method, printedAnswers, readDocument, sampleOf } from './document.ts'
import { newDataFolder, removeData, type Served, type StatusAnswer, served } from './served.ts'

const run = promisify(execFile)
const uplift = resolve(import.meta.dirname, '../../bin/uplift')
const FILE = 'openchs.70.cdump'

/** What the document's text is changed in: the host, the file's name, the request it is about, and its two slips. */
function adapt(sample: string, method: Method, url: string, access?: { id: number; key: string }): string {
  const mended =
    method === 'status'
      ? sample.replaceAll('PROCESS_URL', 'STATUS_URL')
      : sample.replaceAll('DB_SOURCE', 'FILENAME')
  return mended
    .replaceAll('https://upgrade.odoo.com', url)
    .replaceAll('db_name.dump', FILE)
    .replaceAll('10534', String(access?.id))
    .replaceAll('Aw7pItGVKFuZ_FOR3U8VFQ==', String(access?.key))
}

/** Runs samples as a person does: each in a file of its own, in one folder. Gives what they print. */
type Runner = (method: Method, access?: { id: number; key: string }) => Promise<string>

function bashRunner(folder: string, url: string): Runner {
  return async (method, access) => {
    const script = adapt(sampleOf(readDocument(), method, 'bash'), method, url, access)
    await writeFile(join(folder, `${method}.sh`), script)
    // The upload's header stands unquoted, so curl takes a part of it for a second address and ends with a failure.
    const { stdout } = await run('bash', [`${method}.sh`], { cwd: folder }).catch((error) =>
      method === 'upload' ? (error as { stdout: string }) : Promise.reject(error),
    )
    return method === 'create' ? readFile(join(folder, 'create_result.json'), 'utf8') : stdout
  }
}

function pythonRunner(folder: string, url: string, { program, env }: Python): Runner {
  return async (method, access) => {
    const script = adapt(sampleOf(readDocument(), method, 'python'), method, url, access)
    const shown = method === 'upload' ? '' : 'print(json.dumps(response))\n'
    await writeFile(join(folder, `${method}.py`), script + shown)
    // The samples are of Python 2, whose urllib has urlencode itself.
    const start = `import sys\nif sys.version_info[0] == 3:\n    import urllib, urllib.parse\n    urllib.urlencode = urllib.parse.urlencode\nexec(open('${method}.py').read())`
    const { stdout } = await run(program, ['-c', start], { cwd: folder, env: { ...process.env, ...env } })
    return stdout
  }
}

async function walk(runner: Runner, folder: string, dump: string): Promise<StatusAnswer> {
  const answer = async (method: Method, access?: { id: number; key: string }) =>
    JSON.parse(await runner(method, access)) as { failures: unknown[]; request: StatusAnswer }
  await copyFile(dump, join(folder, FILE))
  const created = await answer('create')
  expect(created.failures).toEqual([])
  const access = { id: created.request.id, key: created.request.key }
  expect(await answer('upload', access)).toEqual({ failures: [] })
  const uploaded = await answer('status', access)
  expect(uploaded.request).toMatchObject({ state: 'draft', compressions: ['pgdmp_custom', 'sql'] })
  expect(await answer('process', access)).toEqual({ failures: [] })
  for (const deadline = Date.now() + 400_000; Date.now() < deadline; ) {
    const { request } = await answer('status', access)
    if (!['pending', 'progress'].includes(request.state)) return request
    await new Promise((done) => setTimeout(done, 1000))
  }
  throw new Error('The request did not end in time.')
}

describe.skipIf(!hasRealDatabases)("the document's samples", () => {
  let service: Served
  let pythons: { two: Python | null; three: Python | null }
  beforeAll(async () => {
    pythons = { two: await python27(), three: await python3() }
    const folder = await newDataFolder()
    const fresh = realDatabase('odoo-8.0-fresh.dump')
    await run(uplift, ['reference', 'add', '8.0', fresh, '--data', folder])
    service = await served({ dataFolder: folder })
  }, 300_000)
  afterAll(async () => {
    await service.stop()
    await removeData(service.dataFolder)
  })

  const clients: [string, Language, 'two' | 'three' | null, string][] = [
    ['Bash with curl and jq', 'bash', null, 'openerp-7.0-demo.dump'],
    ['Python 2.7 with pycurl', 'python', 'two', 'openerp-7.0-fresh.dump'],
    ['Python 3 with pycurl', 'python', 'three', 'openerp-7.0-fresh.dump'],
  ]
  test.concurrent.each(clients)(
    'in %s lead from the dump to a verified one',
    async (name, language, version, dump) => {
      const python = version === null ? null : pythons[version]
      if (version !== null && python === null)
        throw new Error(`There is no ${name} on this machine: bin/prepare --tests installs it.`)
      const folder = await mkdtemp(join(tmpdir(), 'uplift-samples-'))
      const runner =
        language === 'bash' ? bashRunner(folder, service.url) : pythonRunner(folder, service.url, python!)
      const request = await walk(runner, folder, realDatabase(dump))
      expect(request).toMatchObject({ state: 'done', database_version: '7.0', filename: FILE })
      const printed = printedAnswers(readDocument()).status as { request: object }
      // Their order is another test's: Python 2 keeps none.
      expect(Object.keys(request).sort()).toEqual(Object.keys(printed.request).sort())
      const upgraded = join(folder, 'upgraded.dump')
      await run('curl', ['-sS', '-f', '-o', upgraded, request.upgraded_dump_url])
      const fresh = realDatabase('odoo-8.0-fresh.dump')
      const { stdout } = await run(uplift, [
        ...['verify', upgraded, '--against', fresh, '--before', realDatabase(dump)],
        ...['--data', service.dataFolder],
      ])
      expect(stdout).toContain('no violation')
      await rm(folder, { recursive: true })
    },
    600_000,
  )
})
