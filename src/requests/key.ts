import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Random bytes of a key: 128 bits. */
const BYTES = 16

/** A request's key as the API's document shows it: 24 characters of URL-safe base64 with its padding, "Aw7pItGVKFuZ_FOR3U8VFQ==". */
export function createKey(): string {
  return randomBytes(BYTES).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}

/** What is stored of a key. Its 128 random bits need no slow hash. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

/** Whether a key is the one that was hashed; takes the same time for every key. */
export function keyMatches(key: string, hash: Buffer): boolean {
  return timingSafeEqual(hashKey(key), hash)
}
