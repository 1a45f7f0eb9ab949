import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { S3Settings } from '../../src/storage/s3/bucket.ts'

const run = promisify(execFile)

/** S3Proxy over a folder: a real S3 server in one jar, with signatures, multipart uploads and ranges. */
const VERSION = '4.1.0'
const ARTIFACT = `org.gaul:s3proxy:${VERSION}:jar:jar-with-dependencies`
const JAR = `org/gaul/s3proxy/${VERSION}/s3proxy-${VERSION}-jar-with-dependencies.jar`
const START_MS = 60_000

const credentials = { accessKeyId: 'uplift-test', secretAccessKey: 'a secret of the tests' }

export interface S3Server {
  /** Of its one bucket, "uplift-test". */
  settings: S3Settings
  /** Where the objects of the bucket lie as files. */
  folder: string
  /** Starts it again after `kill`, at the same address, with what it held. */
  start(): Promise<void>
  /** Ends the process at once, in the middle of whatever it does. */
  kill(): Promise<void>
  /** Ends it and removes all that it held. */
  stop(): Promise<void>
}

/**
 * A real S3 server as a process of its own, for one suite; Maven brings it once, into its own repository. null where it
 * cannot be had (no Java, no Maven, no registry), which CI does not take for an answer.
 */
export async function startS3(): Promise<S3Server | null> {
  try {
    return await launch(await bringJar())
  } catch (thrown) {
    if (process.env.CI) throw thrown
    console.warn(`skipped: tests on S3, because its server could not be had with mvn and java: ${thrown}`)
    return null
  }
}

async function bringJar(): Promise<string> {
  const jar = join(process.env.MAVEN_REPOSITORY ?? join(homedir(), '.m2/repository'), JAR)
  if (!existsSync(jar))
    await run('mvn', ['-q', '-B', 'dependency:get', `-Dartifact=${ARTIFACT}`, '-Dtransitive=false'])
  return jar
}

async function launch(jar: string): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'uplift-s3-'))
  const endpoint = `http://127.0.0.1:${await freePort()}`
  const bucket = join(folder, 'data/uplift-test')
  await mkdir(bucket, { recursive: true })
  await writeFile(
    join(folder, 'properties'),
    [
      's3proxy.authorization=aws-v4',
      `s3proxy.endpoint=${endpoint}`,
      `s3proxy.identity=${credentials.accessKeyId}`,
      `s3proxy.credential=${credentials.secretAccessKey}`,
      'jclouds.provider=filesystem-nio2',
      'jclouds.identity=none',
      'jclouds.credential=none',
      `jclouds.filesystem.basedir=${join(folder, 'data')}`,
    ].join('\n'),
  )
  let server: ChildProcess | undefined
  const start = async () => {
    const log = join(folder, 'log')
    // Ends with the tests, also when they are killed: it reads a pipe that closes with us.
    const started = spawn(
      '/bin/sh',
      [
        '-c',
        'java -Xmx256m -jar "$0" --properties "$1" >"$2" 2>&1 & read -r _; kill -9 $!; wait',
        jar,
        join(folder, 'properties'),
        log,
      ],
      { stdio: ['pipe', 'ignore', 'ignore'] },
    )
    server = started
    const deadline = Date.now() + START_MS
    while (!(await answers(endpoint))) {
      if (Date.now() > deadline)
        throw new Error(`It does not start: ${(await readFile(log, 'utf8')).slice(-2000)}`)
      await pause(50)
    }
  }
  const kill = async () => {
    if (!server || server.exitCode !== null) return
    const ended = once(server, 'exit')
    server.stdin?.end()
    await ended
  }
  await start()
  return {
    settings: {
      kind: 's3',
      bucket: 'uplift-test',
      region: 'us-east-1',
      prefix: 'installation-1',
      pathStyle: true,
      endpoint,
      credentials,
    },
    folder: bucket,
    start,
    kill,
    stop: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await (await fetch(endpoint)).arrayBuffer()
    return true
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('There is no port.')
  return address.port
}
