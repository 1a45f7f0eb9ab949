import type { Progress } from '../../upgrade/events.ts'
import { bytesInWords, countInWords, secondsInWords } from '../../words/quantities.ts'
import { timeLeft } from './time-left.ts'

/** "3.1 MB of 12 MB, 26 %, about 20 s left, res_partner". */
export function describeProgress(progress: Progress, elapsed: number): string {
  const { done, total, unit, subject } = progress
  const amount = unit === 'bytes' ? bytesInWords : countInWords
  const left = timeLeft(done, total, elapsed)
  const label = unit === 'bytes' ? '' : ` ${unit}`
  return [
    total === undefined ? `${amount(done)}${label}` : `${amount(done)} of ${amount(total)}${label}`,
    total ? `${Math.min(100, Math.floor((100 * done) / total))} %` : '',
    left === null ? '' : `about ${secondsInWords(Math.ceil(left)).replace('.0', '')} left`,
    subject ?? '',
  ]
    .filter(Boolean)
    .join(', ')
}
