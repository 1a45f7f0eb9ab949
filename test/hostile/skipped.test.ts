import { afterAll, describe, expect, it } from 'vitest'
import { dropScratches, loadPlain, marker } from './try-load.ts'

/** What a genuine dump may hold and is not made: a line of the report each, and the rest is loaded. */
const skipped: Record<string, { text: string; what: string }> = {
  'an owner': { text: 'ALTER TABLE public.honest OWNER TO postgres;', what: 'owner' },
  'an owner of a schema': { text: 'ALTER SCHEMA public OWNER TO postgres;', what: 'owner' },
  rights: { text: 'GRANT ALL ON SCHEMA public TO PUBLIC;', what: 'rights' },
  'a membership': { text: 'GRANT pg_execute_server_program TO public_role;', what: 'rights' },
  'default rights': {
    text: 'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO PUBLIC;',
    what: 'rights',
  },
  'a role to act as': { text: 'SET ROLE postgres;', what: 'setting' },
  'a parameter of the session': { text: `SET session_preload_libraries = 'hostile';`, what: 'setting' },
  'a database': { text: 'CREATE DATABASE hostile;', what: 'database' },
  'a setting of a database': {
    text: `ALTER DATABASE postgres SET search_path = 'hostile';`,
    what: 'database',
  },
  'a dropped database': { text: 'DROP DATABASE postgres;', what: 'database' },
  'a tablespace': { text: `CREATE TABLESPACE hostile LOCATION '/tmp';`, what: 'database' },
  'a dropped table': { text: 'DROP TABLE public.honest;', what: 'DROP' },
  'an event trigger': {
    text: 'CREATE EVENT TRIGGER hostile ON ddl_command_start EXECUTE FUNCTION public.f();',
    what: 'event trigger',
  },
  'a row security policy': {
    text: 'CREATE POLICY hostile ON public.honest USING (pg_sleep(100) IS NULL);',
    what: 'row security policy',
  },
  'row security': { text: 'ALTER TABLE public.honest FORCE ROW LEVEL SECURITY;', what: 'row security' },
  'a publication': { text: 'CREATE PUBLICATION hostile FOR ALL TABLES;', what: 'publication' },
  'a subscription': {
    text: `CREATE SUBSCRIPTION hostile CONNECTION 'host=127.0.0.1' PUBLICATION p;`,
    what: 'subscription',
  },
  'a foreign data wrapper': { text: 'CREATE FOREIGN DATA WRAPPER hostile;', what: 'foreign data wrapper' },
  'a foreign server': {
    text: `CREATE SERVER hostile FOREIGN DATA WRAPPER file_fdw;`,
    what: 'foreign server',
  },
  'a user mapping': { text: 'CREATE USER MAPPING FOR PUBLIC SERVER hostile;', what: 'user mapping' },
  'a foreign table': {
    text: `CREATE FOREIGN TABLE public.hostile (line text) SERVER s OPTIONS (filename '/etc/passwd');`,
    what: 'foreign table',
  },
  'a cast': { text: 'CREATE CAST (text AS integer) WITH FUNCTION public.f(text) AS IMPLICIT;', what: 'cast' },
  'a cast without a function': { text: 'CREATE CAST (text AS bytea) WITHOUT FUNCTION;', what: 'cast' },
  'an operator': {
    text: 'CREATE OPERATOR public.= (FUNCTION = public.f, LEFTARG = text, RIGHTARG = integer);',
    what: 'operator',
  },
  'an aggregate': {
    text: 'CREATE AGGREGATE public.sum(integer) (SFUNC = public.f, STYPE = integer);',
    what: 'aggregate',
  },
  'an operator class': {
    text: 'CREATE OPERATOR CLASS public.hostile DEFAULT FOR TYPE integer USING btree AS FUNCTION 1 public.f(integer, integer);',
    what: 'operator class',
  },
  'a base type': {
    text: 'CREATE TYPE public.hostile (INPUT = public.f, OUTPUT = public.g);',
    what: 'base type',
  },
  'a collation': { text: `CREATE COLLATION public.hostile (locale = 'C');`, what: 'collation' },
  'a conversion': {
    text: `CREATE DEFAULT CONVERSION public.hostile FOR 'UTF8' TO 'LATIN1' FROM f;`,
    what: 'conversion',
  },
  'a text search template': {
    text: 'CREATE TEXT SEARCH TEMPLATE public.hostile (LEXIZE = f);',
    what: 'text search template',
  },
  'extended statistics': {
    text: 'CREATE STATISTICS public.hostile ON id, name FROM public.honest;',
    what: 'extended statistics',
  },
  'an untrusted extension': { text: 'CREATE EXTENSION dblink WITH SCHEMA public;', what: 'extension' },
  'an extension that reads files': { text: 'CREATE EXTENSION file_fdw;', what: 'extension' },
  'an extension in a file’s place': {
    text: 'CREATE EXTENSION "../../../../tmp/hostile";',
    what: 'extension',
  },
  'an untrusted language': { text: 'CREATE EXTENSION plpython3u;', what: 'extension' },
  'a language': {
    text: 'CREATE TRUSTED LANGUAGE hostile HANDLER public.f;',
    what: 'language',
  },
  'a function in C': {
    text: `CREATE FUNCTION public.hostile() RETURNS integer LANGUAGE c AS '/tmp/hostile.so', 'f';`,
    what: 'create function',
  },
  'a function of the server’s core': {
    text: `CREATE FUNCTION public.hostile() RETURNS integer LANGUAGE internal AS 'pg_read_file';`,
    what: 'create function',
  },
  'a function in Python': {
    text: `CREATE FUNCTION public.hostile() RETURNS integer LANGUAGE plpython3u AS 'import os';`,
    what: 'create function',
  },
  'a function with its owner’s rights': {
    text: `CREATE FUNCTION public.hostile() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';`,
    what: 'create function',
  },
  'a function that sets a role': {
    text: `CREATE FUNCTION public.hostile() RETURNS integer LANGUAGE sql SET role = 'postgres' AS 'SELECT 1';`,
    what: 'create function',
  },
  'a function that bears the name of the server’s': {
    text: `CREATE FUNCTION public.lower(character varying) RETURNS text LANGUAGE sql AS $$ SELECT 'hostile' $$;`,
    what: 'create function',
  },
  'a function that helps the planner': {
    text: `CREATE FUNCTION public.hostile(integer) RETURNS boolean LANGUAGE sql SUPPORT public.f AS 'SELECT true';`,
    what: 'create function',
  },
  'text that is no SQL': { text: `SELECT FROM WHERE ${marker};`, what: 'statement' },
  'a security label': { text: `SECURITY LABEL ON TABLE public.honest IS 'x';`, what: 'security label' },
  'a transform': {
    text: 'CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION f(internal));',
    what: 'transform',
  },
  'a default that reads a file': {
    text: `CREATE TABLE public.other (a text DEFAULT pg_read_file('/etc/passwd'));`,
    what: 'default',
  },
  'a default that calls the dump’s own function': {
    text: 'CREATE TABLE public.other (a text DEFAULT public.now());',
    what: 'default',
  },
  'a default that uses the dump’s own operator': {
    text: 'CREATE TABLE public.other (a integer DEFAULT (1 OPERATOR(public.+) 1));',
    what: 'default',
  },
  'a default that queries': {
    text: 'CREATE TABLE public.other (a integer DEFAULT (SELECT 1));',
    what: 'default',
  },
  'a default that is set later': {
    text: `ALTER TABLE ONLY public.honest ALTER COLUMN name SET DEFAULT pg_read_file('/etc/passwd');`,
    what: 'alter table',
  },
  'a generated column that reads a file': {
    text: `CREATE TABLE public.hostile (a text GENERATED ALWAYS AS (pg_read_file('/etc/passwd')) STORED);`,
    what: 'create',
  },
  'a type that nobody knows': { text: 'CREATE TABLE public.hostile (a public.nothing);', what: 'create' },
  'a type of the server’s catalogue': {
    text: 'CREATE TABLE public.hostile (a pg_catalog.pg_authid);',
    what: 'create',
  },
  'a pseudo-type': { text: 'CREATE TABLE public.hostile (a internal);', what: 'create' },
  'a table like another': {
    text: 'CREATE TABLE public.hostile (LIKE pg_catalog.pg_authid INCLUDING ALL);',
    what: 'create',
  },
}

/** What is put aside with the note that it may not be run. */
const putAside: Record<string, { text: string; kind: string }> = {
  'a trigger': {
    text: 'CREATE TRIGGER hostile BEFORE INSERT ON public.honest FOR EACH ROW EXECUTE FUNCTION public.f();',
    kind: 'trigger',
  },
  'a trigger in old words': {
    text: 'CREATE TRIGGER hostile BEFORE INSERT ON public.honest FOR EACH ROW EXECUTE PROCEDURE public.f();',
    kind: 'trigger',
  },
  'a rule': {
    text: 'CREATE RULE hostile AS ON INSERT TO public.honest DO INSTEAD DELETE FROM public.honest;',
    kind: 'rule',
  },
  'a rule that ends in another statement': {
    text: `CREATE RULE "_RETURN" AS ON SELECT TO public."x DO INSTEAD SELECT 1; DROP TABLE public.honest; --" DO INSTEAD SELECT 1;`,
    kind: 'rule',
  },
  'a view that reads a file': {
    text: `CREATE VIEW public.hostile AS SELECT pg_read_file('/etc/passwd');`,
    kind: 'view',
  },
  'a view that changes rows': {
    text: `CREATE VIEW public.hostile AS WITH x AS (DELETE FROM public.honest RETURNING 1) SELECT * FROM x;`,
    kind: 'view',
  },
  'a materialized view that runs at once': {
    text: 'CREATE MATERIALIZED VIEW public.hostile AS SELECT 1;',
    kind: 'materializedView',
  },
  'a check that calls': {
    text: 'ALTER TABLE public.honest ADD CONSTRAINT hostile CHECK (public.f(id));',
    kind: 'check',
  },
  'an index over a call': {
    text: 'CREATE INDEX hostile ON public.honest USING btree (public.f(id));',
    kind: 'index',
  },
  'an index by another method': {
    text: 'CREATE INDEX hostile ON public.honest USING own (id);',
    kind: 'index',
  },
  'an index with a condition that calls': {
    text: `CREATE INDEX hostile ON public.honest (id) WHERE pg_read_file('/etc/passwd') = name;`,
    kind: 'index',
  },
  'a comment': { text: `COMMENT ON TABLE public.honest IS 'x'; `, kind: 'comment' },
}

afterAll(dropScratches)

describe('a dump with', () => {
  it.concurrent.each(Object.entries(skipped))('%s is loaded without it', async (_, { text, what }) => {
    const { error, report, leftBehind, honestRows } = await loadPlain(`${text}\n`)
    expect(error).toBeNull()
    expect(report?.skipped.map((line) => line.what)).toEqual([what])
    expect(leftBehind).toEqual([])
    expect(honestRows).toBe(2)
  })

  it.concurrent.each(Object.entries(putAside))(
    '%s is loaded without it, as text',
    async (_, { text, kind }) => {
      const { error, report, leftBehind, honestRows } = await loadPlain(`${text}\n`)
      expect(error).toBeNull()
      expect(report?.deferred.map((object) => [object.kind, object.sql])).toEqual([[kind, null]])
      expect(leftBehind).toEqual([])
      expect(honestRows).toBe(2)
    },
  )

  it('rows for a table that could not be made is refused', async () => {
    const { error } = await loadPlain(
      `CREATE TABLE public.lost (a public.nothing);\nCOPY public.lost (a) FROM stdin;\n1\n\\.\n`,
    )
    expect(error?.code).toBe('LOAD:REFUSED')
    expect(error?.message).toContain('public.lost, which is not made: the type public.nothing is not known')
  })
})
