import type { Show } from './terminal/show.ts'

/** Options that every command takes. */
export interface GlobalOptions {
  json?: boolean
  verbose?: boolean
  data?: string
}

/** What a command works with, so that it can be run by a test without a process of its own. */
export interface Context {
  /** Lines for a person, on standard output; whatever a terminal would act on is shown instead. */
  say(text: string): void
  /** Lines for a person on standard error: warnings, hints. */
  warn(text: string): void
  /** One document for a program, on standard output. */
  print(document: unknown): void
  readonly json: boolean
  readonly show: Show
  readonly signal: AbortSignal
  /** The folder of scratch clusters, references and the like. */
  dataFolder(): Promise<string>
  /** What --data says, where it was given; the settings of the service stand below it. */
  readonly data: string | undefined
  readonly env: NodeJS.ProcessEnv
}
