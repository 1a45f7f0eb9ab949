import { type FileHandle, open, readFile, rm, stat, writeFile } from 'node:fs/promises'

/**
 * A download that is not complete: `<path>.part`, and beside it the strong ETag of what it is a part of. Without that
 * it cannot be known whether the rest belongs to it.
 */
export interface Part {
  bytes: number
  etag: string
}

const etagFile = (part: string) => `${part}.etag`

/** What is there of an earlier download; null where nothing is, or nothing that can be gone on with. */
export async function keptPart(part: string): Promise<Part | null> {
  const facts = await stat(part).catch(() => null)
  const etag = await readFile(etagFile(part), 'utf8').catch(() => null)
  return facts?.isFile() && facts.size > 0 && etag && strongEtag(etag) ? { bytes: facts.size, etag } : null
}

/** Opens an empty part. Its ETag is written only after what was there before is gone. */
export async function freshPart(part: string, etag: string | null): Promise<FileHandle> {
  await rm(etagFile(part), { force: true })
  const file = await open(part, 'w', 0o600)
  if (etag) await writeFile(etagFile(part), etag)
  return file
}

export async function forgetPart(part: string): Promise<void> {
  await rm(etagFile(part), { force: true })
  await rm(part, { force: true })
}

/** The tag when it is one that If-Range takes; a weak one does not say that the bytes are the same. RFC 9110, 8.8.3. */
export function strongEtag(header: string | null): string | null {
  return header !== null && /^"[\x21\x23-\x7e]*"$/.test(header) ? header : null
}

/**
 * The hexadecimal SHA-256 of the whole file, where the server names it: in Repr-Digest (RFC 9530), else as the whole of
 * the ETag.
 */
export function namedDigest(headers: Headers): string | null {
  const digest = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/i.exec(headers.get('repr-digest') ?? '')
  if (digest?.[1]) return Buffer.from(digest[1], 'base64').toString('hex')
  return /^"(?:sha256[-:])?([0-9a-f]{64})"$/i.exec(headers.get('etag') ?? '')?.[1]?.toLowerCase() ?? null
}
