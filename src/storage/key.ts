import { UpliftError } from '../errors.ts'

/** S3 takes 1,024 bytes; the rest is left to the prefix of the bucket. */
const LONGEST = 512
const SEGMENT = /^[A-Za-z0-9._-]{1,255}$/

/**
 * The segments of a key, "10001/original/3f2a.dump": letters, digits, ".", "_" and "-", none of them "." or "..".
 * Keys are made by the product, never by a client: one that is not plain is a defect.
 * @throws UpliftError INTERNAL
 */
export function keySegments(key: string): string[] {
  const segments = key.split('/')
  const plain = segments.every((segment) => SEGMENT.test(segment) && segment !== '.' && segment !== '..')
  if (!plain || key.length > LONGEST)
    throw new UpliftError('INTERNAL', `${JSON.stringify(key.slice(0, LONGEST))} is no key of a storage.`)
  return segments
}
