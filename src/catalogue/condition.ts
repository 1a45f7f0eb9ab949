/**
 * When something of a catalogue is there: any of the alternatives is enough, and of an alternative all modules have to
 * be installed. [['sale'], ['hr', 'rating']] is "sale, or hr and rating together"; [] is never.
 */
export type Condition = readonly (readonly string[])[]

/** Whether the condition is met by the modules that are installed. */
export function holds(condition: Condition, modules: ReadonlySet<string>): boolean {
  return condition.some((all) => all.every((module) => modules.has(module)))
}

/** Module → it and all that it depends on, however far. */
export type Closures = ReadonlyMap<string, ReadonlySet<string>>

/** Works on conditions with what is known of dependencies: a module that is installed has brought those it depends on. */
export class Conditions {
  readonly closures: Closures

  constructor(closures: Closures) {
    this.closures = closures
  }

  /** Any of the modules. */
  any(modules: Iterable<string>): Condition {
    return this.either([...modules].map((module) => [[module]]))
  }

  /** Any of the conditions. */
  either(conditions: Iterable<Condition>): Condition {
    const alternatives = new Map<string, readonly string[]>()
    for (const condition of conditions) for (const all of condition) alternatives.set(all.join('+'), all)
    const list = [...alternatives.values()]
    // An alternative is of no use when another is met whenever it is.
    return list
      .filter((all) => !list.some((other) => other !== all && this.covers(all, other)))
      .sort((a, b) => a.length - b.length || (a.join('+') < b.join('+') ? -1 : 1))
  }

  /** Both conditions at once. */
  both(a: Condition, b: Condition): Condition {
    return this.either(a.flatMap((left) => b.map((right) => [this.shortest([...left, ...right])])))
  }

  /** Whether whatever meets the first condition meets the second too. */
  implies(a: Condition, b: Condition): boolean {
    return a.every((all) => {
      const installed = new Set(all.flatMap((module) => [...(this.closures.get(module) ?? [module])]))
      return holds(b, installed)
    })
  }

  /** Whether whatever meets the first alternative meets the second too. */
  private covers(all: readonly string[], other: readonly string[]): boolean {
    if (!other.every((module) => all.some((m) => this.has(m, module)))) return false
    // Of two that imply each other (a cycle of dependencies) the first by name stays.
    return !all.every((module) => other.some((m) => this.has(m, module))) || all.join('+') > other.join('+')
  }

  /** Without modules that others of the list depend on. */
  private shortest(modules: string[]): string[] {
    const distinct = [...new Set(modules)]
    return distinct
      .filter((module) => !distinct.some((other) => other !== module && this.has(other, module)))
      .sort()
  }

  private has(module: string, dependency: string): boolean {
    return module === dependency || (this.closures.get(module)?.has(dependency) ?? false)
  }
}

/** The closure of every module over its dependencies. */
export function closuresOf(modules: Record<string, { depends: readonly string[] }>): Closures {
  const closures = new Map<string, Set<string>>()
  for (const start of Object.keys(modules)) {
    const closure = new Set<string>([start])
    for (const module of closure)
      for (const dependency of modules[module]?.depends ?? []) closure.add(dependency)
    closure.add('base')
    closures.set(start, closure)
  }
  return closures
}
