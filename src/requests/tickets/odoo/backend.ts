import type { TicketSettings } from '../../../config/settings.ts'
import type { Send, TicketMessage } from '../message.ts'
import { descriptionOf, nameOf, paragraph } from './names.ts'
import { isStruct, openSession, type Session } from './session.ts'
import { matchingStage } from './stages.ts'
import { Fault, type Value } from './values.ts'

type OdooSettings = Extract<TicketSettings, { kind: 'odoo' }>

/** Keeps a task or issue for each request in a project of a real Odoo, 6.1 or later. */
export function odooBackend(settings: OdooSettings): Send {
  return async (message, signal) => {
    const session = await openSession(settings, signal)
    const tickets = new Tickets(session, settings)
    const ticket = (await tickets.find(message)) ?? (await tickets.create(message))
    // The post comes last: it is all that a try leaves a second time when a step before it failed.
    await tickets.update(ticket, message)
    await tickets.post(ticket, message)
    return { external: ticket }
  }
}

class Tickets {
  readonly #session: Session
  readonly #settings: OdooSettings

  constructor(session: Session, settings: OdooSettings) {
    this.#session = session
    this.#settings = settings
  }

  /** The ticket that is there already: by its number, or by its name where a former try could not tell the number. */
  async find(message: TicketMessage): Promise<number | null> {
    const { model } = this.#settings
    if (message.external !== null) {
      const [known] = await this.#search(model, [['id', '=', message.external]])
      if (known !== undefined) return known
    }
    const start = `Upgrade ${message.request}: `
    const candidates = await this.#search(model, [['name', '=like', `${start}%`]])
    const rows = await this.#read(model, candidates, ['name'])
    const ending = ` for ${message.contract}`
    return (
      rows.find(({ name }) => typeof name === 'string' && name.startsWith(start) && name.endsWith(ending))
        ?.id ?? null
    )
  }

  async create(message: TicketMessage): Promise<number> {
    const { model } = this.#settings
    const project = await this.#project()
    const id = await this.#session.execute(model, 'create', [
      {
        name: nameOf(message),
        description: descriptionOf(message, this.#session.version),
        ...(project === null ? {} : { project_id: project }),
      },
    ])
    if (typeof id !== 'number') throw new Error('Odoo gave the new ticket no number.')
    return id
  }

  async post(ticket: number, message: TicketMessage): Promise<void> {
    const { model } = this.#settings
    const body = paragraph(message.body, this.#session.version)
    if (this.#session.version !== null) {
      await this.#session.execute(model, 'message_post', [[ticket]], { body })
      return
    }
    try {
      await this.#session.execute(model, 'message_post', [ticket, body])
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown
      // 6.1 has no messages of this kind.
      const [row] = await this.#read(model, [ticket], ['description'])
      const before = typeof row?.description === 'string' ? `${row.description}\n` : ''
      await this.#session.execute(model, 'write', [[ticket], { description: `${before}${message.body}` }])
    }
  }

  /** The stage that the project has for it, and the name once the version of the upload is known. */
  async update(ticket: number, message: TicketMessage): Promise<void> {
    const { model } = this.#settings
    const [row] = await this.#read(model, [ticket], ['name', 'project_id', 'stage_id'])
    if (!row) return
    const changes: Record<string, Value> = {}
    if (row.name === nameOf({ ...message, source: null }) && message.source !== null)
      changes.name = nameOf(message)
    const project = relation(row.project_id)
    const stage = project === null ? null : await this.#stage(project, message)
    if (stage !== null && stage !== relation(row.stage_id)) changes.stage_id = stage
    if (Object.keys(changes).length > 0) await this.#session.execute(model, 'write', [[ticket], changes])
  }

  async #stage(project: number, message: TicketMessage): Promise<number | null> {
    const ids = await this.#search('project.task.type', [['project_ids', 'in', [project]]])
    const rows = await this.#read('project.task.type', ids, ['name'])
    const stages = rows.map(({ id, name }) => ({ id, name: typeof name === 'string' ? name : '' }))
    return matchingStage(stages, message.stage)
  }

  async #project(): Promise<number | null> {
    const { project } = this.#settings
    if (project === undefined) return null
    const [id] = await this.#search('project.project', [['name', '=', project]])
    if (id === undefined) throw new Error('Odoo has no project of the name UPLIFT_ODOO_PROJECT.')
    return id
  }

  /** Numbers of the records that a domain describes, archived ones as well where the version lets us ask. */
  async #search(model: string, domain: Value[]): Promise<number[]> {
    const found = await this.#session.execute(model, 'search', [domain], { context: { active_test: false } })
    if (!Array.isArray(found)) throw new Error(`Odoo's search of ${model} gave no list.`)
    return found.filter((id) => typeof id === 'number').slice(0, 200)
  }

  async #read(
    model: string,
    ids: number[],
    fields: string[],
  ): Promise<({ id: number } & Record<string, Value>)[]> {
    if (ids.length === 0) return []
    const rows = await this.#session.execute(model, 'read', [ids, fields])
    if (!Array.isArray(rows)) throw new Error(`Odoo's read of ${model} gave no list.`)
    return rows.flatMap((row) =>
      isStruct(row) && typeof row.id === 'number' ? [{ ...row, id: row.id }] : [],
    )
  }
}

/** The number in [number, name], as a many2one is read; null for none. */
function relation(value: Value | undefined): number | null {
  const id = Array.isArray(value) ? value[0] : value
  return typeof id === 'number' ? id : null
}
