/**
 * The body of an answer as text.
 * @throws Error when it is longer than so many bytes; the rest is not read
 */
export async function boundedBody(response: Response, most: number): Promise<string> {
  if (!response.body) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.length
    // Leaving the loop cancels the stream.
    if (bytes > most) throw new Error(`The answer is longer than ${most} bytes.`)
    chunks.push(chunk)
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
}
