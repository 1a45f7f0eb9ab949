import { restoreCommands, shellWord } from '../../dumps/write/restore-commands.ts'
import type { Request, RequestFile } from '../../requests/request.ts'

/** Downloads a file, going on where an earlier call of the same line broke off. */
export function downloadCommand(url: string, name: string): string {
  return `curl --fail --continue-at - --output ${shellWord(name)} ${shellWord(url)}`
}

export function checkCommand({ name, sha256 }: RequestFile): string | null {
  return sha256 && `echo ${shellWord(`${sha256}  ${name}`)} | sha256sum --check`
}

/** The lines that restore the upgraded dump, as a shell takes them, in the form that it has. */
export function restoreLines(request: Request, { name, contentType }: RequestFile): string[] {
  switch (contentType) {
    case 'application/zip':
      return restoreCommands('zip', name, 'UTF8', request.filestore ? 1 : 0)
    case 'application/sql':
      return restoreCommands('plain', name, 'UTF8', 0)
    case 'application/gzip':
      return restoreCommands('plain', name, 'UTF8', 0, 'gzip')
    case 'application/x-tar':
      return request.compressions?.includes('pgdmp_directory')
        ? restoreCommands('directory', name, 'UTF8', 0, 'tar')
        : restoreCommands('tar', name, 'UTF8', 0)
    default:
      return restoreCommands('custom', name, 'UTF8', 0)
  }
}
