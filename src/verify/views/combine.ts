import { ArchError, copy, type Element, parseArch } from './arch.ts'
import type { Forest, Variant, View } from './forest.ts'
import { applyExtension } from './inherit.ts'
import { Locator } from './locate.ts'

/** A view put together for one model. */
export interface Combined {
  model: string | null
  /** Null when it could not be put together at all. */
  root: Element | null
  /** What is wrong on the way: the view at fault and what it is. */
  problems: { view: View; problem: string }[]
}

/** Puts views together from their architectures, which have to be loaded for all views of the chain. */
export class Combiner {
  readonly #forest: Forest
  readonly #archs: ReadonlyMap<number, string>
  readonly #parsed = new Map<number, Element | string>()
  readonly #bases = new Map<number, Combined>()

  constructor(forest: Forest, archs: ReadonlyMap<number, string>) {
    this.#forest = forest
    this.#archs = archs
  }

  /** One result for each model that the view is put together for. */
  combine(view: View): Combined[] {
    return this.#forest.variants(view).map((variant) => this.#combine(view, variant))
  }

  /** All views whose architectures a chain needs. */
  static chain(forest: Forest, view: View): View[] {
    const base = forest.base(view)
    const extensions = forest.variants(view).flatMap((variant) => forest.extensions(view, variant))
    return [...(base ? Combiner.chain(forest, base) : []), view, ...extensions]
  }

  #combine(view: View, variant: Variant): Combined {
    const combined: Combined = { model: variant.model, root: null, problems: [] }
    const own = this.#parse(view)
    if (typeof own === 'string') {
      combined.problems.push({ view, problem: own })
      return combined
    }
    const base = this.#forest.base(view)
    if (base === undefined) {
      combined.problems.push({
        view,
        problem: 'the view that it starts from is not there or starts from itself',
      })
      return combined
    }
    let locator = new Locator(copy(own))
    if (base) {
      const { root } = this.#base(base)
      // What is wrong with the base is told there.
      if (!root) return combined
      locator = new Locator(copy(root))
      this.#apply(locator, view, combined)
    }
    for (const extension of this.#forest.extensions(view, variant)) this.#apply(locator, extension, combined)
    locator.changed()
    combined.root = locator.root
    return combined
  }

  #apply(locator: Locator, view: View, { problems }: Combined): void {
    const extension = this.#parse(view)
    if (typeof extension === 'string') problems.push({ view, problem: extension })
    else for (const problem of applyExtension(locator, extension)) problems.push({ view, problem })
  }

  #base(view: View): Combined {
    const known = this.#bases.get(view.id)
    if (known) return known
    const combined = this.#combine(view, view)
    this.#bases.set(view.id, combined)
    return combined
  }

  /** The tree, or what is wrong with it. */
  #parse(view: View): Element | string {
    const known = this.#parsed.get(view.id)
    if (known !== undefined) return known
    let result: Element | string
    try {
      result = parseArch(this.#archs.get(view.id) ?? '')
    } catch (thrown) {
      if (!(thrown instanceof ArchError)) throw thrown
      result = `its architecture cannot be read: ${thrown.message}`
    }
    this.#parsed.set(view.id, result)
    return result
  }
}
