import type { Aim, RequestState, TicketStage } from '../request.ts'

/** What a ticket's backend and a mail are told of a change of state. */
export interface TicketMessage {
  id: number
  at: Date
  state: RequestState
  stage: TicketStage
  /** A sentence for people, in English. */
  body: string
  /** The ticket's own number, and the one in the other system once that is known. */
  ticket: number
  external: number | null
  request: number
  contract: string
  target: string
  aim: Aim
  filename: string
  /** Guessed version of Odoo of the upload, "7.0". */
  source: string | null
  /** Why a failed request failed, as "LOAD:DATA". */
  failureCode: string | null
  email: string
  language: string
  /** The request's key, sealed; null where none is kept. */
  keySealed: Buffer | null
  customerMessage: string | null
  /** Seconds that the upgrade took; null when none was begun. */
  seconds: number | null
  /** Which try to send it this is, from 1. */
  tries: number
}

/**
 * Takes one message to where it has to go. It may have got there before: whoever takes it knows it by its number.
 * @throws Undeliverable when another try is of no use; anything else is tried again
 */
export type Send = (message: TicketMessage, signal: AbortSignal) => Promise<{ external?: number }>

/** A message that nobody will ever take. */
export class Undeliverable extends Error {}
