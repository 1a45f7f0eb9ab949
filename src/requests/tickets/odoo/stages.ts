import type { TicketStage } from '../../request.ts'

/** What people call the stages of a project, the most usual first. */
const names: Readonly<Record<TicketStage, readonly string[]>> = {
  new: ['new', 'to do', 'todo', 'backlog', 'inbox', 'nouveau', 'à faire'],
  in_progress: ['in progress', 'progress', 'doing', 'development', 'in development', 'en cours'],
  done: ['done', 'closed', 'finished', 'solved', 'terminé', 'fait', 'fermé'],
  blocked: [
    'blocked',
    'failed',
    'on hold',
    'pending',
    'cancelled',
    'canceled',
    'bloqué',
    'en attente',
    'annulé',
  ],
}

/** The stage of a project that means the same; null when none has a name that says so. */
export function matchingStage(
  stages: readonly { id: number; name: string }[],
  stage: TicketStage,
): number | null {
  for (const name of names[stage]) {
    const found = stages.find((candidate) => plain(candidate.name) === name)
    if (found) return found.id
  }
  return null
}

function plain(name: string): string {
  return name
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
}
