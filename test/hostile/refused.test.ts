import { afterAll, describe, expect, it } from 'vitest'
import { dropScratches, loadPlain, marker } from './try-load.ts'

/** What no dump of pg_dump holds: the whole file is refused, named by what it tries. */
const refused: Record<string, string> = {
  'a shell command': `\\! touch ${marker}`,
  'a shell command behind blanks': `   \\! touch ${marker}`,
  'a copy by psql': `\\copy public.honest to '${marker}'`,
  'a copy by psql from a program': `\\copy public.honest from program 'touch ${marker}'`,
  'an included file': '\\i /etc/passwd',
  'an included file beside': '\\ir ../../etc/passwd',
  'output to a file': `\\o ${marker}`,
  'output to a program': `\\o |touch ${marker}`,
  'a variable from a program': '\\set x `id`',
  'a query that is run as SQL': '\\gexec',
  'a large object of a file': `\\lo_import /etc/passwd`,
  'a command like a genuine one': `\\restricted ${marker}`,
  'rows to a program': `COPY public.honest TO PROGRAM 'touch ${marker}';`,
  'rows from a program': `COPY public.honest FROM PROGRAM 'touch ${marker}';`,
  'rows from a file': `COPY public.honest FROM '/etc/passwd';`,
  'rows to a file': `COPY public.honest TO '${marker}';`,
  'a query to a file': `COPY (SELECT 1) TO '${marker}';`,
  'a role': 'CREATE ROLE hostile SUPERUSER LOGIN;',
  'a user': `CREATE USER hostile PASSWORD 'x';`,
  'a changed role': 'ALTER ROLE postgres NOLOGIN;',
  'a setting of the role': `ALTER ROLE ALL SET search_path = 'hostile';`,
  'a dropped role': 'DROP ROLE postgres;',
  'a setting of the server': `ALTER SYSTEM SET archive_command = 'touch ${marker}';`,
  'a reset of the server': 'ALTER SYSTEM RESET ALL;',
  'a block of code': `DO $$ BEGIN PERFORM pg_sleep(100); END $$;`,
  'a library': `LOAD '$libdir/plpgsql';`,
  'a call of a procedure': 'CALL hostile();',
  'a prepared statement': 'PREPARE hostile AS SELECT 1;',
  'a run of a prepared statement': 'EXECUTE hostile;',
  'a message to others': `NOTIFY hostile, 'x';`,
  'an update': `UPDATE public.honest SET name = 'hostile';`,
  'a deletion': 'DELETE FROM pg_catalog.pg_authid;',
  'a truncation': 'TRUNCATE public.honest;',
  'a merge': 'MERGE INTO public.honest h USING public.honest o ON true WHEN MATCHED THEN DELETE;',
  'a query': 'SELECT * FROM pg_catalog.pg_authid;',
  'a file that is read': `SELECT pg_catalog.pg_read_file('/etc/passwd');`,
  'a file that becomes a large object': `SELECT pg_catalog.lo_import('/etc/passwd');`,
  'a large object that becomes a file': `SELECT pg_catalog.lo_export(1, '${marker}');`,
  'another parameter': `SELECT pg_catalog.set_config('session_preload_libraries', 'hostile', false);`,
  'two calls in one query': `SELECT pg_catalog.set_config('search_path', '', false), pg_read_file('/etc/passwd');`,
  'a call with a filter': `SELECT pg_catalog.set_config('search_path', '', false) WHERE pg_sleep(100) IS NULL;`,
  'a value of a sequence by a query': `SELECT pg_catalog.setval('public.s', (SELECT 1), true);`,
  'a call of the dump’s own function': 'SELECT public.set_config();',
  'a query that makes a table': 'SELECT 1 AS x INTO public.hostile;',
  'a table of a query': `CREATE TABLE public.hostile AS SELECT pg_read_file('/etc/passwd');`,
  'rows of a query': `INSERT INTO public.honest SELECT 1, pg_read_file('/etc/passwd');`,
  'rows with a call': `INSERT INTO public.honest VALUES (1, pg_read_file('/etc/passwd'));`,
  'rows with a subquery': `INSERT INTO public.honest VALUES (1, (SELECT 'x'));`,
  'rows that change others': `INSERT INTO public.honest VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = 'hostile';`,
  'rows that come back': `INSERT INTO public.honest VALUES (1, 'x') RETURNING pg_sleep(100);`,
  'rows of a query beside': `WITH x AS (DELETE FROM public.honest RETURNING 1) INSERT INTO public.honest VALUES (1, 'x');`,
  'rows of the server’s catalogue': `INSERT INTO pg_catalog.pg_authid VALUES ('x');`,
  'a table in the server’s catalogue': 'CREATE TABLE pg_catalog.hostile (id integer);',
  'a table in the information schema': 'CREATE TABLE information_schema.hostile (id integer);',
  'a table of another database': 'CREATE TABLE postgres.public.hostile (id integer);',
  'a temporary table': 'CREATE TEMPORARY TABLE hostile (id integer);',
  'a table of the session': 'CREATE TABLE pg_temp.hostile (id integer);',
  'a schema with what is in it': `CREATE SCHEMA hostile CREATE TABLE t (id integer);`,
  'a schema of the server': 'CREATE SCHEMA pg_hostile;',
  'a renamed table': 'ALTER TABLE public.honest RENAME TO hostile;',
  'a moved table': 'ALTER TABLE public.honest SET SCHEMA hostile;',
  'an added column': 'ALTER TABLE public.honest ADD COLUMN hostile text DEFAULT pg_sleep(100);',
  'a changed type': 'ALTER TABLE public.honest ALTER COLUMN name TYPE text USING pg_sleep(100)::text;',
  'a changed catalogue': 'ALTER TABLE pg_catalog.pg_authid ALTER COLUMN rolname SET STATISTICS 0;',
  'a changed function': 'ALTER FUNCTION pg_catalog.now() SECURITY DEFINER;',
  'all objects of a role': 'DROP OWNED BY postgres CASCADE;',
  'objects to another role': 'REASSIGN OWNED BY postgres TO public;',
  'tables of a foreign server': 'IMPORT FOREIGN SCHEMA s FROM SERVER hostile INTO public;',
  'a checkpoint': 'CHECKPOINT;',
  'an explained query': 'EXPLAIN ANALYZE DELETE FROM public.honest;',
  'a cursor': 'DECLARE hostile CURSOR FOR SELECT 1;',
  'a new index': 'REINDEX DATABASE hostile;',
}

afterAll(dropScratches)

describe('a dump with', () => {
  it.concurrent.each(Object.entries(refused))('%s is refused as a whole', async (_, text) => {
    const { error, leftBehind } = await loadPlain(`${text}\n`)
    expect(error?.code).toBe('LOAD:REFUSED')
    expect(error?.message).toMatch(/Make it anew with pg_dump/)
    expect(leftBehind).toEqual([])
  })
})
