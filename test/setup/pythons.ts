import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Interpreter and module path of a Python that has pycurl. */
export interface Python {
  program: string
  env: NodeJS.ProcessEnv
}

/** The last pycurl that Python 2.7 takes. */
const PYCURL = 'pycurl==7.43.0.5'

/** The system's Python 3 with Debian's pycurl; null when it has none. */
export async function python3(): Promise<Python | null> {
  const python = { program: '/usr/bin/python3', env: {} }
  return (await hasPycurl(python)) ? python : null
}

/** A Python 2.7 with pycurl, which is built for it once; null where there is no Python 2.7. */
export async function python27(): Promise<Python | null> {
  const program = await findPython27()
  if (program === null) return null
  const folder = join(tmpdir(), 'uplift-test-pycurl-2.7')
  const python = { program, env: { PYTHONPATH: folder } }
  if (await hasPycurl(python)) return python
  const own = `${folder}-${process.pid}`
  await run(program, ['-m', 'pip', 'install', '-q', '--no-cache-dir', '--target', own, PYCURL])
  await rm(folder, { recursive: true, force: true })
  await rename(own, folder)
  return python
}

async function findPython27(): Promise<string | null> {
  const versions = join(homedir(), '.pyenv/versions')
  await mkdir(versions, { recursive: true }).catch(() => {})
  const names = (await readdir(versions).catch(() => [])).filter((name) => name.startsWith('2.7'))
  const candidates = [...names.map((name) => join(versions, name, 'bin/python')), '/usr/bin/python2.7']
  return candidates.find((path) => existsSync(path)) ?? null
}

async function hasPycurl({ program, env }: Python): Promise<boolean> {
  return run(program, ['-c', 'import pycurl'], { env: { ...process.env, ...env } }).then(
    () => true,
    () => false,
  )
}
