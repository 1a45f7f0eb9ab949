import { expect, test } from 'vitest'
import { asUpliftError, UpliftError } from '../errors.ts'
import { isTransient } from './transient.ts'

const withCode = (code: string) => Object.assign(new Error('x'), { code })

test.each([
  ['a refused connection', withCode('ECONNREFUSED')],
  ['a server that is being stopped', withCode('57P01')],
  ['a database that was taken over', withCode('3D000')],
  ['a broken connection, wrapped', new UpliftError('LOAD:DATA', 'x', { cause: withCode('08006') })],
  ['a client that lost its server', asUpliftError(new Error('Connection terminated unexpectedly'))],
  ['a storage that is away', new UpliftError('STORAGE:UNREACHABLE', 'x')],
  ['a worker that was told to stop', new UpliftError('INTERRUPTED', 'x')],
])('%s passes', (_, error) => {
  expect(isTransient(error)).toBe(true)
})

test.each([
  ['a dump that is cut off', new UpliftError('DUMP:TRUNCATED', 'x')],
  ['data that PostgreSQL does not take', new UpliftError('LOAD:DATA', 'x', { cause: withCode('22P02') })],
  ['a defect', asUpliftError(new TypeError('x is undefined'))],
  ['nothing that is an error', 'x'],
])('%s does not', (_, error) => {
  expect(isTransient(error)).toBe(false)
})
