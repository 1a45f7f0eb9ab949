import { zstdDecompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { hasRealDatabases, testServer } from '../../test/setup/databases.ts'
import { withRestored } from '../../test/setup/restored.ts'
import { diffSchema } from '../schema/diff.ts'
import { extractSchema } from '../schema/extract.ts'
import { completeCatalogue } from './complete.ts'
import { extractCatalogue } from './extract.ts'
import { decodeCatalogue, encodeCatalogue } from './file.ts'
import { loadCatalogue } from './load.ts'
import { isRowSequence, predictSchema } from './predict-schema.ts'

const describing = [
  ...[
    'ir_module_module',
    'ir_module_module_dependency',
    'ir_model',
    'ir_model_fields',
    'ir_model_fields_selection',
  ],
  ...['ir_model_data', 'ir_model_constraint', 'ir_model_relation', 'ir_model_inherit'],
]

describe.skipIf(!hasRealDatabases)('a catalogue extracted from a database', () => {
  test('predicts that database, alone and completed; completed it keeps what the built-in one knows of other modules', async () => {
    const builtIn = await loadCatalogue('17.0')
    await withRestored('odoo-17.0-base.dump', describing, async (client) => {
      const extracted = await extractCatalogue(client)
      const found = await extractSchema(client)
      for (const name of Object.keys(found.sequences)) if (isRowSequence(name)) delete found.sequences[name]
      const own = new Set(extracted.exactModules)
      expect(own.size).toBe(23)
      expect(diffSchema(predictSchema(extracted, own), found)).toEqual([])

      const completed = completeCatalogue(builtIn, extracted)
      expect(diffSchema(predictSchema(completed, own), found)).toEqual([])
      for (const modules of [builtIn.exactModules, Object.keys(builtIn.modules)].map(
        (names) => new Set(names),
      ))
        expect(diffSchema(predictSchema(builtIn, modules), predictSchema(completed, modules))).toEqual([])

      const read = decodeCatalogue(zstdDecompressSync(await encodeCatalogue(completed)))
      expect(read).toEqual(completed)
    })
  })
})

test('a database that is not one of Odoo has no catalogue', async () => {
  await testServer().withAdmin(async (client) => {
    await expect(extractCatalogue(client)).rejects.toMatchObject({ code: 'REFERENCE:UNUSABLE' })
  })
})
