import { CsvError, type InfoRecord, parse } from 'csv-parse'
import type { Database, Queryable } from '../database/database.ts'
import { UpliftError } from '../errors.ts'
import { type ContractField, checkContract, contractFields } from './contract-fields.ts'
import type { NewContract } from './contracts.ts'

/** Contracts that are written by one statement. */
const BATCH = 500
/** Problems that are told at most; a file of another kind has one in every line. */
const TOLD = 100
/** Characters of one line. */
const LONGEST = 20_000

export interface Imported {
  added: number
  updated: number
  /** Codes of the updated ones that were revoked, and stay so. */
  revoked: string[]
}

/** What can be wrong in a file. */
export type ImportProblem =
  | { kind: 'empty' | 'code' | 'open' | 'quote' }
  | { kind: 'column' | 'twice'; name: string }
  | { kind: 'fields'; found: number; columns: number }
  | { kind: 'field'; field: ContractField }
  | { kind: 'repeated'; code: string; line: number }
  | { kind: 'long' | 'large'; most: number }

export interface LineProblem {
  /** From 1 on. */
  line: number
  /** In English. */
  problem: string
  /** The same for whoever says it in another language. */
  reason: ImportProblem
}

/**
 * Adds and updates contracts from a CSV file in UTF-8, whose first line names its columns: `code`, and any of the other
 * fields. A contract that exists is updated in the columns that the file has. All of it counts, or nothing.
 * @throws UpliftError CONTRACT:INVALID with the problems of all lines in `detail.lines`
 */
export function importContracts(database: Database, csv: AsyncIterable<Uint8Array>): Promise<Imported> {
  return database.transaction(async (client) => {
    // Two imports would wait for rows of each other.
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('uplift import contracts'))`)
    const reading = new Reading()
    const imported: Imported = { added: 0, updated: 0, revoked: [] }
    let batch: NewContract[] = []
    for await (const contract of reading.contracts(csv)) {
      batch.push(contract)
      if (batch.length < BATCH) continue
      await write(client, batch, reading.columns, imported)
      batch = []
    }
    await write(client, batch, reading.columns, imported)
    return imported
  })
}

/** One pass through a file: gives its contracts until the first problem, and throws all problems at its end. */
class Reading {
  columns: readonly ContractField[] = []
  readonly #lines: LineProblem[] = []
  #problems = 0
  /** The line in which a code stood first. */
  readonly #codes = new Map<string, number>()

  async *contracts(csv: AsyncIterable<Uint8Array>): AsyncGenerator<NewContract> {
    let headed = false
    for await (const { record, line } of records(csv, (line, reason) => this.#note(line, reason))) {
      if (!headed) {
        headed = true
        // Without its columns nothing else can be read.
        if (!this.#header(record, line)) break
        continue
      }
      const contract = this.#contract(record, line)
      if (contract && this.#problems === 0) yield contract
    }
    if (!headed && this.#problems === 0) this.#note(1, { kind: 'empty' })
    if (this.#problems > 0) throw this.#failure()
  }

  #note(line: number, reason: ImportProblem, problem = sentenceOf(reason)): void {
    this.#problems++
    if (this.#lines.length < TOLD) this.#lines.push({ line, problem, reason })
  }

  #header(record: readonly string[], line: number): boolean {
    const before = this.#problems
    for (const [at, name] of record.entries()) {
      if (!isField(name)) this.#note(line, { kind: 'column', name: name.slice(0, 60) })
      else if (record.indexOf(name) < at) this.#note(line, { kind: 'twice', name })
    }
    if (!record.includes('code')) this.#note(line, { kind: 'code' })
    this.columns = record.filter(isField)
    return this.#problems === before
  }

  #contract(record: readonly string[], line: number): NewContract | null {
    if (record.length !== this.columns.length) {
      this.#note(line, { kind: 'fields', found: record.length, columns: this.columns.length })
      return null
    }
    const given = Object.fromEntries(this.columns.map((name, at) => [name, record[at]!]))
    const { contract, problems } = checkContract(given)
    for (const { field, problem } of problems) this.#note(line, { kind: 'field', field }, problem)
    if (!contract) return null
    const first = this.#codes.get(contract.code)
    if (first !== undefined) this.#note(line, { kind: 'repeated', code: contract.code, line: first })
    else this.#codes.set(contract.code, line)
    return first === undefined ? contract : null
  }

  #failure(): UpliftError {
    const more = this.#problems - this.#lines.length
    const count = this.#problems === 1 ? 'one problem' : `${this.#problems} problems`
    return new UpliftError(
      'CONTRACT:INVALID',
      `Nothing was imported, because the file has ${count}. Mend ${this.#problems === 1 ? 'it' : 'them'} and import it again.`,
      { detail: { lines: this.#lines.toSorted((a, b) => a.line - b.line), more } },
    )
  }
}

function isField(name: string): name is ContractField {
  return (contractFields as readonly string[]).includes(name)
}

interface Line {
  record: string[]
  /** Where the record begins. */
  line: number
}

/** The records of a file. At broken quotes, which `onBroken` is told, its reading ends. */
async function* records(
  csv: AsyncIterable<Uint8Array>,
  onBroken: (line: number, reason: ImportProblem) => void,
): AsyncGenerator<Line> {
  // Taken from the parser at once: a stream that fails in the end forgets what nobody has read yet.
  const parsed: Line[] = []
  const take = () => parsed.splice(0)
  const parser = parse({
    record_delimiter: '\n',
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: LONGEST,
    on_record: (record: string[], { lines }: InfoRecord) => {
      const breaks = record.reduce((count, field) => count + field.split('\n').length - 1, 0)
      parsed.push({ record, line: lines - breaks })
      return null
    },
  })
  let broken: Error | undefined
  parser.on('error', (error) => {
    broken = error
  })
  parser.resume()
  const closed = new Promise<void>((done) => parser.once('close', done))
  for await (const text of lineFeeds(csv)) {
    await new Promise<void>((done) => parser.write(text, () => done()))
    yield* take()
    if (parser.destroyed) break
  }
  parser.end()
  await closed
  yield* take()
  if (broken instanceof CsvError) onBroken(Number(broken.lines ?? 1), brokenQuotes(broken))
  else if (broken) throw broken
}

/** Text without its byte order mark, with every end of line as a line feed: the parser counts others twice inside of quotes. */
async function* lineFeeds(csv: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // What is no UTF-8 becomes U+FFFD, which no field takes: so it is told with its line.
  const decoder = new TextDecoder()
  let kept = ''
  for await (const chunk of csv) {
    const text = kept + decoder.decode(chunk, { stream: true })
    kept = text.endsWith('\r') ? '\r' : ''
    yield text.slice(0, text.length - kept.length).replace(/\r\n?/g, '\n')
  }
  yield (kept + decoder.decode()).replace(/\r/g, '\n')
}

function brokenQuotes({ code }: CsvError): ImportProblem {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return { kind: 'open' }
  return code === 'CSV_MAX_RECORD_SIZE' ? { kind: 'long', most: LONGEST } : { kind: 'quote' }
}

function sentenceOf(reason: ImportProblem): string {
  switch (reason.kind) {
    case 'empty':
      return 'the file is empty: its first line has to name the columns'
    case 'code':
      return 'the column code is missing: the first line names the columns, with commas in between'
    case 'column':
      return `"${reason.name}" is no column: there are ${contractFields.join(', ')}`
    case 'twice':
      return `the column ${reason.name} stands there twice`
    case 'fields':
      return `there are ${reason.found} fields, and ${reason.columns} columns`
    case 'field':
      return `${reason.field} is not valid`
    case 'repeated':
      return `the contract ${reason.code} stands in line ${reason.line} already`
    case 'open':
      return 'a quote is opened and never closed'
    case 'long':
      return `there are more than ${reason.most} characters, or a quote that is not closed`
    case 'quote':
      return 'a quote stands where none may be: put the whole field into quotes, and double those inside; the rest was not read'
    case 'large':
      return `the file has more than ${reason.most} bytes`
  }
}

async function write(
  client: Queryable,
  contracts: readonly NewContract[],
  columns: readonly ContractField[],
  imported: Imported,
): Promise<void> {
  const { rows } = await client.query<{ code: string; added: boolean; revoked: boolean }>(
    `INSERT INTO service.contract AS c (code, name, email, expires_on, max_in_progress, max_bytes)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::integer[], $6::bigint[])
     ON CONFLICT (code) DO UPDATE
        SET name            = CASE WHEN 'name' = ANY ($7::text[]) THEN excluded.name ELSE c.name END,
            email           = CASE WHEN 'email' = ANY ($7) THEN excluded.email ELSE c.email END,
            expires_on      = CASE WHEN 'expires' = ANY ($7) THEN excluded.expires_on ELSE c.expires_on END,
            max_in_progress = CASE WHEN 'max_in_progress' = ANY ($7) THEN excluded.max_in_progress ELSE c.max_in_progress END,
            max_bytes       = CASE WHEN 'max_bytes' = ANY ($7) THEN excluded.max_bytes ELSE c.max_bytes END
     RETURNING code, xmax = 0 AS added, revoked_at IS NOT NULL AS revoked`,
    [
      contracts.map(({ code }) => code),
      contracts.map(({ name }) => name ?? null),
      contracts.map(({ email }) => email ?? null),
      contracts.map(({ expiresOn }) => expiresOn ?? null),
      contracts.map(({ maxInProgress }) => maxInProgress ?? null),
      contracts.map(({ maxBytes }) => maxBytes ?? null),
      columns,
    ],
  )
  for (const { code, added, revoked } of rows) {
    if (added) imported.added++
    else imported.updated++
    if (revoked) imported.revoked.push(code)
  }
}
