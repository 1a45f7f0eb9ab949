import type { OutputFormat } from './options.ts'

/** The commands that restore a dump into a new database, for a shell; NEW_DATABASE stands for its name. */
export function restoreCommands(
  format: OutputFormat,
  path: string,
  encoding: string,
  files: number,
): string[] {
  const file = shellWord(path)
  const create = `createdb --template=template0 --encoding=${encoding} NEW_DATABASE`
  switch (format) {
    case 'custom':
    case 'directory':
      return [create, `pg_restore --jobs=4 --no-owner --dbname=NEW_DATABASE ${file}`]
    case 'tar':
      return [create, `pg_restore --no-owner --dbname=NEW_DATABASE ${file}`]
    case 'plain':
      return [create, `psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=NEW_DATABASE --file=${file}`]
    case 'zip':
      return [
        create,
        `unzip -p ${file} dump.sql | psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=NEW_DATABASE`,
        ...(files > 0
          ? [
              `unzip -q ${file} 'filestore/*' -d NEW_DATABASE.unpacked`,
              'cp -an NEW_DATABASE.unpacked/filestore/. DATA_DIR/filestore/NEW_DATABASE/',
            ]
          : []),
      ]
  }
}

/** A text as one word of a shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
