import http from 'node:http'
import https from 'node:https'
import { LONGEST_ANSWER, type RawAnswer } from './answer.ts'

/** Milliseconds to wait for the server's "100 Continue"; one that does not know it gets the body then, as RFC 9110 10.1.1 asks. */
const CONTINUE_TIMEOUT = 1000
/** Milliseconds without a byte in either direction after which a connection is taken for dead. */
const SILENCE = 10 * 60_000

export interface Sent {
  answer: RawAnswer
  /** Whether the answer came after the last byte of the body. */
  whole: boolean
}

/**
 * Sends a body of any size with backpressure. fetch cannot: it knows neither a stream of known length nor
 * "Expect: 100-continue", by which a refusal arrives before the bytes are sent.
 * @throws what the network or `chunks` broke on; an answer that came before is returned all the same
 */
export async function send(
  url: URL,
  body: { bytes: number | null; chunks: AsyncIterable<Uint8Array> },
  signal: AbortSignal | undefined,
): Promise<Sent> {
  const request = (url.protocol === 'https:' ? https : http).request(url, {
    method: 'POST',
    agent: false,
    headers: {
      'content-type': 'application/octet-stream',
      accept: 'application/json',
      expect: '100-continue',
      ...(body.bytes === null ? { 'transfer-encoding': 'chunked' } : { 'content-length': body.bytes }),
    },
    ...(signal ? { signal } : {}),
  })
  request.setTimeout(SILENCE, () => request.destroy(new Error('the connection went silent')))
  let over = false
  let wake = () => {}
  const answered = new Promise<RawAnswer>((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => collect(response).then(resolve, reject))
  }).finally(() => {
    over = true
    wake()
  })
  // Looked at below, possibly after it was rejected.
  answered.catch(() => {})
  try {
    await Promise.race([answered, mayGo(request)])
    let whole = false
    if (!over) {
      for await (const chunk of body.chunks) {
        if (over) break
        if (!request.write(chunk))
          await new Promise<void>((resolve) => {
            wake = resolve
            request.once('drain', resolve)
          })
        if (over) break
      }
      if (!over) {
        request.end()
        whole = true
      }
    }
    return { answer: await answered, whole }
  } finally {
    request.destroy()
  }
}

/** Ends when the server asks for the body, or has had time to. */
function mayGo(request: http.ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined
    const go = () => {
      clearTimeout(timer)
      resolve()
    }
    request.once('continue', go)
    request.once('close', go)
    request.once('socket', (socket) =>
      socket.once('connect', () => {
        timer = setTimeout(go, CONTINUE_TIMEOUT)
      }),
    )
    request.flushHeaders()
  })
}

async function collect(response: http.IncomingMessage): Promise<RawAnswer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > LONGEST_ANSWER) break
    chunks.push(chunk)
  }
  return {
    status: response.statusCode ?? 0,
    header: (name) => {
      const value = response.headers[name]
      return typeof value === 'string' ? value : null
    },
    text: Buffer.concat(chunks).toString('utf8'),
  }
}
