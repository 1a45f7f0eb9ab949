import { restoreCommands, shellWord } from '../../dumps/write/restore-commands.ts'
import type { Request, RequestFile } from '../../requests/request.ts'

const psql = 'psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=NEW_DATABASE'
const create = 'createdb --template=template0 --encoding=UTF8 NEW_DATABASE'

/** Downloads a file, going on where an earlier call of the same line broke off. */
export function downloadCommand(url: string, name: string): string {
  return `curl --fail --continue-at - --output ${shellWord(name)} ${shellWord(url)}`
}

export function checkCommand({ name, sha256 }: RequestFile): string | null {
  return sha256 && `echo ${shellWord(`${sha256}  ${name}`)} | sha256sum --check`
}

/** The lines that restore the upgraded dump, as a shell takes them, in the form that it has. */
export function restoreLines(request: Request, { name, contentType }: RequestFile): string[] {
  const file = shellWord(name)
  switch (contentType) {
    case 'application/zip':
      return restoreCommands('zip', name, 'UTF8', request.filestore ? 1 : 0)
    case 'application/sql':
      return restoreCommands('plain', name, 'UTF8', 0)
    case 'application/gzip':
      return [create, `gunzip --stdout ${file} | ${psql}`]
    case 'application/x-tar':
      return request.compressions?.includes('pgdmp_directory')
        ? [
            create,
            `mkdir NEW_DATABASE.unpacked && tar --extract --file=${file} --directory=NEW_DATABASE.unpacked`,
            'pg_restore --jobs=4 --no-owner --dbname=NEW_DATABASE NEW_DATABASE.unpacked',
          ]
        : restoreCommands('tar', name, 'UTF8', 0)
    default:
      return restoreCommands('custom', name, 'UTF8', 0)
  }
}

/** Restores the SQL stream without a file in between. */
export function streamLines(url: string): string[] {
  return [create, `curl --fail --silent --show-error ${shellWord(url)} | ${psql}`]
}
