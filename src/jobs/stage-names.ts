import type { Plan } from '../upgrade/plan.ts'

/** Stages of the engine by the names that people see; what is not here is part of the one before it. */
const names: Readonly<Record<string, string>> = {
  load: 'loaded',
  snapshot: 'recorded',
  align: 'aligned',
  fill: 'filled',
  constrain: 'constrained',
  verify: 'verified',
  neutralise: 'neutralised',
  write: 'written',
}

/** The name that a stage of the engine has in a request; null for one that is not told. */
export function stageName(stage: string): string | null {
  return stage.startsWith('hop ') ? stage : (names[stage] ?? null)
}

/** All stages of a request in their order, as far as they are known: the hops are once the version is. */
export function plannedStages(hops: Plan['hops'] | null, aim: Plan['aim']): string[] {
  return [
    'received',
    'inspected',
    'loaded',
    'recorded',
    ...(hops ?? []).map(({ from, to }) => `hop ${from}-${to}`),
    'aligned',
    'filled',
    'constrained',
    'verified',
    ...(aim === 'test' ? ['neutralised'] : []),
    'written',
  ]
}
