import type { FastifyInstance } from 'fastify'
import { secretSettings, settingNames } from '../../../config/settings.ts'
import { countSessions } from '../../../operator/sessions.ts'
import { type Html, html } from '../../../words/html.ts'
import type { Language } from '../../../words/language.ts'
import { bytesIn } from '../../../words/local-quantities.ts'
import { languageOf } from '../../language.ts'
import { table } from '../../table.ts'
import { buttonForm, type Console } from '../console.ts'
import { facts, moment } from '../parts.ts'
import { consoleWords } from '../words.ts'
import { type SettingValue, settingValues } from './values.ts'
import { settingsWords } from './words.ts'

export function registerSettings(app: FastifyInstance, console: Console): void {
  const { database, settings } = console.deps
  app.get('/console/settings', { schema: { hide: true }, exposeHeadRoute: false }, async (call, reply) => {
    const language = languageOf(call)
    const words = settingsWords(language)
    const values = settingValues(settings)
    const session = call.operator!
    return console.send(call, reply, 200, {
      part: 'settings',
      title: words.title,
      lead: words.lead,
      body: html`<section class="card"><h2>${words.access}</h2><p>${words.sessions(await countSessions(database))}</p>${facts(
        [
          [words.since, moment(language, session.createdAt)],
          [words.from, html`<code>${session.address}</code>`],
        ],
      )}<p class="soft">${words.password}</p><p class="soft">${words.endAllHint}</p>${buttonForm(call, '/console/logout-all', words.endAll, { kind: 'danger' })}</section>
<section class="card"><h2>${words.settings}</h2>${table(
        words.settings,
        [words.name, words.value],
        settingNames.map((name) => [
          html`<code>${name}</code>`,
          secretSettings.includes(name)
            ? secret(language, values[name])
            : shown(language, name, values[name]),
        ]),
      )}</section>`,
    })
  })
}

function secret(language: Language, value: SettingValue): Html {
  const words = settingsWords(language)
  return html`<span class="soft">${value === true ? words.set : words.unset}</span>`
}

function shown(language: Language, name: string, value: SettingValue): Html {
  const words = settingsWords(language)
  if (value === undefined || value === null || value === '')
    return html`<span class="soft">${name === 'UPLIFT_JOBS' ? words.auto : words.unset}</span>`
  if (typeof value === 'boolean') {
    const { yes, no } = consoleWords(language)
    return html`${value ? yes : no}`
  }
  return html`${String(value)}${name === 'UPLIFT_MAX_UPLOAD' && html` <span class="soft">(${bytesIn(language, Number(value))})</span>`}`
}
