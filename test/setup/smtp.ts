import { spawnSync } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface Arrived {
  sender: string
  recipients: string[]
  raw: Buffer
}

export interface MailServer {
  url: string
  arrived: Arrived[]
  close(): Promise<void>
}

/** An SMTP server that keeps what it gets. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const arrived: Arrived[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        arrived.push({
          sender: mailFrom ? mailFrom.address : '',
          recipients: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks),
        })
        done()
      })
    },
    ...options,
  })
  // A client that goes away in the middle is part of the tests.
  server.on('error', () => {})
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()))
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    arrived,
    close: () => new Promise((done) => server.close(() => done())),
  }
}

export interface ReadMail {
  headers: Map<string, string[]>
  text: string
  html: string
}

/** A mail as another mail program, Python's, reads it. */
export function readMail(raw: Buffer): ReadMail {
  const { stdout, stderr, status } = spawnSync(
    'python3',
    [join(import.meta.dirname, '../tickets/read_mail.py')],
    {
      input: raw,
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw new Error(stderr)
  const mail = JSON.parse(stdout) as { headers: [string, string][]; text: string; html: string }
  return {
    ...mail,
    headers: Map.groupBy(mail.headers, ([name]) => name)
      .entries()
      .reduce(
        (headers, [name, values]) =>
          headers.set(
            name,
            values.map(([, value]) => value),
          ),
        new Map<string, string[]>(),
      ),
  }
}
