import { LONGEST_ANSWER, readAnswer } from './answer.ts'
import { UnexpectedAnswer } from './errors.ts'
import { networkError } from './network.ts'
import { type RetryPlan, tryAgain } from './retry.ts'

/** Milliseconds that an answer to a small call may take. */
const CALL_TIMEOUT = 60_000

export interface Line {
  /** Where `/database/v1/…` begins, without a slash at the end. */
  base: string
  origin: string
  fetch: typeof fetch
  retry: RetryPlan
}

/**
 * Calls a method of the API with form fields. They go in the body: an address stands in too many logs for a key.
 * @param repeatable whether a call whose answer was lost may be made once more
 */
export function call(
  line: Line,
  method: string,
  fields: Record<string, string>,
  options: { repeatable: boolean; signal: AbortSignal | undefined },
): Promise<Record<string, unknown>> {
  const { origin } = line
  return tryAgain(line.retry, options.signal, async () => {
    const signals = [AbortSignal.timeout(CALL_TIMEOUT), ...(options.signal ? [options.signal] : [])]
    let raw: { status: number; header(name: string): string | null; text: string }
    try {
      const response = await line.fetch(`${line.base}/database/v1/${method}`, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { accept: 'application/json' },
        redirect: 'manual',
        signal: AbortSignal.any(signals),
      })
      raw = {
        status: response.status,
        header: (name) => response.headers.get(name),
        text: await shortText(response),
      }
    } catch (thrown) {
      if (thrown instanceof UnexpectedAnswer) throw thrown
      throw networkError(thrown, origin, options.repeatable)
    }
    return readAnswer(raw, origin)
  })
}

/** @throws UnexpectedAnswer when it is longer than any answer of the API */
export async function shortText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  const reader = response.body?.getReader()
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    bytes += value.byteLength
    if (bytes > LONGEST_ANSWER) {
      await reader.cancel()
      throw new UnexpectedAnswer(response.status, 'The answer is far longer than any of an upgrade platform.')
    }
    chunks.push(value)
  }
  return Buffer.concat(chunks).toString('utf8')
}
