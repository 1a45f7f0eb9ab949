import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OdooServer, startOdoo } from '../../../../test/setup/odoo.ts'
import { call } from './call.ts'
import { Fault, FormatError, readAnswer, type Value, writeCall } from './values.ts'

let server: OdooServer
beforeAll(async () => {
  server = await startOdoo(8)
})
afterAll(() => server.close())

const ask = (method: string, params: Value[] = []) =>
  call(`${server.url}/xmlrpc/2/object`, method, params, new AbortController().signal)
const answerOf = (value: string) =>
  readAnswer(
    `<?xml version='1.0'?><methodResponse><params><param><value>${value}</value></param></params></methodResponse>`,
  )

test('values of Python come as what they are', async () => {
  expect(await ask('samples')).toEqual({
    text: 'é ü < & ]]> 日本 😀',
    int: -2147483648,
    true: true,
    false: false,
    double: 1.5,
    list: [1, 'two', [3]],
    empty: '',
    struct: { a: { b: [] } },
  })
})

test.each<[string, Value]>([
  ['markup', '</string><int>1</int> & "quotes" \' ]]>'],
  ['line ends and tabs', 'a\nb\tc'],
  ['other scripts', '日本 😀 é'],
  ['spaces around', '  x  '],
  ['nothing', ''],
  ['numbers', [0, -1, 2 ** 31 - 1, -(2 ** 31), 0.25]],
  ['structs in lists', [{ 'a & b': [true, false, { x: [] }] }]],
])('%s come back from Python as they were sent', async (_, value) => {
  expect(await ask('echo', [value])).toEqual(value)
})

test('what XML cannot say is left out', async () => {
  expect(await ask('echo', ['a\u0000b\u001bc\ud800d\uffff'])).toBe('abc\ufffdd')
})

test('a number of more than 32 bits is refused before it is sent', () => {
  expect(() => writeCall('echo', [2 ** 31])).toThrow(RangeError)
})

test('a fault is told as one', async () => {
  const fault = await ask('execute_kw', ['company', 1, 'wrong', 'project.task', 'search', [[]]]).catch(
    (error: unknown) => error,
  )
  expect(fault).toBeInstanceOf(Fault)
  expect(fault).toMatchObject({ faultCode: 3, message: 'Access Denied' })
  await expect(ask('no_such_method')).rejects.toBeInstanceOf(Fault)
})

test.each([
  [
    '<int>1</int>',
    'Traceback (most recent call last):\n  File "x.py"\nValueError: no field\n',
    'ValueError: no field',
  ],
  ['<string>warning -- Warning\n\nNo project</string>', '', 'warning -- Warning No project'],
])('a fault of code %s is told in one line', (code, text, told) => {
  const fault = `<struct><member><name>faultCode</name><value>${code}</value></member><member><name>faultString</name><value><string>${text}</string></value></member></struct>`
  const answer = `<methodResponse><fault><value>${fault}</value></fault></methodResponse>`
  expect(() => readAnswer(answer)).toThrow(expect.objectContaining({ message: told }))
})

test.each([
  ['<i8>9007199254</i8>', 9007199254],
  ['<i4>-5</i4>', -5],
  ['text without a type', 'text without a type'],
  ['<nil/>', null],
  ['\n  <array><data>\n <value><int> 1 </int></value>\n</data></array>\n', [1]],
  ['<dateTime.iso8601>20150909T07:13:49</dateTime.iso8601>', '20150909T07:13:49'],
  ['<string><![CDATA[<b>]]></string>', '<b>'],
])('%s', (text, value) => {
  expect(answerOf(text)).toEqual(value)
})

test('members named like what every object has are members alone', () => {
  const value = answerOf(
    '<struct><member><name>__proto__</name><value><int>1</int></value></member></struct>',
  )
  expect(Object.keys(value as object)).toEqual(['__proto__'])
})

test.each([
  ['an external entity', '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'],
  ['entities in each other', '<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><r>&b;</r>'],
  [
    'an entity of nowhere',
    '<methodResponse><params><param><value>&x;</value></param></params></methodResponse>',
  ],
  ['no XML', 'Not Found'],
  ['nothing', ''],
  ['a page', '<html><body>Odoo</body></html>'],
  ['no value', '<methodResponse><params/></methodResponse>'],
  ['neither', '<methodResponse/>'],
  ['a cut answer', '<methodResponse><params><param><value><int>1'],
  [
    'a strange type',
    '<methodResponse><params><param><value><float>1</float></value></param></params></methodResponse>',
  ],
  [
    'a number that is none',
    '<methodResponse><params><param><value><int>1e3</int></value></param></params></methodResponse>',
  ],
  [
    'a depth without end',
    `<methodResponse><params><param>${'<value><array><data>'.repeat(60)}${'</data></array></value>'.repeat(60)}</param></params></methodResponse>`,
  ],
])('%s is no answer', (_, text) => {
  expect(() => readAnswer(text)).toThrow(FormatError)
})
