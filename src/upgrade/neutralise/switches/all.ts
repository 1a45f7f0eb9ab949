import { authorities } from './authorities.ts'
import { mail } from './mail.ts'
import { payments } from './payments.ts'
import { services } from './services.ts'
import type { Switch } from './switch.ts'

/** All that a test database has switched off, of every version. */
export const switches: readonly Switch[] = [...mail, ...payments, ...services, ...authorities]
