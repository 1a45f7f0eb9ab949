import { afterAll, describe, expect, it } from 'vitest'
import { dropScratches, type HostileEntry, loadArchive, marker } from './try-load.ts'

afterAll(dropScratches)

const table = (definition: string, tag = 'x'): HostileEntry[] => [{ description: 'TABLE', tag, definition }]
const rows = (copyStatement: string, tag = 'x'): HostileEntry[] => [
  ...table('CREATE TABLE public.x (id integer);'),
  { description: 'TABLE DATA', tag, copyStatement, rows: '1\n\\.\n\n\n' },
]

const refused: Record<string, HostileEntry[]> = {
  'a table with another statement behind': table(
    `CREATE TABLE public.x (id integer); ALTER SYSTEM SET archive_command = 'touch ${marker}';`,
  ),
  'a table with a query behind': table('CREATE TABLE public.x (id integer); SELECT pg_sleep(100);'),
  'a table with a block of code behind': table('CREATE TABLE public.x (id integer); DO $$ BEGIN END $$;'),
  'a table with a command to a shell behind': table(
    `CREATE TABLE public.x (id integer); COPY public.x TO PROGRAM 'id';`,
  ),
  'a table that is something else': table(`ALTER SYSTEM SET archive_command = 'touch ${marker}';`),
  'a table that is a role': table('CREATE ROLE hostile SUPERUSER;'),
  'a table that is a function': table(
    `CREATE FUNCTION public.hostile() RETURNS integer LANGUAGE sql AS 'SELECT 1';`,
  ),
  'a table that is a sequence': table('CREATE SEQUENCE public.hostile;'),
  'a comment that is a table': [
    { description: 'COMMENT', tag: 'x', definition: 'CREATE TABLE public.hostile (id integer);' },
  ],
  'an index that is a table': [
    { description: 'INDEX', tag: 'x', definition: 'CREATE TABLE public.hostile (id integer);' },
  ],
  'an entry of no known kind that is a table': [
    { description: 'HOSTILE', tag: 'x', definition: 'CREATE TABLE public.hostile (id integer);' },
  ],
  'an entry of a kind that every object has': [
    { description: '__proto__', tag: 'x', definition: 'CREATE TABLE public.hostile (id integer);' },
  ],
  'a sequence set that inserts': [
    { description: 'SEQUENCE SET', tag: 'x', definition: `INSERT INTO public.honest VALUES (3, 'x');` },
  ],
  'a table that sets a sequence': table(`SELECT pg_catalog.setval('public.x', 1, true);`),
  'a search path that reads a file': [
    {
      description: 'SEARCHPATH',
      tag: 'SEARCHPATH',
      definition: `SELECT pg_catalog.pg_read_file('/etc/passwd');`,
    },
  ],
  'rows from a program': rows(`COPY public.x (id) FROM PROGRAM 'touch ${marker}';\n`),
  'rows from a file': rows(`COPY public.x (id) FROM '/etc/passwd';\n`),
  'rows to a program': rows(`COPY public.x (id) TO PROGRAM 'touch ${marker}';\n`),
  'rows with another statement behind': rows('COPY public.x (id) FROM stdin; DROP TABLE public.honest;\n'),
  'rows with options': rows('COPY public.x (id) FROM stdin WITH (FORMAT binary);\n'),
  'rows for a table of the server': rows('COPY pg_catalog.pg_authid (rolname) FROM stdin;\n'),
  'rows for a table that it does not make': rows('COPY public.other (id) FROM stdin;\n'),
  'rows by an insertion of a query': [
    ...table('CREATE TABLE public.x (id integer);'),
    { description: 'TABLE DATA', tag: 'x', rows: 'INSERT INTO public.x SELECT pg_sleep(100);\n\n' },
  ],
  'rows by a deletion': [
    ...table('CREATE TABLE public.x (id integer);'),
    { description: 'TABLE DATA', tag: 'x', rows: 'DELETE FROM public.honest;\n\n' },
  ],
  'rows by a command to psql': [
    ...table('CREATE TABLE public.x (id integer);'),
    { description: 'TABLE DATA', tag: 'x', rows: `\\! touch ${marker}\n\n` },
  ],
}

describe('an archive with', () => {
  it.each(Object.entries(refused))('%s is refused as a whole', async (_, entries) => {
    const { error, leftBehind } = await loadArchive(entries)
    expect(error?.code).toMatch(/^(LOAD:REFUSED|DUMP:CORRUPT)$/)
    expect(leftBehind).toEqual([])
  })

  it('a name that holds line breaks and commands is loaded under this name', async () => {
    const name = `x\n\\! id\n"; DROP TABLE public.honest; --`
    const quoted = `"${name.replaceAll('"', '""')}"`
    const { error, report, leftBehind, honestRows } = await loadArchive([
      ...table(`CREATE TABLE public.${quoted} (id integer);`, name),
      {
        description: 'TABLE DATA',
        tag: name,
        copyStatement: `COPY public.${quoted} (id) FROM stdin;\n`,
        rows: '1\n\\.\n\n\n',
      },
    ])
    expect(error).toBeNull()
    expect(report?.tables.find((one) => one.name === name)?.rows).toBe(1)
    expect(leftBehind).toEqual([])
    expect(honestRows).toBe(2)
  })

  it('rows that look like an end of rows are rows', async () => {
    const { report, honestRows } = await loadArchive([
      ...table('CREATE TABLE public.x (id text);'),
      {
        description: 'TABLE DATA',
        tag: 'x',
        copyStatement: 'COPY public.x (id) FROM stdin;\n',
        rows: '\\\\.\nDROP TABLE public.honest;\n\\.\n\n\n',
      },
    ])
    expect(report?.tables.find((one) => one.name === 'x')?.rows).toBe(2)
    expect(honestRows).toBe(2)
  })

  it('the schema that the product keeps its reference in is refused', async () => {
    // The schema is there already when a request's database is made from a reference.
    const { error } = await loadArchive([
      { description: 'SCHEMA', tag: 'pg_ref', definition: 'CREATE SCHEMA pg_ref;' },
    ])
    expect(error?.code).toBe('LOAD:REFUSED')
  })
})
