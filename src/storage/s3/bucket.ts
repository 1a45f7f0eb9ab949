import type { S3 } from '@aws-sdk/client-s3'
import type { StorageSettings } from '../../config/settings.ts'
import { UpliftError } from '../../errors.ts'
import { keySegments } from '../key.ts'
import { unreachable } from '../outcome.ts'

export type S3Settings = Extract<StorageSettings, { kind: 's3' }>

/** Times a call is made in all before the server counts as one that does not answer; the SDK pauses longer each time. */
const ATTEMPTS = 4
const CONNECT_MS = 5_000
/** Putting the parts of a large file together may take a server a while in silence. */
const SILENCE_MS = 120_000

/** What is wrong when a server says this, by the name of its answer or by its status where a HEAD has no body. */
const REASONS: Record<string, string> = {
  NoSuchBucket: 'there is no such bucket',
  InvalidAccessKeyId: 'the access key is not known',
  SignatureDoesNotMatch: 'the secret key is wrong',
  AccessDenied: 'the keys have no right to do this',
  CredentialsProviderError: 'no keys were found',
  PermanentRedirect: 'the bucket is in another region',
  AuthorizationHeaderMalformed: 'the region is wrong',
  '301': 'the bucket is in another region',
  '404': 'there is no such bucket',
  '403': 'the keys are wrong or have no right to do this',
}

/** One bucket of an S3 server. The SDK, which is large, is loaded by the first call. */
export class Bucket {
  readonly name: string
  readonly #settings: S3Settings
  readonly #prefix: string
  #client: Promise<S3> | undefined

  constructor(settings: S3Settings) {
    this.name = settings.bucket
    this.#settings = settings
    const prefix = settings.prefix.replace(/^\/+|\/+$/g, '')
    this.#prefix = prefix === '' ? '' : `${prefix}/`
  }

  /** What all objects' names begin with. */
  get prefix(): string {
    return this.#prefix
  }

  /** The bucket and the object of a key, as calls take them. */
  object(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.name, Key: this.#prefix + keySegments(key).join('/') }
  }

  /**
   * Makes a call.
   * @param expected HTTP statuses of failures that the caller knows how to read; they are thrown as the SDK made them
   * @throws UpliftError STORAGE:UNREACHABLE for all others
   */
  async call<T>(work: (s3: S3) => Promise<T>, expected: readonly number[] = []): Promise<T> {
    this.#client ??= connect(this.#settings)
    const s3 = await this.#client
    try {
      return await work(s3)
    } catch (thrown) {
      if (thrown instanceof UpliftError) throw thrown
      const status = statusOf(thrown)
      if (status !== null && expected.includes(status) && nameOf(thrown) !== 'NoSuchBucket') throw thrown
      throw this.failure(thrown)
    }
  }

  /** A failed call, told as what an operator can mend. */
  failure(cause: unknown): UpliftError {
    const silent = ['', 'Unknown', 'UnknownError', 'NotFound'].includes(nameOf(cause))
    const reason = REASONS[silent ? String(statusOf(cause)) : nameOf(cause)]
    const where = this.#settings.endpoint ? ` at ${this.#settings.endpoint}` : ''
    return unreachable(`bucket ${this.name}${where}${reason ? `: ${reason}` : ' does not answer'}`, cause)
  }
}

async function connect(settings: S3Settings): Promise<S3> {
  const { S3 } = await import('@aws-sdk/client-s3')
  return new S3({
    region: settings.region,
    forcePathStyle: settings.pathStyle,
    ...(settings.endpoint ? { endpoint: settings.endpoint } : {}),
    ...(settings.credentials ? { credentials: settings.credentials } : {}),
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
    // Servers other than AWS do not know the checksums that the SDK sends by itself.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
}

/** The HTTP status of an answer that the SDK took as a failure; null when there was no answer. */
export function statusOf(thrown: unknown): number | null {
  if (!(thrown instanceof Error) || !('$metadata' in thrown)) return null
  const metadata: { httpStatusCode?: unknown } = Object(thrown.$metadata)
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : null
}

export function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : ''
}
