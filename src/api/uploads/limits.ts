import type { Database } from '../../database/database.ts'
import { maxBytesOf } from '../../requests/contracts.ts'
import type { Failure } from '../../requests/request.ts'
import { failure } from '../failures.ts'
import { Refusal } from '../refusal.ts'

/** Room that stays free on the disk of the spool. */
const RESERVE_BYTES = 64 * 1024 * 1024

/** Bytes that an upload may have. */
export interface UploadLimit {
  limit: number
  /** Whether it is the contract's, not the installation's. */
  contractLimit: boolean
}

/** @param maxUpload limit of the installation */
export async function uploadLimit(
  database: Pick<Database, 'pool'>,
  contract: string,
  maxUpload: number,
): Promise<UploadLimit> {
  const limit = Math.min(maxUpload, (await maxBytesOf(database, contract)) ?? maxUpload)
  return { limit, contractLimit: limit < maxUpload }
}

/** @throws Refusal when it is the limit of the installation */
export function tooLarge({ limit, contractLimit }: UploadLimit): Failure {
  const expected = [String(limit)]
  if (contractLimit)
    return failure('DUMP:TOO_LARGE', `Your contract takes dumps of up to ${limit} bytes`, { expected })
  throw new Refusal('DUMP:TOO_LARGE', `This server takes dumps of up to ${limit} bytes`, { expected })
}

/** @throws Refusal STORAGE:FULL */
export function checkRoom(bytes: number, room: number): void {
  if (bytes > 0 && bytes + RESERVE_BYTES > room)
    throw new Refusal('STORAGE:FULL', 'The server has no room for a dump of this size. Try again later.')
}
