import { asUpliftError, errorCodes, UpliftError } from '../errors.ts'
import { printable } from '../words/printable.ts'
import type { Context, GlobalOptions } from './context.ts'
import { exitCodeOf } from './exit.ts'
import { formatFailure } from './failure.ts'
import { catchInterruptions } from './interrupt.ts'
import { buildProgram } from './program.ts'
import { JsonShow } from './terminal/json-lines.ts'
import { LineShow } from './terminal/lines.ts'
import { LiveShow } from './terminal/live.ts'

// A reader that has seen enough, such as `head`, is no failure.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(141)
  })

const wantsJson = process.argv.includes('--json')
const interruption = catchInterruptions((message) => process.stderr.write(`\n${message}\n`))

function contextOf(options: GlobalOptions): Context {
  const json = options.json ?? false
  return {
    say: (text) => process.stdout.write(`${printable(text)}\n`),
    warn: (text) => process.stderr.write(`${printable(text)}\n`),
    print: (document) => process.stdout.write(`${JSON.stringify(document)}\n`),
    json,
    show: json
      ? new JsonShow(process.stdout)
      : process.stderr.isTTY
        ? new LiveShow(process.stderr)
        : new LineShow(process.stderr),
    signal: interruption.signal,
    dataFolder: async () => (await import('./data-folder.ts')).dataFolder(options.data),
    data: options.data,
    env: process.env,
  }
}

let context: Context | undefined
try {
  await buildProgram(async (options, work) => {
    context = contextOf(options)
    process.exitCode = await work(context)
  }).parseAsync()
  context?.show.close()
} catch (thrown) {
  context?.show.close()
  // Whatever broke because the work was told to stop, being told is the reason; a command may say it in its own words.
  const toldItself = thrown instanceof UpliftError && thrown.code === 'INTERRUPTED'
  const error = asUpliftError(
    interruption.signal.aborted && !toldItself ? interruption.signal.reason : thrown,
  )
  if (wantsJson)
    process.stdout.write(
      `${JSON.stringify({ event: 'error', code: error.code, message: error.message, meaning: errorCodes[error.code], detail: error.detail })}\n`,
    )
  process.stderr.write(`${printable(formatFailure(error, process.argv.includes('--verbose')))}\n`)
  process.exitCode = interruption.exitCode() ?? exitCodeOf(error.code)
}
// A connection that does not close must not keep a finished command.
setTimeout(() => process.exit(), 5_000).unref()
