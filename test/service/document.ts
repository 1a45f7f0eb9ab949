import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const reference = resolve(import.meta.dirname, '../../../shared/reference/upgrade-api-v1.txt')

export type Method = 'create' | 'upload' | 'process' | 'status'
export type Language = 'python' | 'bash'

const starts: Readonly<Record<Method, Readonly<Record<Language, string>>>> = {
  create: { python: 'from urllib import urlencode', bash: 'CONTRACT=M123456-abcdef' },
  upload: { python: 'import os', bash: 'UPLOAD_URL="https' },
  process: { python: 'from urllib import urlencode', bash: 'PROCESS_URL="https' },
  status: { python: 'from urllib import urlencode', bash: 'STATUS_URL="https' },
}

/** The user's document of the API. */
export function readDocument(): string {
  return readFileSync(reference, 'utf8')
}

/** One sample of the document, letter for letter: from its first line to the last one that belongs to it. */
export function sampleOf(document: string, method: Method, language: Language): string {
  const lines = document.split('\n')
  const section = lines.indexOf(`https://upgrade.odoo.com/database/v1/${method}`)
  const first = lines.findIndex((line, at) => at > section && line.startsWith(starts[method][language]))
  const last = lines.findIndex(
    (line, at) =>
      at >= first &&
      (language === 'python'
        ? line === 'c.close()'
        : method === 'create'
          ? line === 'fi'
          : line.startsWith('curl ')),
  )
  if (section < 0 || first < 0 || last < 0)
    throw new Error(`The document has no ${language} sample of ${method}.`)
  return `${lines.slice(first, last + 1).join('\n')}\n`
}

/** The answers that the document prints: what create says of two failures, and what status says of a draft. */
export function printedAnswers(document: string): { failures: unknown; status: unknown } {
  const blocks = document
    .split('\n- JSON\n')
    .slice(1)
    .map((text) => text.split(/^request$/m)[0]!)
  if (blocks.length !== 2) throw new Error(`The document prints ${blocks.length} answers, not two.`)
  // The document leaves a comma behind the last version, which JSON does not take.
  const [failures, status] = blocks.map((block) => JSON.parse(block.replace(/,(\s*\])/g, '$1')) as unknown)
  return { failures, status }
}

export function pathOf(file: string): string {
  return join(reference, '..', file)
}
