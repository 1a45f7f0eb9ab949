import { UpliftError } from '../errors.ts'

/** S3 takes 1,024 bytes; the rest is left to the prefix within the bucket. */
const LONGEST = 512
const SEGMENT = /^[A-Za-z0-9._-]{1,255}$/

/** Whether a text has the form of a key: "10001/original/3f2a.dump". */
export function isKey(text: string): boolean {
  return (
    text.length <= LONGEST &&
    text.split('/').every((segment) => SEGMENT.test(segment) && segment !== '.' && segment !== '..')
  )
}

/**
 * The segments of a key. Keys are made by the product, never by a client: one that is not plain is a defect.
 * @throws UpliftError INTERNAL
 */
export function keySegments(key: string): string[] {
  if (!isKey(key))
    throw new UpliftError('INTERNAL', `${JSON.stringify(key.slice(0, LONGEST))} is no key of a storage.`)
  return key.split('/')
}
