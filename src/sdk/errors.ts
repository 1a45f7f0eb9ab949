/** One thing that a call of the API did not take, in the server's own words. */
export interface Failure {
  /** Subject and problem: "TARGET:INVALID", "REQUEST:NOT_FOUND" … */
  reason: string
  /** A sentence for people. */
  message: string
  /** A value that is at fault. */
  code?: string
  /** A value that is at fault. */
  value?: string
  /** The values that would have been valid. */
  expected?: string[]
}

/** The server understood the call and did not take it. All reasons of one call come together. */
export class RemoteFailures extends Error {
  override readonly name = 'RemoteFailures'
  readonly failures: readonly Failure[]

  constructor(failures: readonly Failure[]) {
    super(failures.map(({ reason, message }) => `${reason}: ${message}`).join('\n'))
    this.failures = failures
  }

  /** Whether one of the reasons is this one. */
  has(reason: string): boolean {
    return this.failures.some((failure) => failure.reason === reason)
  }
}

/** The server could not be reached, or did not answer, as often as it was tried. `cause` is what the last try broke on. */
export class RemoteUnreachable extends Error {
  override readonly name = 'RemoteUnreachable'
}

/** Something answered, but not as an upgrade platform does: usually the address is that of something else. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer'
  /** The HTTP status of the answer. */
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** A download whose size or SHA-256 is not what the server named, as often as it was tried. */
export class DamagedDownload extends Error {
  override readonly name = 'DamagedDownload'
}

/** There is a file already where a download should go. */
export class FileExists extends Error {
  override readonly name = 'FileExists'
}
