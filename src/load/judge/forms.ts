import type { TableName } from '../../dumps/dump.ts'
import { ident, literal, qualified } from '../../postgres/sql.ts'
import type { Verdict } from './verdict.ts'

/**
 * Nine of ten statements of a dump have one of a few forms that pg_dump writes to the letter. They are known here by
 * patterns that match the whole text and let through plain names, numbers and fixed words only; the verdict is that
 * of the parser (a test compares the two on real dumps), without its cost. Whatever differs in one character goes
 * the long way.
 */
const NAME = '([a-z_][a-z0-9_]*)'
const TABLE = `${NAME}\\.${NAME}`
const NUMBER = '(-?[0-9]{1,19})'

const COMMENT = /^COMMENT ON /

const SET_VALUE = whole(`SELECT pg_catalog\\.setval\\('${TABLE}', ${NUMBER}, (true|false)\\);`)

const OWNED_BY = whole(`ALTER SEQUENCE ${TABLE} OWNED BY ${TABLE}\\.${NAME};`)

const DEFAULT_NEXTVAL = whole(
  `ALTER TABLE ONLY ${TABLE} ALTER COLUMN ${NAME} SET DEFAULT nextval\\('${TABLE}'::regclass\\);`,
)

const SEQUENCE = whole(
  `CREATE SEQUENCE ${TABLE}\\n(    AS integer\\n)?    START WITH ${NUMBER}\\n    INCREMENT BY ${NUMBER}\\n    NO MINVALUE\\n    NO MAXVALUE\\n    CACHE ${NUMBER};`,
)

const FOREIGN_KEY = whole(
  `ALTER TABLE ONLY ${TABLE}\\n    ADD CONSTRAINT ${NAME} (FOREIGN KEY \\(${NAME}\\) REFERENCES ${TABLE}\\(${NAME}\\)( ON UPDATE (?:CASCADE|SET NULL|RESTRICT))?( ON DELETE (?:CASCADE|SET NULL|RESTRICT))?);`,
)

const KEY = whole(
  `ALTER TABLE ONLY ${TABLE}\\n    ADD CONSTRAINT ${NAME} ((PRIMARY KEY|UNIQUE) \\((${NAME}(?:, [a-z_][a-z0-9_]*)*)\\));`,
)

const INDEX = whole(
  `(CREATE (UNIQUE )?INDEX ${NAME} ON ${TABLE} USING btree \\((${NAME}(?:, [a-z_][a-z0-9_]*)*)\\));`,
)

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}\\s*$`)
}

/** Names that the parser reads as a word of SQL's when they are not quoted; pg_dump quotes them, so here they are unusual. */
const WORDS = /^(pg_|information_schema$)/

/** The verdict for a statement in one of pg_dump's own forms; null when it has none of them. */
export function knownForm(sql: string, isOpen: (schema: string) => boolean): Verdict | null {
  if (COMMENT.test(sql)) return comment(sql)
  const open = (schema: string | undefined) => schema !== undefined && !WORDS.test(schema) && isOpen(schema)
  let m = SET_VALUE.exec(sql)
  if (m && open(m[1]))
    return {
      act: 'sequenceValue',
      sequence: table(m[1], m[2]),
      value: m[3]!,
      called: m[4] === 'true',
    }
  m = FOREIGN_KEY.exec(sql)
  if (m && open(m[1]) && open(m[6])) return foreignKey(m)
  m = KEY.exec(sql)
  if (m && open(m[1])) return key(m)
  m = INDEX.exec(sql)
  if (m && open(m[4])) return index(m)
  m = OWNED_BY.exec(sql)
  if (m && open(m[1]) && open(m[3]))
    return {
      act: 'run',
      kind: 'sequence',
      object: table(m[1], m[2]),
      sql: `ALTER SEQUENCE ${quoted(m[1], m[2])} OWNED BY ${quoted(m[3], m[4])}.${ident(m[5]!)}`,
    }
  m = DEFAULT_NEXTVAL.exec(sql)
  if (m && open(m[1]) && open(m[4]))
    return {
      act: 'run',
      kind: 'default',
      object: table(m[1], m[2]),
      sql: `ALTER TABLE ONLY ${quoted(m[1], m[2])} ALTER COLUMN ${ident(m[3]!)} SET DEFAULT pg_catalog.nextval(${literal(quoted(m[4], m[5]))}::pg_catalog.regclass)`,
    }
  m = SEQUENCE.exec(sql)
  if (m && open(m[1]))
    return {
      act: 'run',
      kind: 'sequence',
      object: table(m[1], m[2]),
      sql: `CREATE SEQUENCE ${quoted(m[1], m[2])}${m[3] ? ' AS pg_catalog."int4"' : ''} START WITH ${m[4]} INCREMENT BY ${m[5]} NO MINVALUE NO MAXVALUE CACHE ${m[6]}`,
    }
  return null
}

/** A comment is never made: whatever stands in it stays text. */
export function comment(sql: string): Verdict {
  return {
    act: 'defer',
    object: {
      kind: 'comment',
      schema: '',
      table: '',
      name: '',
      definition: sql.trim().replace(/;$/, ''),
      sql: null,
      columns: [],
    },
  }
}

function foreignKey(m: RegExpExecArray): Verdict {
  const [, schema, name, constraint, definition, column, toSchema, toName, toColumn, onUpdate, onDelete] = m
  return {
    act: 'defer',
    object: {
      kind: 'foreignKey',
      ...place(schema, name, constraint),
      definition: definition!,
      sql: `ALTER TABLE ONLY ${quoted(schema, name)} ADD CONSTRAINT ${ident(constraint!)} FOREIGN KEY (${ident(column!)}) REFERENCES ${quoted(toSchema, toName)} (${ident(toColumn!)})${onUpdate ?? ''}${onDelete ?? ''}`,
      columns: [column!],
      references: {
        schema: toSchema!,
        table: toName!,
        columns: [toColumn!],
        onDelete: onDelete?.slice(' ON DELETE '.length) ?? 'NO ACTION',
        onUpdate: onUpdate?.slice(' ON UPDATE '.length) ?? 'NO ACTION',
      },
    },
  }
}

function key(m: RegExpExecArray): Verdict {
  const [, schema, name, constraint, definition, kind, list] = m
  const columns = list!.split(', ')
  return {
    act: 'defer',
    object: {
      kind: kind === 'UNIQUE' ? 'unique' : 'primaryKey',
      ...place(schema, name, constraint),
      definition: definition!,
      sql: `ALTER TABLE ONLY ${quoted(schema, name)} ADD CONSTRAINT ${ident(constraint!)} ${kind} (${columns.map(ident).join(', ')})`,
      columns,
    },
  }
}

function index(m: RegExpExecArray): Verdict {
  const [, definition, unique, name, schema, on, list] = m
  const columns = list!.split(', ')
  return {
    act: 'defer',
    object: {
      kind: 'index',
      ...place(schema, on, name),
      definition: definition!,
      sql: `CREATE ${unique ?? ''}INDEX ${ident(name!)} ON ${quoted(schema, on)} USING btree (${columns.map(ident).join(', ')})`,
      columns,
    },
  }
}

function place(schema: string | undefined, tableName: string | undefined, name: string | undefined) {
  return { schema: schema!, table: tableName!, name: name! }
}

function table(schema: string | undefined, name: string | undefined): TableName {
  return { schema: schema!, name: name! }
}

function quoted(schema: string | undefined, name: string | undefined): string {
  return qualified(schema!, name!)
}
