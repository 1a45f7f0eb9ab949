import type { Invariant } from '../figure.ts'
import { residual, trialBalance } from './accounting.ts'
import { attachmentContents, attachments } from './attachments.ts'
import { communication } from './communication.ts'
import { customFields } from './custom-fields.ts'
import { active, documents } from './documents.ts'
import { companies, users } from './people.ts'
import { doneMoves, onHand } from './stock.ts'
import { translations } from './translations.ts'

/** Everything that must be equal before and after, in the order in which people read it. */
export const invariants: readonly Invariant[] = [
  trialBalance,
  residual,
  onHand,
  doneMoves,
  documents,
  active,
  users,
  companies,
  attachments,
  attachmentContents,
  communication,
  translations,
  customFields,
]
