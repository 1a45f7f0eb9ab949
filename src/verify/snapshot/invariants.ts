import type { Invariant } from './figure.ts'

/** Everything that must be equal before and after, in the order in which people read it. */
export const invariants: readonly Invariant[] = []
