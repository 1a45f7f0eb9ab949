import { corrupt, unsupported } from './failures.ts'

/**
 * Encodings in which an ASCII byte can be the second half of a character: their text cannot be split by bytes.
 * PostgreSQL allows them on the client's side only (its manual, "Character Set Support").
 */
const NOT_ASCII_SAFE = new Set(['SJIS', 'SHIFT_JIS_2004', 'BIG5', 'GBK', 'GB18030', 'JOHAB', 'UHC'])

/** PostgreSQL's names and those of the Encoding Standard, where they differ. */
const STANDARD_NAMES: Readonly<Record<string, string>> = {
  UTF8: 'utf-8',
  UNICODE: 'utf-8',
  LATIN1: 'latin1',
  LATIN2: 'iso-8859-2',
  LATIN3: 'iso-8859-3',
  LATIN4: 'iso-8859-4',
  LATIN5: 'iso-8859-9',
  LATIN6: 'iso-8859-10',
  LATIN7: 'iso-8859-13',
  LATIN8: 'iso-8859-14',
  LATIN9: 'iso-8859-15',
  LATIN10: 'iso-8859-16',
  ISO_8859_5: 'iso-8859-5',
  ISO_8859_6: 'iso-8859-6',
  ISO_8859_7: 'iso-8859-7',
  ISO_8859_8: 'iso-8859-8',
  WIN866: 'ibm866',
  WIN874: 'windows-874',
  WIN1250: 'windows-1250',
  WIN1251: 'windows-1251',
  WIN1252: 'windows-1252',
  WIN1253: 'windows-1253',
  WIN1254: 'windows-1254',
  WIN1255: 'windows-1255',
  WIN1256: 'windows-1256',
  WIN1257: 'windows-1257',
  WIN1258: 'windows-1258',
  KOI8R: 'koi8-r',
  KOI8U: 'koi8-u',
  EUC_JP: 'euc-jp',
  EUC_KR: 'euc-kr',
  EUC_CN: 'gbk',
}

export type Decode = (bytes: Buffer) => string

/** Text as its encoding says, or one character for each byte. */
export type TextForm = 'decoded' | 'bytes'

/**
 * How text of a dump becomes a string. `encoding` is the client_encoding that the dump sets, null when it sets none.
 * Text of no known encoding (SQL_ASCII, or unsaid) is read as UTF-8 where it is valid UTF-8, else byte by byte.
 */
export function decoder(encoding: string | null): Decode {
  const name = encoding?.toUpperCase() ?? null
  if (name !== null && NOT_ASCII_SAFE.has(name))
    throw unsupported(
      `The dump is in encoding ${name}, which is not read: make it with pg_dump --encoding=UTF8.`,
      {
        encoding: name,
      },
    )
  const standard = name === null ? undefined : STANDARD_NAMES[name]
  if (standard === 'latin1') return (bytes) => bytes.toString('latin1')
  if (standard === undefined) return decodeUnknown
  const strict = new TextDecoder(standard, { fatal: true, ignoreBOM: true })
  return (bytes) => {
    if (standard === 'utf-8' && isAscii(bytes)) return bytes.toString('latin1')
    try {
      return strict.decode(bytes)
    } catch (cause) {
      throw corrupt(`text that is not valid ${name}`, { encoding: name }, cause)
    }
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodeUnknown(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

function isAscii(bytes: Buffer): boolean {
  if (bytes.length > 256) return false
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! > 127) return false
  return true
}
