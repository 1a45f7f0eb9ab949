import { type Html, html } from '../words/html.ts'
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

/** The only style of the page; its SHA-256 stands in the page's policy. */
export const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}' +
  'h2{margin-top:2.5rem;border-top:1px solid #ccc;padding-top:1.5rem}code{font-family:ui-monospace,monospace;font-size:.92em}' +
  'table{border-collapse:collapse;width:100%;font-size:.94em}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ddd}' +
  '.method{font-weight:600;margin-right:.5rem}.tag{color:#666}' +
  '@media(prefers-color-scheme:dark){body{color:#ddd;background:#191919}th,td,h2{border-color:#444}.tag{color:#999}a{color:#8bf}}'

/** A page to read an OpenAPI document: no script, nothing from elsewhere. */
export function referencePage(document: object): string {
  const { info, paths = {} } = document as Document
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${info.title} API</title>
${style()}
</head>
<body>
<h1>${info.title} API <span class="tag">${info.version}</span></h1>
<p>${info.description}</p>
<p>The same for machines: <a href="openapi.json"><code>openapi.json</code></a>.</p>
${Object.entries(paths)
  .toSorted(([a], [b]) => Number(b.startsWith('/database/')) - Number(a.startsWith('/database/')))
  .map(([path, operations]) => pathSection(path, operations ?? {}))}
${failureSection()}
</body>
</html>
`
  return page.text
}

function style(): Html {
  const [opening, closing] = [html`<style>`, html`</style>`]
  // The style has no character that HTML would escape.
  return html`${opening}${STYLE}${closing}`
}

function pathSection(path: string, operations: Record<string, Operation>): Html {
  const [first] = Object.values(operations)
  const methods = Object.keys(operations).map((method) => method.toUpperCase())
  // Either every operation has the parameters in its query string, or one of them has them in its body.
  const parameters = Object.values(operations).find((operation) => operation.parameters)?.parameters ?? []
  const bodies = Object.values(operations).flatMap((operation) =>
    Object.keys(operation.requestBody?.content ?? {}),
  )
  return html`<h2><span class="method">${methods.join(' ')}</span><code>${path}</code></h2>
<p>${plain(first?.summary)}. ${plain(first?.description)}</p>
${bodies.length > 0 && html`<p>Bodies: ${[...new Set(bodies)].map((type, index) => [index > 0 && ', ', html`<code>${type}</code>`])}.</p>`}
${
  parameters.length > 0 &&
  html`<table><tr><th>Parameter</th><th>Values</th><th>Meaning</th></tr>${parameters.map(
    ({ name, required, description, schema }) =>
      html`<tr><td><code>${name}</code>${!required && ' (optional)'}</td><td>${typeOf(schema)}</td><td>${plain(description ?? schema?.description)}</td></tr>`,
  )}</table>`
}
${Object.entries(first?.responses ?? {}).map(([status, { content }]) => answerTable(status, content))}`
}

function answerTable(status: string, content: Record<string, { schema?: Schema }> | undefined): Html {
  const rows = Object.values(content ?? {}).flatMap(({ schema }) => properties(schema, ''))
  return html`<h3>Answer ${status}</h3>${
    rows.length > 0 && html`<table><tr><th>Key</th><th>Type</th><th>Meaning</th></tr>${rows}</table>`
  }`
}

function properties(schema: Schema | undefined, prefix: string): Html[] {
  return Object.entries(schema?.properties ?? {}).flatMap(([name, property]) => [
    html`<tr><td><code>${prefix}${name}</code>${!schema?.required?.includes(name) && ' (optional)'}</td><td>${typeOf(property)}</td><td>${plain(property.description)}</td></tr>`,
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
  return html`<h2>Failures</h2>
<table><tr><th>Reason</th><th>Status</th><th>Keys</th><th>Meaning</th></tr>${Object.entries(
    failureReasons,
  ).map(
    ([reason, { status, keys, meaning }]) =>
      html`<tr><td><code>${reason}</code></td><td>${status}</td><td>${keys.join(', ')}</td><td>${plain(meaning)}</td></tr>`,
  )}</table>`
}
