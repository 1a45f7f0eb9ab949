import type pg from 'pg'
import { UpliftError } from '../errors.ts'
import { seriesNumber, seriesOf } from '../odoo/series.ts'
import { tableOf } from '../odoo/tables.ts'
import type { Catalogue, CatalogueField, CatalogueModel, CatalogueModule } from './catalogue.ts'
import { type Condition, Conditions, closuresOf } from './condition.ts'
import { extractTables } from './extract-tables.ts'
import { extractXmlids, type RowOwners, rowOwners } from './extract-xmlids.ts'
import { type Installed, type InstalledField, readInstalled } from './installed.ts'

/**
 * The catalogue of a live fresh database, exact for the modules installed in it. Which module brings what is taken from
 * the xmlids of models and fields and from what the database records of constraints and relations.
 * Fails with REFERENCE:UNUSABLE when the schema holds no database of Odoo.
 */
export async function extractCatalogue(client: pg.ClientBase, schema = 'public'): Promise<Catalogue> {
  return catalogueOf(await readInstalled(client, schema))
}

/** The same from what was read already. */
export function catalogueOf(installed: Installed): Catalogue {
  const version = installed.modules.find(({ name }) => name === 'base')?.version
  const series = version ? seriesOf(version) : null
  if (!series)
    throw new UpliftError(
      'REFERENCE:UNUSABLE',
      'The database is not one of Odoo or OpenERP, or of a version that is not known: its module "base" has no known version.',
      { detail: { version: version ?? null } },
    )
  const modules = Object.fromEntries(
    installed.modules.map((module) => [module.name, asModule(module, series)]),
  )
  const exactModules = installed.modules.filter(({ state }) => isInstalled(state)).map(({ name }) => name)
  const conditions = new Conditions(closuresOf(modules))
  const own = new Set(exactModules)
  const owners = rowOwners(installed, own)
  const models = extractModels(installed, series, conditions, owners)
  return {
    series,
    exactModules,
    modules,
    models,
    ...extractTables(installed, models, conditions, own),
    xmlids: extractXmlids(installed, models, own, seriesNumber(series), conditions),
  }
}

function isInstalled(state: string): boolean {
  return state === 'installed' || state === 'to upgrade'
}

function asModule(module: Installed['modules'][number], series: string): CatalogueModule {
  return {
    depends: module.depends,
    autoInstall: module.autoInstall ? module.triggers : null,
    installable: module.state !== 'uninstallable',
    version: module.version ?? series,
    category: module.category,
    ...(module.countries.length > 0 ? { countries: module.countries } : {}),
  }
}

function extractModels(
  installed: Installed,
  series: string,
  conditions: Conditions,
  owners: RowOwners,
): Record<string, CatalogueModel> {
  const fieldsOf = Map.groupBy(installed.fields, ({ model }) => model)
  const selectionOf = Map.groupBy(installed.selections, ({ fieldId }) => fieldId)
  const parentsOf = Map.groupBy(installed.parents, ({ model }) => model)
  const models: Record<string, CatalogueModel> = {}
  for (const { id, model, transient, abstract } of installed.models) {
    const modules = owners.get('ir.model')?.get(id) ?? []
    // Models without an xmlid are people's own, not a module's.
    if (modules.length === 0) continue
    const by = conditions.any(modules)
    const table = tableOf(model, series)
    const kept = table in installed.schema.tables || table in installed.schema.views
    models[model] = {
      by,
      table: kept ? table : null,
      abstract: abstract ?? !kept,
      transient: transient ?? false,
      inherits: Object.fromEntries(
        (parentsOf.get(model) ?? []).flatMap(({ parent, field }) => (field ? [[parent, field]] : [])),
      ),
      parents: Object.fromEntries(
        (parentsOf.get(model) ?? []).map(({ id, parent }) => [
          parent,
          conditions.any(owners.get('ir.model.inherit')?.get(id) ?? modules),
        ]),
      ),
      fields: {},
      xmlids: modules,
    }
    for (const field of fieldsOf.get(model) ?? []) {
      if (field.manual) continue
      const modulesOfField = owners.get('ir.model.fields')?.get(field.id) ?? []
      models[model].fields[field.name] = asField(field, {
        by: modulesOfField.length > 0 ? conditions.both(by, conditions.any(modulesOfField)) : by,
        owners: modulesOfField,
        stored: field.stored ?? (kept && field.name in (installed.schema.tables[table]?.columns ?? {})),
        selection: selectionOf.get(field.id) ?? [],
        conditions,
      })
    }
  }
  return models
}

function asField(
  field: InstalledField,
  of: {
    by: Condition
    owners: string[]
    stored: boolean
    selection: { value: string; modules: string[] }[]
    conditions: Conditions
  },
): CatalogueField {
  return {
    by: of.by,
    type: field.type,
    relation: field.relation || null,
    inverse: field.inverse || null,
    m2m: field.m2m,
    required: field.required,
    stored: of.stored,
    translated: field.translated,
    companyDependent: field.companyDependent ?? false,
    selection:
      of.selection.length === 0
        ? null
        : Object.fromEntries(
            of.selection.map(({ value, modules }) => [
              value,
              modules.length > 0 ? of.conditions.any(modules) : of.by,
            ]),
          ),
    xmlids: of.owners,
  }
}
