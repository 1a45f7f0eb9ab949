import type { Catalogue } from '../catalogue/catalogue.ts'

type Modules = Pick<Catalogue, 'modules'>

/**
 * What gets installed when the wanted modules are: they, what they depend on, and every module that installs itself once
 * all of its triggers are there, until nothing is added any more. `base` is always among them. Modules that the
 * catalogue does not know stay in the set as they are: missingModules() names them. `countries` are those of the
 * companies, "FR": modules of other countries do not install themselves.
 */
export function installClosure(
  catalogue: Modules,
  wanted: Iterable<string>,
  countries: ReadonlySet<string> = new Set(),
): Set<string> {
  const installed = new Set<string>()
  const install = (name: string): void => {
    if (installed.has(name)) return
    installed.add(name)
    for (const dependency of catalogue.modules[name]?.depends ?? []) install(dependency)
  }
  install('base')
  for (const name of wanted) install(name)

  const automatic = Object.entries(catalogue.modules).filter(
    ([, module]) =>
      module.installable &&
      module.autoInstall &&
      (module.countries?.some((country) => countries.has(country)) ?? true),
  )
  for (let before = -1; before < installed.size; ) {
    before = installed.size
    for (const [name, module] of automatic)
      if (!installed.has(name) && module.autoInstall!.every((trigger) => installed.has(trigger)))
        install(name)
  }
  return installed
}

/** Modules of the set, or dependencies of them, that the catalogue has not or that cannot be installed. */
export function missingModules(catalogue: Modules, modules: Iterable<string>): string[] {
  const known = new Set<string>()
  const visit = (name: string): void => {
    if (known.has(name)) return
    known.add(name)
    for (const dependency of catalogue.modules[name]?.depends ?? []) visit(dependency)
  }
  for (const name of modules) visit(name)
  return [...known].filter((name) => !catalogue.modules[name]?.installable).sort()
}

/**
 * Modules in the order in which Odoo loads them: by the longest way to `base`, then by name. Unknown ones come last.
 */
export function installOrder(catalogue: Modules, modules: Iterable<string>): string[] {
  const depths = new Map<string, number>()
  const depth = (name: string): number => {
    const known = depths.get(name)
    if (known !== undefined) return known
    // Set before going down, so that a cycle in broken data ends.
    depths.set(name, 0)
    const module = catalogue.modules[name]
    const found = module ? 1 + Math.max(-1, ...module.depends.map(depth)) : Number.MAX_SAFE_INTEGER
    depths.set(name, found)
    return found
  }
  return [...modules].sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))
}
