import { catalogue, type Language } from './language.ts'

/** The layers of a dump that are no well-known names of their own. */
const texts = catalogue<Readonly<Record<string, string>>>({
  en: {
    pgdmp_custom: 'custom archive (pg_dump -Fc)',
    pgdmp_tar: 'tar archive (pg_dump -Ft)',
    pgdmp_directory: 'directory archive (pg_dump -Fd)',
    sql: 'SQL text',
  },
  fr: {
    pgdmp_custom: 'archive « custom » (pg_dump -Fc)',
    pgdmp_tar: 'archive « tar » (pg_dump -Ft)',
    pgdmp_directory: 'archive « directory » (pg_dump -Fd)',
    sql: 'texte SQL',
  },
})

/** ["gzip", "sql"] → "gzip › SQL text"; that there is SQL in an archive of PostgreSQL goes without saying. */
export function dumpFormIn(language: Language, layers: readonly string[]): string {
  const words = texts(language)
  const told = layers.filter((layer, place) => layer !== 'sql' || !layers[place - 1]?.startsWith('pgdmp_'))
  return told.map((layer) => (Object.hasOwn(words, layer) ? words[layer] : layer)).join(' › ')
}
