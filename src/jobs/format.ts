import type { DumpHead } from '../dumps/dump.ts'
import type { OutputFormat } from '../dumps/write/options.ts'
import type { Wrapping } from '../dumps/write/restore-commands.ts'

/** How the upgraded dump is written and kept: in the form of the upload. */
export interface Form {
  format: OutputFormat
  wrapping: Wrapping
  /** Of the file's name, with its dot. */
  ending: string
  contentType: string
}

/**
 * The form of the result for an upload: archive for archive, a backup zip for a backup zip, plain SQL for plain SQL,
 * compressed where the upload was; a directory, which came packed in something, goes back as a tar.
 */
export function formOf({ layers, format, manifest }: Pick<DumpHead, 'layers' | 'format' | 'manifest'>): Form {
  if (manifest !== null || (layers[0] === 'zip' && format === 'plain'))
    return { format: 'zip', wrapping: 'none', ending: '.zip', contentType: 'application/zip' }
  switch (format) {
    case 'custom':
      return { format, wrapping: 'none', ending: '.dump', contentType: 'application/octet-stream' }
    case 'tar':
      return { format, wrapping: 'none', ending: '.tar', contentType: 'application/x-tar' }
    case 'directory':
      return { format, wrapping: 'tar', ending: '.tar', contentType: 'application/x-tar' }
    case 'plain':
      return layers.length > 1
        ? { format, wrapping: 'gzip', ending: '.sql.gz', contentType: 'application/gzip' }
        : { format, wrapping: 'none', ending: '.sql', contentType: 'application/sql' }
  }
}

/** "upgraded_db_name.dump" for "db_name.dump"; an ending that says another form than the result's is replaced. */
export function upgradedName(filename: string, { ending }: Form): string {
  const plain = filename.replace(/[\p{Cc}/\\]/gu, '_').slice(-150)
  // The packing of the upload is gone; what stands before it may say the form already.
  const unpacked = ending.endsWith('.gz') ? plain : plain.replace(/(?<=\.\w+)\.(gz|bz2|xz|zst)$/i, '')
  const kept =
    unpacked.toLowerCase().endsWith(ending) || (ending === '.dump' && /\.(c?dump|backup)$/i.test(unpacked))
  const known =
    /\.(sql(\.(gz|bz2|xz|zst|zip))?|tar(\.(gz|bz2|xz|zst))?|tgz|c?dump|backup|zip|gz|bz2|xz|zst)$/i
  return `upgraded_${kept ? unpacked : `${plain.replace(known, '')}${ending}`}`
}
