/** Endings that say how a dump is packed. */
const ENDING = /(\.(sql|dump|c?dump|backup|pgdump|tar|zip|tgz|gz|xz|bz2|zst|lz4)){1,2}$/i

/** "db_name.sql" for "db_name.dump". */
export function sqlName(name: string): string {
  return `${name.replace(ENDING, '') || 'database'}.sql`
}

/** "db_name.filestore.zip" for "db_name.dump". */
export function filestoreName(name: string): string {
  return `${name.replace(ENDING, '') || 'database'}.filestore.zip`
}

/** A name with the ending, once. */
export function withEnding(name: string, ending: string): string {
  return name.toLowerCase().endsWith(ending) ? name : `${name.replace(ENDING, '') || 'file'}${ending}`
}

/** Content-Disposition of RFC 6266: a name in ASCII for old clients, and the whole name where it says more. */
export function disposition(type: 'attachment' | 'inline', name: string): string {
  const whole =
    [...name.toWellFormed()].filter((char) => !/[\p{Cc}\p{Zl}\p{Zp}/\\]/u.test(char)).join('') || 'file'
  const plain = whole.replaceAll(/[^\x20-\x7e]/g, '_').replaceAll(/["%\\]/g, '_')
  const extended =
    plain === whole
      ? ''
      : `; filename*=UTF-8''${encodeURIComponent(whole).replaceAll(/['()*!]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)}`
  return `${type}; filename="${plain}"${extended}`
}

/** The media type of an upload by its outermost layer. */
export function typeOfLayer(layer: string | undefined): string {
  return (layer && types[layer]) ?? 'application/octet-stream'
}

const types: Readonly<Record<string, string>> = {
  sql: 'application/sql',
  zip: 'application/zip',
  gzip: 'application/gzip',
  xz: 'application/x-xz',
  bzip2: 'application/x-bzip2',
  zstd: 'application/zstd',
  lz4: 'application/x-lz4',
  tar: 'application/x-tar',
  pgdmp_tar: 'application/x-tar',
}
