import type { UpgradeEvents } from '../../upgrade/events.ts'

/** Shows a running piece of work; `close` leaves the terminal as it was found. */
export interface Show extends UpgradeEvents {
  close(): void
}

/** The part of a stream that is written to. */
export interface Screen {
  write(text: string): unknown
  readonly columns?: number
}
