import { createHash } from 'node:crypto'

/** A view as the database has it, without its architecture. */
export interface View {
  id: number
  /** "base.view_partner_form", or what a person finds it under. */
  key: string
  xmlid: string | null
  name: string
  model: string | null
  type: string | null
  inheritId: number | null
  /** Stands for itself, even when it starts from another view. */
  primary: boolean
  active: boolean
  /** Where it is the website's own copy: it takes the place of the general one with the same `shared` name there. */
  website: number | null
  shared: string | null
  /** Checksum of its architecture, with the ids of actions left out. */
  hash: string
  /** The ids of actions in the architecture, in order. */
  actions: readonly number[]
}

/** What a view is put together for. */
export interface Variant {
  model: string | null
  website: number | null
}

/** The views of a database, in the order in which Odoo applies them, and which extends which. */
export class Forest {
  readonly #views: ReadonlyMap<number, View>
  readonly #children = new Map<number, View[]>()
  /** Whether the model decides which extensions count, as up to 7.0: one root has a variant for each model. */
  readonly #byModel: boolean
  /** Which shared names a website has a copy of its own for. */
  readonly #websites = new Set<string>()
  readonly #signatures = new Map<number, string>()

  constructor(views: readonly View[], options: { byModel: boolean }) {
    this.#views = new Map(views.map((view) => [view.id, view]))
    this.#byModel = options.byModel
    for (const view of views) {
      if (view.website !== null && view.shared) this.#websites.add(`${view.website} ${view.shared}`)
      if (view.inheritId === null || !view.active) continue
      const siblings = this.#children.get(view.inheritId)
      if (siblings) siblings.push(view)
      else this.#children.set(view.inheritId, [view])
    }
  }

  get(id: number): View | undefined {
    return this.#views.get(id)
  }

  /** All that are active. */
  all(): View[] {
    return [...this.#views.values()].filter(({ active }) => active)
  }

  /** The active views that stand for themselves. */
  primaries(): View[] {
    return this.all().filter(({ primary }) => primary)
  }

  /** The view whose combined architecture a primary view starts from; null for a root. Undefined when it is not there. */
  base(view: View): View | null | undefined {
    if (view.inheritId === null) return null
    const seen = new Set<number>([view.id])
    let parent = this.#views.get(view.inheritId)
    while (parent && !parent.primary && parent.inheritId !== null) {
      if (seen.has(parent.id)) return undefined
      seen.add(parent.id)
      parent = this.#views.get(parent.inheritId)
    }
    return parent && !seen.has(parent.id) ? parent : undefined
  }

  /** The models and websites for which a primary view is put together. */
  variants(view: View): Variant[] {
    const [models, websites] = [new Set([view.model]), new Set([view.website])]
    const seen = new Set<number>()
    const visit = (parent: View): void => {
      for (const child of this.#children.get(parent.id) ?? []) {
        if (child.primary || seen.has(child.id)) continue
        seen.add(child.id)
        if (this.#byModel) models.add(child.model)
        if (view.website === null) websites.add(child.website)
        visit(child)
      }
    }
    visit(view)
    return [...models].flatMap((model) => [...websites].map((website) => ({ model, website })))
  }

  /** The extensions that apply to a primary view in one variant, each before its own extensions. */
  extensions(view: View, { model, website }: Variant): View[] {
    const found: View[] = []
    const seen = new Set<number>([view.id])
    const visit = (parent: View): void => {
      for (const child of this.#children.get(parent.id) ?? []) {
        if (seen.has(child.id) || child.primary || child.model !== model || !this.#isOn(child, website))
          continue
        seen.add(child.id)
        found.push(child)
        visit(child)
      }
    }
    visit(view)
    return found
  }

  /** A website has its own views and the general ones that it has no copy of. */
  #isOn(view: View, website: number | null): boolean {
    if (view.website !== null) return view.website === website
    return website === null || !view.shared || !this.#websites.has(`${website} ${view.shared}`)
  }

  /** Active views that extend in a circle or what is not there: no chain of theirs can be put together. */
  unreachable(): View[] {
    return this.all().filter((view) => {
      const seen = new Set<number>()
      let current: View | undefined = view
      while (current && current.inheritId !== null) {
        if (seen.has(current.id)) return true
        seen.add(current.id)
        current = this.#views.get(current.inheritId)
      }
      return current === undefined
    })
  }

  /** Equal for two databases when a primary view is put together from the same architectures in the same order in both. */
  signature(view: View): string {
    const known = this.#signatures.get(view.id)
    if (known) return known
    const base = this.base(view)
    const chain = this.variants(view).flatMap((model) =>
      [view, ...this.extensions(view, model)].map((v) => `${v.hash} ${v.model} ${v.type}`),
    )
    const text = [base ? this.signature(base) : String(base), ...chain].join('\n')
    const signature = createHash('sha1').update(text).digest('base64')
    this.#signatures.set(view.id, signature)
    return signature
  }
}
