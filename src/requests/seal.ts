import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isSystemError, UpliftError } from '../errors.ts'
import { writeOnce } from '../storage/write-once.ts'

const SECRET = 32
const IV = 12
const TAG = 16

/** Seals keys of requests for mails that are sent later, with a secret that is not in the database. */
export class KeySeal {
  readonly #secret: Buffer

  constructor(secret: Buffer) {
    this.#secret = secret
  }

  seal(key: string): Buffer {
    const iv = randomBytes(IV)
    const cipher = createCipheriv('aes-256-gcm', this.#secret, iv, { authTagLength: TAG })
    return Buffer.concat([iv, cipher.update(key, 'utf8'), cipher.final(), cipher.getAuthTag()])
  }

  /** The key; null when it was sealed with another secret. */
  open(sealed: Buffer): string | null {
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#secret, sealed.subarray(0, IV), {
        authTagLength: TAG,
      })
      decipher.setAuthTag(sealed.subarray(-TAG))
      return Buffer.concat([decipher.update(sealed.subarray(IV, -TAG)), decipher.final()]).toString('utf8')
    } catch {
      return null
    }
  }
}

/**
 * The seal of an installation; its secret is the file "secret" of the data folder, made at the first use.
 * @throws UpliftError CONFIG:INVALID when that file holds something else
 */
export async function openSeal({ dataFolder }: { dataFolder: string }): Promise<KeySeal> {
  const path = join(dataFolder, 'secret')
  await mkdir(dataFolder, { recursive: true })
  try {
    return await readSeal(path)
  } catch (thrown) {
    if (!isSystemError(thrown, 'ENOENT')) throw thrown
  }
  await writeOnce(path, randomBytes(SECRET))
  return readSeal(path)
}

async function readSeal(path: string): Promise<KeySeal> {
  const secret = await readFile(path)
  if (secret.length !== SECRET)
    throw new UpliftError(
      'CONFIG:INVALID',
      `The file ${path} is not the secret that was made there: restore it from a backup, or remove it; keys that were sealed before cannot be opened without it.`,
    )
  return new KeySeal(secret)
}
