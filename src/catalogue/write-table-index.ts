import { writeFile } from 'node:fs/promises'
import { allSeries } from '../odoo/series.ts'
import { loadCatalogue } from './load.ts'
import { encodeTableIndex, tableIndexPath } from './table-index.ts'

// To be run when a catalogue was made anew: writes the index of the tables of all of them.
const catalogues = []
for (const series of allSeries) if (series !== '5.0') catalogues.push(await loadCatalogue(series))
await writeFile(tableIndexPath, await encodeTableIndex(catalogues))
