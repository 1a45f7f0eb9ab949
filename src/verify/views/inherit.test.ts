import { describe, expect, it } from 'vitest'
import { ArchError, type Element, parseArch } from './arch.ts'
import { applyExtension } from './inherit.ts'
import { Locator, withoutHasclass } from './locate.ts'

/** Elements with their names only, so that a tree reads on one line. */
function outline(element: Element): string {
  const name = element.attributes.get('name')
  const children = element.children
    .map((child) =>
      typeof child === 'string' ? child.trim() && JSON.stringify(child.trim()) : outline(child),
    )
    .filter(Boolean)
  return `${element.tag}${name ? `#${name}` : ''}${children.length > 0 ? `(${children.join(' ')})` : ''}`
}

function extend(base: string, extension: string): { tree: string; problems: string[] } {
  const locator = new Locator(parseArch(base))
  const problems = applyExtension(locator, parseArch(extension))
  locator.changed()
  return { tree: outline(locator.root), problems }
}

const form =
  '<form><group name="a"><field name="x"/><field name="y" class="one two"/></group><group name="b"/></form>'

describe('extending a view', () => {
  it.each<[what: string, extension: string, tree: string]>([
    [
      'before',
      '<field name="y" position="before"><field name="n"/></field>',
      'form(group#a(field#x field#n field#y) group#b)',
    ],
    [
      'after',
      '<field name="x" position="after"><field name="n"/></field>',
      'form(group#a(field#x field#n field#y) group#b)',
    ],
    [
      'inside, which is the default',
      '<group name="b"><field name="n"/></group>',
      'form(group#a(field#x field#y) group#b(field#n))',
    ],
    [
      'replace',
      '<field name="x" position="replace"><label name="l"/><field name="n"/></field>',
      'form(group#a(label#l field#n field#y) group#b)',
    ],
    ['replace by nothing', '<field name="x" position="replace"/>', 'form(group#a(field#y) group#b)'],
    [
      'replace the contents',
      '<xpath expr="//group[@name=&quot;a&quot;]" position="replace" mode="inner"><field name="n"/></xpath>',
      'form(group#a(field#n) group#b)',
    ],
    [
      'replace and wrap',
      '<field name="x" position="replace"><div>$0</div></field>',
      'form(group#a(div(field#x) field#y) group#b)',
    ],
    [
      'replace the root',
      '<xpath expr="//form" position="replace"><tree><field name="n"/></tree></xpath>',
      'tree(field#n)',
    ],
    [
      'move',
      '<group name="b" position="inside"><field name="x" position="move"/></group>',
      'form(group#a(field#y) group#b(field#x))',
    ],
    [
      'attributes',
      '<field name="x" position="attributes"><attribute name="name">z</attribute></field>',
      'form(group#a(field#z field#y) group#b)',
    ],
    [
      'several in <data>',
      '<data><field name="x" position="replace"/><field name="y" position="after"><field name="n"/></field></data>',
      'form(group#a(field#y field#n) group#b)',
    ],
    [
      'an XPath with a place',
      '<xpath expr="/form/group[1]/field[2]" position="before"><field name="n"/></xpath>',
      'form(group#a(field#x field#n field#y) group#b)',
    ],
    [
      'hasclass',
      `<xpath expr="//field[hasclass('two')]" position="replace"/>`,
      'form(group#a(field#x) group#b)',
    ],
    [
      'what an earlier instruction brought',
      '<data><field name="x" position="after"><notebook/></field><xpath expr="//group//notebook" position="inside"><page name="p"/></xpath></data>',
      'form(group#a(field#x notebook(page#p) field#y) group#b)',
    ],
  ])('%s', (_, extension, tree) => {
    expect(extend(form, extension)).toEqual({ tree, problems: [] })
  })

  it.each<[problem: RegExp, extension: string]>([
    [/finds no node/, '<field name="gone" position="after"/>'],
    [/finds no node/, '<xpath expr="//group[@name=&quot;c&quot;]/field" position="after"/>'],
    [/is no XPath/, '<xpath expr="//field[" position="after"/>'],
    [/has no expression/, '<xpath position="after"/>'],
    [/unknown position "beside"/, '<field name="x" position="beside"/>'],
    [/before the root/, '<form position="before"><field name="n"/></form>'],
    [/longer than any/, `<xpath expr="${'//*'.repeat(60)}" position="after"/>`],
  ])('says %s', (problem, extension) => {
    expect(extend(form, extension).problems).toEqual([expect.stringMatching(problem)])
  })

  it('leaves an attribute with what is added and without what is removed', () => {
    const locator = new Locator(parseArch('<form class="a b"/>'))
    applyExtension(
      locator,
      parseArch(
        '<form position="attributes"><attribute name="class" add="c" remove="a" separator=" "/></form>',
      ),
    )
    expect(locator.root.attributes.get('class')).toBe('b c')
  })
})

describe('reading an architecture', () => {
  it('keeps texts, entities and CDATA and leaves comments out', () => {
    const root = parseArch(
      `<?xml version="1.0"?>\n<form a='1 &lt; 2 &amp;amp;'><!-- c --><b>x &#65;</b><![CDATA[<y>]]></form>`,
    )
    expect(root.attributes.get('a')).toBe('1 < 2 &amp;')
    expect(outline(root)).toBe('form(b("x A") "<y>")')
  })

  it.each([
    ['<form>'],
    ['<form a=1/>'],
    [''],
    ['text'],
    ['<a/><b/>'],
    ['<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'],
    ['<a>&e;</a>'],
  ])('does not take %s', (xml) => {
    expect(() => parseArch(xml)).toThrow(ArchError)
  })
})

it('says hasclass in XPath 1.0', () => {
  expect(withoutHasclass(`//div[hasclass('a', "b")]`)).toBe(
    `//div[(contains(concat(' ', normalize-space(@class), ' '), ' a ') and contains(concat(' ', normalize-space(@class), ' '), ' b '))]`,
  )
})
