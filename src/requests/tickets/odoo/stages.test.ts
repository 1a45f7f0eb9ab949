import { expect, test } from 'vitest'
import { matchingStage } from './stages.ts'

const stages = (...names: string[]) => names.map((name, index) => ({ id: index + 1, name }))

test.each([
  ['new', ['Done', 'New'], 2],
  ['in_progress', ['New', ' in-PROGRESS '], 2],
  ['done', ['Nouveau', 'Terminé'.normalize('NFD')], 2],
  // The first of the usual names counts, not the first stage.
  ['blocked', ['Cancelled', 'Blocked'], 2],
  ['blocked', ['New', 'Done'], null],
  ['done', ['Not done'], null],
  ['new', [], null],
] as const)('%s among %j', (stage, names, id) => {
  expect(matchingStage(stages(...names), stage)).toBe(id)
})
