const BACKSLASH = 0x5c

/** One-letter escapes of COPY text (PostgreSQL's manual, COPY, "Text Format"). */
const LETTERS: Readonly<Record<string, number>> = { b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 }

/** The bytes of a field of COPY text without its escapes; null for SQL null, "\N". */
export function unescapeCopyField(field: Buffer): Buffer | null {
  const first = field.indexOf(BACKSLASH)
  if (first === -1) return field
  if (field.length === 2 && field[1] === 0x4e) return null
  const out = Buffer.allocUnsafe(field.length)
  let to = field.copy(out, 0, 0, first)
  for (let at = first; at < field.length; at++) {
    const byte = field[at]!
    if (byte !== BACKSLASH || at + 1 >= field.length) {
      out[to++] = byte
      continue
    }
    at++
    const [value, extra] = numeric(field, at)
    out[to++] = value ?? LETTERS[String.fromCharCode(field[at]!)] ?? field[at]!
    at += extra
  }
  return out.subarray(0, to)
}

/** "\101" and "\x41": the byte and how many characters behind the first one it takes; null for another escape. */
function numeric(field: Buffer, at: number): [number | null, number] {
  const octal = /^[0-7]{1,3}/.exec(field.toString('latin1', at, at + 3))?.[0]
  if (octal !== undefined) return [Number.parseInt(octal, 8) & 0xff, octal.length - 1]
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(field.toString('latin1', at, at + 3))
  if (hex !== null) return [Number.parseInt(hex[1]!, 16), hex[0].length - 1]
  return [null, 0]
}
