import type { Socket } from 'node:net'
import { isSystemError } from '../errors.ts'
import { Refusal } from './refusal.ts'
import type { Traffic } from './traffic.ts'

/**
 * Answers a message that HTTP's parser did not take, as far as somebody still listens, and closes the connection. The
 * answer to a whole message before it goes out first; a message that breaks within its body has none.
 */
export function answerBrokenMessage(error: Error, socket: Socket, traffic: Traffic): void {
  if (isSystemError(error, 'ECONNRESET') || !socket.writable) return void socket.destroy(error)
  const call = traffic.callOn(socket)
  if (call !== null && !call.request.complete) return void socket.destroy(error)
  if (call !== null) call.response.once('close', () => endWith(error, socket))
  else endWith(error, socket)
}

function endWith(error: Error, socket: Socket): void {
  if (!socket.writable) return void socket.destroy()
  const { status, failures } = refusalOf(error)
  const body = JSON.stringify({ failures })
  socket.end(
    `HTTP/1.1 ${status} ${words[status]}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
  // What still comes is thrown away; the answer would be lost if the connection were cut at once.
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), 2_000)
  socket.once('close', () => clearTimeout(timer))
}

const words: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

function refusalOf(error: Error): Refusal {
  if (isSystemError(error, 'HPE_HEADER_OVERFLOW'))
    return new Refusal('HEADERS:TOO_LARGE', 'The address and headers have too many bytes.')
  if (isSystemError(error, 'ERR_HTTP_REQUEST_TIMEOUT'))
    return new Refusal('BODY:TIMEOUT', 'The message did not come in time.')
  return new Refusal('BODY:INVALID', 'The message is no well-formed HTTP.')
}
