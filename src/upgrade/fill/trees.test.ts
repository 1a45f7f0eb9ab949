import fc from 'fast-check'
import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { rowsOf, smallDatabase, valuesOf } from '../../../test/setup/small.ts'
import { readInventory } from '../../schema/inventory.ts'
import type { Relation } from '../align/data/relations.ts'
import { rebuildTrees } from './trees.ts'

const withSmallDatabase = smallDatabase()

const idMap = 'CREATE TABLE uplift.id_map (tbl text, ref_id integer, id integer, origin text);'
const nestedSets = `${idMap} CREATE TABLE tree (id integer, parent_id integer, parent_left integer, parent_right integer);`
const paths = `${idMap} CREATE TABLE tree (id integer, parent_id integer, parent_path varchar);`

async function rebuild(client: pg.ClientBase, column = 'parent_id', table = 'tree'): Promise<void> {
  const relation: Relation = { table, column, target: table, onDelete: 'cascade', required: false }
  await rebuildTrees(client, [relation], await readInventory(client))
}

/** The parents of rows 1 … n, in any order of ids: a row hangs on none or on any other that does not hang on it. */
const forests = fc
  .array(fc.nat(), { minLength: 1, maxLength: 25 })
  .chain((picks) =>
    fc
      .shuffledSubarray(
        picks.map((_, i) => i + 1),
        { minLength: picks.length },
      )
      .map((ids) => new Map(ids.map((id, i) => [id, i === 0 ? null : (ids[picks[i]! % (i + 1)] ?? null)]))),
  )
  .map((parents) => new Map([...parents].map(([id, parent]) => [id, parent === id ? null : parent])))

function values(parents: ReadonlyMap<number, number | null>): string {
  return [...parents].map(([id, parent]) => `(${id}, ${parent ?? 'NULL'})`).join(', ')
}

function above(id: number, parents: ReadonlyMap<number, number | null>): number[] {
  const parent = parents.get(id) ?? null
  return parent === null ? [id] : [...above(parent, parents), id]
}

test('nested sets: every number from 0 on is there once, and a row lies within another just when it hangs on it', () =>
  withSmallDatabase(nestedSets, (client) =>
    fc.assert(
      fc.asyncProperty(forests, async (parents) => {
        await client.query(`TRUNCATE tree; INSERT INTO tree (id, parent_id) VALUES ${values(parents)}`)
        await rebuild(client)
        const rows = (await rowsOf(client, 'SELECT id, parent_left, parent_right FROM tree')) as [
          number,
          number,
          number,
        ][]
        const numbers = rows.flatMap(([, left, right]) => [left, right]).sort((a, b) => a - b)
        expect(numbers).toEqual(Array.from({ length: 2 * parents.size }, (_, i) => i))
        for (const [id, left, right] of rows)
          for (const [other, otherLeft, otherRight] of rows)
            expect(left <= otherLeft && otherRight <= right).toBe(above(other, parents).includes(id))
      }),
      { numRuns: 30 },
    ),
  ))

test('paths name everything above a row, from the root', () =>
  withSmallDatabase(paths, (client) =>
    fc.assert(
      fc.asyncProperty(forests, async (parents) => {
        await client.query(`TRUNCATE tree; INSERT INTO tree (id, parent_id) VALUES ${values(parents)}`)
        await rebuild(client)
        for (const [id, path] of await rowsOf(client, 'SELECT id, parent_path FROM tree'))
          expect(path).toBe(`${above(Number(id), parents).join('/')}/`)
      }),
      { numRuns: 30 },
    ),
  ))

describe('rows', () => {
  test('keep their order among their siblings, new ones come last', () =>
    withSmallDatabase(
      `${nestedSets} INSERT INTO tree VALUES (1, NULL, 0, 5), (2, 1, 3, 4), (3, 1, 1, 2), (4, 1, NULL, NULL)`,
      async (client) => {
        await rebuild(client)
        expect(await valuesOf(client, 'SELECT id FROM tree ORDER BY parent_left')).toEqual([1, 3, 2, 4])
      },
    ))

  test('of a tree that nothing was done to stay untouched', () =>
    withSmallDatabase(`${nestedSets} INSERT INTO tree VALUES (1, NULL, 10, 11)`, async (client) => {
      await rebuild(client)
      expect(await rowsOf(client, 'SELECT parent_left, parent_right FROM tree')).toEqual([[10, 11]])
    }))

  test('that hang on each other or on none that is there do not keep the others from their place', () =>
    withSmallDatabase(
      `${paths} INSERT INTO tree VALUES (1, 2, NULL), (2, 1, NULL), (3, NULL, NULL), (4, 99, NULL)`,
      async (client) => {
        await rebuild(client)
        expect(await valuesOf(client, 'SELECT parent_path FROM tree ORDER BY id')).toEqual([
          null,
          null,
          '3/',
          null,
        ])
      },
    ))

  test('of locations hang on their location', () =>
    withSmallDatabase(
      `${idMap} CREATE TABLE stock_location (id integer, location_id integer, parent_path varchar); INSERT INTO stock_location VALUES (5, NULL, NULL), (6, 5, NULL)`,
      async (client) => {
        await rebuild(client, 'location_id', 'stock_location')
        expect(await valuesOf(client, 'SELECT parent_path FROM stock_location ORDER BY id')).toEqual([
          '5/',
          '5/6/',
        ])
      },
    ))
})
