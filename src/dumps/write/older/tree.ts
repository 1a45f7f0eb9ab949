/** A node of libpg-query's parse tree, or a list of them, as plain JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Node = { [key: string]: Json }

export function isNode(value: Json | undefined): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The node in a field, {} when there is none. */
export function child(node: Node, key: string): Node {
  const value = node[key]
  return isNode(value) ? value : {}
}

/** The nodes in a list without the wrapper that tells their kind. */
export function list(node: Node, key: string): { kind: string; node: Node }[] {
  const value = node[key]
  return Array.isArray(value) ? value.flatMap(unwrapped) : []
}

/** {"SelectStmt": {…}} → kind and node. */
export function unwrapped(value: Json): { kind: string; node: Node }[] {
  if (!isNode(value)) return []
  const [kind] = Object.keys(value)
  return kind === undefined ? [] : [{ kind, node: child(value, kind) }]
}

export function text(node: Node, key: string): string {
  const value = node[key]
  return typeof value === 'string' ? value : ''
}

/** The strings of a list of String nodes: the parts of a name. */
export function names(node: Node, key: string): string[] {
  return list(node, key).map((item) => text(item.node, 'sval'))
}

/** Byte offset in the statement's text; a parse tree leaves out the zero. */
export function location(node: Node): number {
  const value = node.location
  return typeof value === 'number' ? value : 0
}

/** Visits every field of a tree, the outer before the inner. */
export function walk(value: Json, visit: (key: string, value: Json) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit)
  else if (isNode(value))
    for (const [key, inner] of Object.entries(value)) {
      visit(key, inner)
      walk(inner, visit)
    }
}
