import type { TocEntry } from '../../dump.ts'

/**
 * The forms that make up most of a database, word for word as pg_dump writes them and with plain names only. All
 * but the word for a sequence's type is the same since 9.0, so these are not parsed: that saves most of the time.
 */
const NAME = '[a-z_][a-z0-9_]*'
const TABLE = `${NAME}\\.${NAME}`
const COLUMNS = `\\(${NAME}(?:, ${NAME})*\\)`
const ACTION = '(?:CASCADE|RESTRICT|SET NULL|SET DEFAULT)'
const TYPE =
  '(?:integer|bigint|smallint|boolean|text|bytea|date|double precision|real|numeric(?:\\(\\d+,\\d+\\))?|character varying(?:\\(\\d+\\))?|timestamp without time zone)'
const COLUMN = `    (?:"${NAME}"|${NAME}) ${TYPE}(?: NOT NULL)?`

const FORMS: Readonly<Record<string, RegExp>> = {
  TABLE: new RegExp(`^CREATE TABLE ${TABLE} \\(\n${COLUMN}(?:,\n${COLUMN})*\n\\);\n*$`),
  INDEX: new RegExp(`^CREATE (?:UNIQUE )?INDEX ${NAME} ON ${TABLE} USING btree ${COLUMNS};\n*$`),
  CONSTRAINT: new RegExp(
    `^ALTER TABLE ONLY ${TABLE}\n    ADD CONSTRAINT ${NAME} (?:PRIMARY KEY|UNIQUE) ${COLUMNS};\n*$`,
  ),
  'FK CONSTRAINT': new RegExp(
    `^ALTER TABLE ONLY ${TABLE}\n    ADD CONSTRAINT ${NAME} FOREIGN KEY ${COLUMNS} REFERENCES ${TABLE}${COLUMNS}(?: ON UPDATE ${ACTION})?(?: ON DELETE ${ACTION})?;\n*$`,
  ),
  DEFAULT: new RegExp(
    `^ALTER TABLE ONLY ${TABLE} ALTER COLUMN ${NAME} SET DEFAULT nextval\\('${TABLE}'::regclass\\);\n*$`,
  ),
}

const SEQUENCE = new RegExp(
  `^(CREATE SEQUENCE ${TABLE}\n)    AS (?:integer|smallint)\n((?:    (?:START WITH|INCREMENT BY|MINVALUE|MAXVALUE|CACHE) -?\\d+\n|    NO (?:MIN|MAX)VALUE\n)*    CACHE \\d+;\n*)$`,
)
const SEQUENCE_WITHOUT_TYPE = new RegExp(
  `^CREATE SEQUENCE ${TABLE}\n(?:    (?:START WITH|INCREMENT BY|MINVALUE|MAXVALUE) -?\\d+\n|    NO (?:MIN|MAX)VALUE\n)*    CACHE \\d+;\n*$`,
)

/** The definition for a version before the one that wrote it; null when it has to be parsed to know. */
export function usualForm(entry: TocEntry, target: number): string | null {
  const { description, definition } = entry
  if (description !== 'SEQUENCE') return FORMS[description]?.test(definition) ? definition : null
  if (SEQUENCE_WITHOUT_TYPE.test(definition)) return definition
  const typed = SEQUENCE.exec(definition)
  if (typed === null) return null
  return target < 10 ? `${typed[1]}${typed[2]}` : definition
}
