import type { OutputFormat } from './options.ts'

/** What is put around a dump to make one smaller file of it: gzip around plain SQL, tar around a directory. */
export type Wrapping = 'none' | 'gzip' | 'tar'

/** The commands that restore a dump into a new database, for a shell; NEW_DATABASE stands for its name. */
export function restoreCommands(
  format: OutputFormat,
  path: string,
  encoding: string,
  files: number,
  wrapping: Wrapping = 'none',
): string[] {
  const file = shellWord(path)
  const create = `createdb --template=template0 --encoding=${encoding} NEW_DATABASE`
  if (wrapping === 'gzip') return [create, `gunzip --stdout ${file} | ${psql}`]
  if (wrapping === 'tar')
    return [
      create,
      `mkdir NEW_DATABASE.unpacked && tar --extract --file=${file} --directory=NEW_DATABASE.unpacked`,
      'pg_restore --jobs=4 --no-owner --dbname=NEW_DATABASE NEW_DATABASE.unpacked',
    ]
  switch (format) {
    case 'custom':
    case 'directory':
      return [create, `pg_restore --jobs=4 --no-owner --dbname=NEW_DATABASE ${file}`]
    case 'tar':
      return [create, `pg_restore --no-owner --dbname=NEW_DATABASE ${file}`]
    case 'plain':
      return [create, `${psql} --file=${file}`]
    case 'zip':
      return [
        create,
        `unzip -p ${file} dump.sql | ${psql}`,
        ...(files > 0
          ? [
              `unzip -q ${file} 'filestore/*' -d NEW_DATABASE.unpacked`,
              'cp -an NEW_DATABASE.unpacked/filestore/. DATA_DIR/filestore/NEW_DATABASE/',
            ]
          : []),
      ]
  }
}

/** The commands that restore SQL which is streamed from an address, without a file in between. */
export function streamCommands(url: string): string[] {
  return [
    'createdb --template=template0 --encoding=UTF8 NEW_DATABASE',
    `curl --fail --silent --show-error ${shellWord(url)} | ${psql}`,
  ]
}

const psql = 'psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=NEW_DATABASE'

/** A text as one word of a shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
