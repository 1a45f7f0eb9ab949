import { beforeAll, describe, expect, it } from 'vitest'
import { hasRealDatabases, realDatabase } from '../../../test/setup/databases.ts'
import type { TocEntry } from '../../dumps/dump.ts'
import { openDump } from '../../dumps/open.ts'
import { knownForm } from './forms.ts'
import { Judge } from './judge.ts'
import { Parser } from './parser.ts'

const facts = { functions: [], extensions: [], reservedSchemas: ['ref'] }
let parser: Parser

beforeAll(async () => {
  parser = await Parser.open()
})

const newJudge = () => new Judge(parser, facts, { standardConformingStrings: true })

describe.skipIf(!hasRealDatabases).each(['openerp-6.0-demo', 'openerp-7.0-demo', 'odoo-19.0-fresh'])(
  'the known forms in %s',
  (name) => {
    it('get the verdict that the parser gives', { timeout: 60_000 }, async () => {
      const dump = await openDump(realDatabase(`${name}.dump`))
      const judge = newJudge()
      const counted: Record<string, number> = {}
      for (const entry of dump.toc as readonly TocEntry[]) {
        const known = knownForm(entry.definition, () => true)
        if (known === null) {
          judge.judge(entry.definition, entry)
          continue
        }
        counted[entry.description] = (counted[entry.description] ?? 0) + 1
        // A comment in front is no change to SQL and hides the form.
        expect(judge.judge(`-- one\n${entry.definition}`, entry)).toEqual([known])
      }
      await dump.close()
      expect(Object.keys(counted).sort()).toEqual([
        'COMMENT',
        'CONSTRAINT',
        'DEFAULT',
        'FK CONSTRAINT',
        'INDEX',
        'SEQUENCE',
        'SEQUENCE OWNED BY',
        'SEQUENCE SET',
      ])
    })
  },
)

describe('a statement that is nearly of a known form', () => {
  it.each([
    ['another statement behind', `SELECT pg_catalog.setval('public.a', 1, true); DROP TABLE b;`],
    ['a function in place of a number', `SELECT pg_catalog.setval('public.a', pg_sleep(1), true);`],
    ['a second line', `ALTER SEQUENCE public.a OWNED BY public.b.c;\n\\! id`],
    ['the schema of the server', `ALTER SEQUENCE pg_catalog.a OWNED BY public.b.c;`],
    ['a name that is not plain', `ALTER SEQUENCE public."a;b" OWNED BY public.b.c;`],
    [
      'an action with columns',
      `ALTER TABLE ONLY public.a\n    ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES public.c(d) ON DELETE SET NULL (b);`,
    ],
  ])('with %s goes to the parser', (_, sql) => {
    expect(knownForm(sql, () => true)).toBeNull()
  })

  it('in a schema of the product goes to the parser, which refuses it', () => {
    const sql = `SELECT pg_catalog.setval('ref.a', 1, true);`
    expect(() => newJudge().judge(sql, null)).toThrow('Uplift uses itself')
  })
})
