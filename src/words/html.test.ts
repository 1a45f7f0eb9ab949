import fc from 'fast-check'
import { expect, test } from 'vitest'
import { html } from './html.ts'

test('what is put in is text, in the page and in its attributes', () => {
  const hostile = `<script>alert(1)</script>" onmouseover='x' & \u202egnp`
  const { text } = html`<p title="${hostile}">${hostile}</p>`
  const shown = '&lt;script&gt;alert(1)&lt;/script&gt;&quot; onmouseover=&#39;x&#39; &amp; \\u{202e}gnp'
  expect(text).toBe(`<p title="${shown}">${shown}</p>`)
})

test('pieces of html stay, lists are joined, nothing gives nothing', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`)
  expect(html`<ul>${items}${null}${false}${undefined}${0}</ul>`.text).toBe(
    '<ul><li>a</li><li>&lt;b&gt;</li>0</ul>',
  )
})

test('no text whatever gives a tag, a quote or a control character', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const forbidden = /[<>"'\x00-\x08\x0b-\x1f\x7f\u202e]/
  fc.assert(fc.property(fc.string({ unit: 'binary-ascii' }), (text) => !forbidden.test(html`${text}`.text)))
})
