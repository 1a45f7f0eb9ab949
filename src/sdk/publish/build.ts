import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * Makes the client a package of its own: JavaScript and types, for every Node from 20 on. Node strips no types below
 * node_modules, so that the sources cannot be imported there. Called with the folder to write; default: dist/sdk.
 */
const root = join(import.meta.dirname, '../../..')
const folder = resolve(process.argv[2] ?? join(root, 'dist/sdk'))

rmSync(join(folder, 'lib'), { recursive: true, force: true })
const config = join(import.meta.dirname, 'tsconfig.json')
execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', config, '--outDir', join(folder, 'lib')], {
  stdio: 'inherit',
})

const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  name: string
  version: string
  license: string
}
const manifest = {
  name,
  version,
  description: 'Client of the Uplift upgrade platform',
  license,
  type: 'module',
  engines: { node: '>=20.3' },
  exports: { './sdk': { types: './lib/index.d.ts', default: './lib/index.js' } },
  files: ['lib'],
}
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
copyFileSync(join(root, 'docs/sdk.md'), join(folder, 'README.md'))
