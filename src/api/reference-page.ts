import type { Page } from '../pages/page.ts'
import { table } from '../pages/table.ts'
import { type Fragment, type Html, html } from '../words/html.ts'
import { failureReasons } from './failures.ts'

/** The parts of an OpenAPI document that the page shows. */
interface Document {
  info: { title: string; version: string; description?: string }
  paths?: Record<string, Record<string, Operation> | undefined>
}

interface Operation {
  summary?: string
  description?: string
  tags?: string[]
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[]
  requestBody?: { content?: Record<string, { schema?: Schema }> }
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>
}

interface Schema {
  type?: string | string[]
  enum?: unknown[]
  anyOf?: Schema[]
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
}

/** A page to read an OpenAPI document. Its own texts are in English, as the document is. */
export function referencePage(document: object): Page {
  const { info, paths = {} } = document as Document
  return {
    title: 'API',
    kind: 'reference',
    body: html`<div lang="en">
<h1>${info.title} API <span class="soft">${info.version}</span></h1>
<p>${info.description}</p>
<p>The same for machines: <a href="openapi.json"><code>openapi.json</code></a>.</p>
${Object.entries(paths)
  .toSorted(([a], [b]) => Number(b.startsWith('/database/')) - Number(a.startsWith('/database/')))
  .map(([path, operations]) => pathSection(path, operations ?? {}))}
${failureSection()}
</div>`,
  }
}

function pathSection(path: string, operations: Record<string, Operation>): Html {
  const [first] = Object.values(operations)
  const methods = Object.keys(operations).map((method) => method.toUpperCase())
  // Either every operation has the parameters in its query string, or one of them has them in its body.
  const parameters = Object.values(operations).find((operation) => operation.parameters)?.parameters ?? []
  const bodies = Object.values(operations).flatMap((operation) =>
    Object.keys(operation.requestBody?.content ?? {}),
  )
  return html`<section class="card"><h2>${methods.join(' ')} <code>${path}</code></h2>
<p>${plain(first?.summary)}. ${plain(first?.description)}</p>
${bodies.length > 0 && html`<p>Bodies: ${[...new Set(bodies)].map((type, index) => [index > 0 && ', ', html`<code>${type}</code>`])}.</p>`}
${
  parameters.length > 0 &&
  table(
    `Parameters of ${path}`,
    ['Parameter', 'Values', 'Meaning'],
    parameters.map(({ name, required, description, schema }) => [
      html`<code>${name}</code>${!required && ' (optional)'}`,
      typeOf(schema),
      plain(description ?? schema?.description),
    ]),
  )
}
${Object.entries(first?.responses ?? {}).map(([status, { content }]) => answerTable(path, status, content))}</section>`
}

function answerTable(
  path: string,
  status: string,
  content: Record<string, { schema?: Schema }> | undefined,
): Html {
  const rows = Object.values(content ?? {}).flatMap(({ schema }) => properties(schema, ''))
  return html`<h3>Answer ${status}</h3>${rows.length > 0 && table(`Answer ${status} of ${path}`, ['Key', 'Type', 'Meaning'], rows)}`
}

function properties(schema: Schema | undefined, prefix: string): Fragment[][] {
  return Object.entries(schema?.properties ?? {}).flatMap(([name, property]) => [
    [
      html`<code>${prefix}${name}</code>${!schema?.required?.includes(name) && ' (optional)'}`,
      typeOf(property),
      plain(property.description),
    ],
    ...properties(property, `${prefix}${name}.`),
    ...properties(property.items, `${prefix}${name}[].`),
  ])
}

/** Text of a document without its marks for code. */
function plain(text = ''): string {
  return text.replaceAll('`', '')
}

function typeOf(schema: Schema | undefined): string {
  if (schema === undefined) return ''
  if (schema.enum) return schema.enum.map(String).join(', ')
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ')
  return [schema.type ?? ''].flat().join(' or ')
}

function failureSection(): Html {
  return html`<section class="card"><h2>Failures</h2>
${table(
  'Failures',
  ['Reason', 'Status', 'Keys', 'Meaning'],
  Object.entries(failureReasons).map(([reason, { status, keys, meaning }]) => [
    html`<code>${reason}</code>`,
    String(status),
    keys.join(', '),
    plain(meaning),
  ]),
)}</section>`
}
