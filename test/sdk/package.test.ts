import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { temporaryFolder } from '../dumps/temporary.ts'
import { platformSuite } from './platform-suite.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const suite = platformSuite()
const folder = temporaryFolder()

const program = `
import { Uplift, RemoteFailures, type UpgradeRequest } from 'uplift/sdk'

const uplift = new Uplift({ url: process.argv[2]! })
const wish = { contract: 'M123456-abcdef', email: 'a@b.c', target: '8.0', aim: 'test', filename: 'x' } as const
const { request } = await uplift.create(wish)
const access = { request: request.id, key: request.key }
const sent = await uplift.upload(access, process.argv[3]!)
await uplift.process(access)
const end: UpgradeRequest = (await uplift.wait(access, { interval: { first: 1 } })).request
await uplift.download(end.upgraded_dump_url, process.argv[4]!)
const refusal: unknown = await uplift.status({ request: 1, key: '' }).catch((thrown: unknown) => thrown)
console.log(end.state, sent.bytes, refusal instanceof RemoteFailures && refusal.failures[0]?.reason)
`

beforeAll(async () => {
  await mkdir(folder.path('node_modules/uplift'), { recursive: true })
  const build = join(root, 'src/sdk/publish/build.ts')
  await run(process.execPath, [build, folder.path('node_modules/uplift')])
  await writeFile(folder.path('package.json'), '{"type":"module"}')
  await writeFile(folder.path('consumer.ts'), program)
  const compilerOptions = {
    ...{ target: 'es2022', module: 'nodenext', strict: true, exactOptionalPropertyTypes: true },
    // The types of the package itself are checked too; they need the web's globals alone.
    ...{ skipLibCheck: false, types: [], lib: ['es2022', 'dom', 'dom.asynciterable'] },
  }
  const declarations = 'declare const process: { argv: string[] }\n'
  await writeFile(folder.path('globals.d.ts'), declarations)
  await writeFile(folder.path('tsconfig.json'), JSON.stringify({ compilerOptions }))
})

test('a project that installed the package compiles against its types and runs', async () => {
  await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder.path('tsconfig.json')]).catch((error) => {
    throw new Error(error.stdout)
  })
  await writeFile(folder.path('x.dump'), 'dump')
  const args = [suite.platform.url, folder.path('x.dump'), folder.path('out.dump')]
  suite.platform.turns = 0
  // "node" is the one that this machine has, possibly older than the product's own.
  for (const node of [process.execPath, 'node']) {
    const { stdout } = await run(node, [folder.path('consumer.js'), ...args])
    expect(stdout).toBe('done 4 REQUEST:NOT_FOUND\n')
    await run('rm', [args[2]!])
  }
})

test('a program with a wrong call does not compile', async () => {
  await writeFile(folder.path('consumer.ts'), program.replace("aim: 'test'", "aim: 'tset'"))
  await expect(
    run(join(root, 'node_modules/.bin/tsc'), ['-p', folder.path('tsconfig.json'), '--noEmit']),
  ).rejects.toMatchObject({ stdout: expect.stringContaining('tset') })
})
