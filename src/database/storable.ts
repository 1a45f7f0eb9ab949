/**
 * Text as PostgreSQL stores it: it has no NUL, and no half of a surrogate pair. What is taken from an uploaded file may
 * have both; U+FFFD stands for them then.
 */
export function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed()
}

/** A value as the text of a jsonb, with all its texts storable. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'string' ? storable(part) : isPlain(part) ? withStorableNames(part) : part,
  )
}

function isPlain(part: unknown): part is Record<string, unknown> {
  return typeof part === 'object' && part !== null && !Array.isArray(part)
}

function withStorableNames(part: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [storable(name), value]))
}
