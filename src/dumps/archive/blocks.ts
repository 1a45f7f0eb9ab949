import type { Readable } from 'node:stream'
import { PulledReadable } from '../bytes/pulled.ts'
import type { Pull } from '../layers/decompress.ts'

/** The data of one entry of an archive, in the order in which it stands there. */
export type DataBlock =
  | { kind: 'rows'; dumpId: number; payload: Payload }
  | { kind: 'largeObject'; dumpId: number; oid: string; payload: Payload }
  /** Data of an entry that is complete: the end of a block of large objects. */
  | { kind: 'end'; dumpId: number }

/** Bytes of a block, decompressed; whoever takes the next block calls `leave` first. */
export interface Payload {
  /** @param shape what is made of the pieces on their way, such as rows without their end */
  open(shape?: (pieces: AsyncIterable<Buffer>) => AsyncGenerator<Buffer, void>): Readable
  /** Goes past what is left, checking it as far as the format allows. */
  leave(): Promise<void>
}

/**
 * @param pieces the decompressed pieces, not started before the first is asked for
 * @param skip goes past the raw bytes of the block; called once, after any reading has come to rest
 */
export function payload(pieces: () => AsyncGenerator<Buffer, void>, skip: () => Promise<void>): Payload {
  let opened: { stream: PulledReadable; pieces: AsyncGenerator<Buffer, void> } | null = null
  let failure: { thrown: unknown } | null = null
  return {
    open(shape) {
      if (opened !== null) return opened.stream
      const source = shape === undefined ? pieces() : shape(pieces())
      const pull: Pull = async () => {
        try {
          const step = await source.next()
          return step.done ? null : step.value
        } catch (thrown) {
          failure = { thrown }
          throw thrown
        }
      }
      opened = { stream: new PulledReadable(pull), pieces: source }
      return opened.stream
    },
    async leave() {
      if (opened !== null) {
        await opened.stream.settle()
        await opened.pieces.return()
      }
      if (failure !== null) throw failure.thrown
      await skip()
    },
  }
}
