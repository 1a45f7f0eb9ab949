import type { RowSink } from './fields.ts'
import type { AttachmentFacts, LanguageFacts, ModuleFacts, OdooFacts } from './inspection.ts'

/** Whether a module is one of Odoo's own in a series; null when nobody knows. */
export type IsOdooModule = (series: string, module: string) => Promise<boolean | null> | boolean | null

const STATES_NOT_INSTALLED = new Set(['uninstalled', 'uninstallable'])
const ENTERPRISE_LICENSES = new Set(['OEEL-1', 'OEEL'])
const ENTERPRISE_MODULES = new Set(['web_enterprise', 'mail_enterprise'])

/**
 * Collects what the tables of Odoo itself say. Their names and columns are the same from OpenERP 6.0 to Odoo 19; what
 * a version does not have is null.
 */
export class OdooTables {
  readonly #modules: Omit<ModuleFacts, 'odoo'>[] = []
  readonly #languages: LanguageFacts[] = []
  readonly #companies: { id: number; name: string | null }[] = []
  readonly #users = { total: 0, active: 0, internal: 0, withoutShare: 0 }
  readonly #attachments = { total: 0, inDatabase: { count: 0, bytes: 0 }, outside: { count: 0, bytes: 0 } }
  #uuid: string | null = null
  #enterpriseCode = false

  readonly sinks: Readonly<Record<string, RowSink>> = {
    ir_module_module: {
      texts: ['name', 'state', 'latest_version', 'license', 'author'],
      sizes: [],
      row: (text) => {
        const state = text('state') ?? 'uninstalled'
        if (STATES_NOT_INSTALLED.has(state)) return
        this.#modules.push({
          name: text('name') ?? '',
          version: text('latest_version'),
          state,
          license: text('license'),
          author: text('author'),
        })
      },
    },
    ir_config_parameter: {
      texts: ['key', 'value'],
      sizes: [],
      row: (text) => {
        if (text('key') === 'database.uuid') this.#uuid = text('value')
        if (text('key') === 'database.enterprise_code') this.#enterpriseCode = (text('value') ?? '') !== ''
      },
    },
    res_lang: {
      texts: ['code', 'name', 'active'],
      sizes: [],
      row: (text) => {
        this.#languages.push({ code: text('code') ?? '', name: text('name'), active: isTrue(text('active')) })
      },
    },
    res_users: {
      texts: ['active', 'share'],
      sizes: [],
      row: (text) => {
        this.#users.total++
        if (text('share') === null) this.#users.withoutShare++
        if (!isTrue(text('active'))) return
        this.#users.active++
        if (!isTrue(text('share'))) this.#users.internal++
      },
    },
    res_company: {
      texts: ['id', 'name'],
      sizes: [],
      row: (text) => {
        this.#companies.push({ id: Number(text('id')), name: text('name') })
      },
    },
    ir_attachment: {
      texts: ['store_fname', 'file_size'],
      sizes: ['db_datas', 'datas'],
      row: (text, size) => {
        this.#attachments.total++
        // OpenERP 6.0 calls the column datas, later versions db_datas.
        const bytes = size('db_datas') ?? size('datas')
        if (bytes !== null && bytes > 0) add(this.#attachments.inDatabase, bytes)
        if ((text('store_fname') ?? '') !== '') add(this.#attachments.outside, Number(text('file_size') ?? 0))
      },
    },
  }

  async facts(filestore: AttachmentFacts['filestore'], isOdooModule: IsOdooModule): Promise<OdooFacts> {
    const version = this.#modules.find((module) => module.name === 'base')?.version ?? null
    const series = seriesOf(version)
    const modules: ModuleFacts[] = []
    for (const module of this.#modules.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
      modules.push({ ...module, odoo: series === null ? null : await isOdooModule(series, module.name) })
    const signs = this.#enterpriseSigns(modules)
    return {
      version,
      series,
      databaseUuid: this.#uuid,
      enterprise: signs.length > 0,
      enterpriseSigns: signs,
      modules,
      foreignModules: modules.every((module) => module.odoo === null)
        ? null
        : modules
            .filter((module) => module.odoo === false && !hasEnterpriseLicense(module))
            .map((module) => module.name),
      languages: this.#languages.sort((a, b) => (a.code < b.code ? -1 : 1)),
      users: {
        total: this.#users.total,
        active: this.#users.active,
        internal: this.#users.withoutShare === this.#users.total ? null : this.#users.internal,
      },
      companies: this.#companies.sort((a, b) => a.id - b.id),
      attachments: { ...this.#attachments, filestore },
    }
  }

  /** The licence alone is no sign: a few modules of the community edition name the Enterprise one by mistake. */
  #enterpriseSigns(modules: readonly ModuleFacts[]): string[] {
    const signs = modules
      .filter(
        (module) =>
          ENTERPRISE_MODULES.has(module.name) || (module.odoo === false && hasEnterpriseLicense(module)),
      )
      .map((module) => `module ${module.name}`)
    return this.#enterpriseCode ? ['parameter database.enterprise_code', ...signs] : signs
  }
}

/** "7.0.1.3" → "7.0"; "saas~17.2.1.3" → "saas~17.2"; "8.saas~6.1.3" → "8.saas~6". */
export function seriesOf(version: string | null): string | null {
  return /^(\d+\.saas~\d+|(?:saas[~-])?\d+\.\d+)(?:\.|$)/.exec(version ?? '')?.[1] ?? null
}

/** Modules of the Enterprise edition carry a licence that nobody else may use for theirs. */
function hasEnterpriseLicense(module: ModuleFacts): boolean {
  return ENTERPRISE_LICENSES.has(module.license ?? '')
}

function add(to: { count: number; bytes: number }, bytes: number): void {
  to.count++
  to.bytes += bytes
}

function isTrue(value: string | null): boolean {
  return value === 't' || value === 'true'
}
