import { expect, test, vi } from 'vitest'
import { describeProgress } from './describe.ts'
import { JsonShow } from './json-lines.ts'
import { LineShow } from './lines.ts'
import { LiveShow } from './live.ts'
import { timeLeft } from './time-left.ts'

class Paper {
  text = ''
  readonly columns = 60
  write(text: string): void {
    this.text += text
  }
}

test('time left is told once the speed is known, and never guessed', () => {
  expect(timeLeft(50, 100, 10)).toBe(10)
  expect(timeLeft(50, 100, 1)).toBeNull()
  expect(timeLeft(50, undefined, 10)).toBeNull()
  expect(timeLeft(0, 100, 10)).toBeNull()
})

test('progress reads as a person says it', () => {
  const progress = {
    stage: 'write',
    done: 3_100_000,
    total: 12_400_000,
    unit: 'bytes' as const,
    subject: 'res_partner',
  }
  expect(describeProgress(progress, 10)).toBe('3.1 MB of 12 MB, 25 %, about 30 s left, res_partner')
  expect(describeProgress({ stage: 'align', done: 7, unit: 'tables' }, 10)).toBe('7 tables')
})

test('a file gets one line for each stage, and one for where the work stopped', () => {
  const paper = new Paper()
  const show = new LineShow(paper)
  show.onStage('load', 'start', 0)
  show.onProgress()
  show.onStage('load', 'end', 75)
  show.onStage('align', 'start', 0)
  show.close()
  expect(paper.text).toBe('load: 1 min 15 s\nalign: stopped after 0.0 s\n')
})

test('programs get a line of JSON for each event, and progress not more often than they can use', () => {
  const paper = new Paper()
  const show = new JsonShow(paper)
  show.onStage('load', 'start', 0)
  for (let done = 0; done < 1000; done++) show.onProgress({ stage: 'load', done, unit: 'bytes' })
  show.onStage('load', 'end', 1.23456)
  expect(
    paper.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { event: 'stage', name: 'load', when: 'start' },
    { event: 'progress', stage: 'load', done: 0, unit: 'bytes' },
    { event: 'stage', name: 'load', when: 'end', seconds: 1.235 },
  ])
})

test('a terminal is not led astray by names from a dump, and a line never wraps', () => {
  vi.useFakeTimers()
  try {
    const paper = new Paper()
    const show = new LiveShow(paper)
    show.onStage('load', 'start', 0)
    const subject = `\x1b]0;gotcha\x07${'x'.repeat(200)}`
    show.onProgress({ stage: 'load', done: 1, unit: 'tables', subject })
    vi.advanceTimersByTime(500)
    show.onStage('load', 'end', 1)
    show.close()
    expect(paper.text).not.toContain('\x1b]0')
    expect(paper.text).toContain('1 tables, \\u{1b}')
    const lines = paper.text.replaceAll('\x1b[2K', '').split(/[\r\n]/)
    expect(lines.length).toBeGreaterThan(3)
    for (const line of lines) expect(line.length).toBeLessThan(paper.columns)
  } finally {
    vi.useRealTimers()
  }
})
