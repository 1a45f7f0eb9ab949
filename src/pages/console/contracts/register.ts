import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { UpliftError } from '../../../errors.ts'
import { importContracts, type LineProblem } from '../../../requests/contract-import.ts'
import {
  addContract,
  findContractRow,
  listContracts,
  restoreContract,
  revokeContract,
  updateContract,
} from '../../../requests/contracts.ts'
import { html } from '../../../words/html.ts'
import { languageOf } from '../../language.ts'
import { type Console, formOf, goTo, note, outcome, queryOf } from '../console.ts'
import { PAGE_ROWS, pageNumber } from '../parts.ts'
import { checkGiven, givenIn, givenOf } from './form.ts'
import { addPart, changePart, contractList, findForm, importPart, importProblems } from './page.ts'
import { contractWords } from './words.ts'

/** Bytes of a file of contracts. */
const IMPORT_BYTES = 50_000_000

export function registerContracts(app: FastifyInstance, console: Console): void {
  const { database } = console.deps
  const options = { schema: { hide: true }, exposeHeadRoute: false }

  app.get('/console/contracts', options, (call, reply) => sendList(call, reply, 200))

  /** @param above what there is to say, with what was written where it was wrong */
  async function sendList(
    call: FastifyRequest,
    reply: FastifyReply,
    status: number,
    { above, add = {} }: { above?: ReturnType<typeof note>; add?: Parameters<typeof addPart>[2] } = {},
  ): Promise<FastifyReply> {
    const language = languageOf(call)
    const words = contractWords(language)
    const query = queryOf(call)
    const page = pageNumber(query)
    const text = (query.get('text') ?? '').trim().slice(0, 200)
    const all = (await listContracts(database.pool)).filter(({ code, name, email }) =>
      [code, name, email].some((value) => value?.toLowerCase().includes(text.toLowerCase())),
    )
    const shown = all.slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS)
    return console.send(call, reply, status, {
      part: 'contracts',
      title: words.title,
      lead: words.lead,
      body: html`${above ?? importedNote(call) ?? outcome(call, words.outcomes)}
${findForm(language, text)}
${contractList(language, query, { shown, all: all.length, page })}
${addPart(call, language, add)}
${importPart(call, language)}`,
    })
  }

  function importedNote(call: FastifyRequest): ReturnType<typeof note> | null {
    const [, added, updated] = /^(\d{1,9})-(\d{1,9})$/.exec(queryOf(call).get('imported') ?? '') ?? []
    if (added === undefined) return null
    const sentence = contractWords(languageOf(call)).imported(Number(added), Number(updated))
    return note({ good: true, sentence })
  }

  app.post('/console/contracts', options, async (call, reply) => {
    const given = givenIn(formOf(call))
    const checked = checkGiven(given)
    if (!checked.contract) return sendList(call, reply, 422, { add: { given, wrong: checked.wrong } })
    const done = await addContract(database.pool, checked.contract)
    if (done === 'exists') {
      const above = note(contractWords(languageOf(call)).outcomes.exists)
      return sendList(call, reply, 409, { above, add: { given } })
    }
    call.log.info({ contract: checked.contract.code, done }, 'the operator added a contract')
    return goTo(reply, `/console/contracts?outcome=${done}`)
  })

  app.get('/console/contracts/edit', options, async (call, reply) => {
    const contract = await findContractRow(database, queryOf(call).get('code') ?? '')
    if (contract === null) return console.sendNotFound(call, reply)
    const language = languageOf(call)
    return console.send(call, reply, 200, {
      part: 'contracts',
      title: contractWords(language).changeOne(contract.code),
      body: changePart(call, language, contract, { given: givenOf(contract) }),
    })
  })

  app.post('/console/contracts/edit', options, async (call, reply) => {
    const given = givenIn(formOf(call))
    const contract = await findContractRow(database, given.code ?? '')
    if (contract === null) return goTo(reply, '/console/contracts?outcome=unknown')
    const checked = checkGiven(given)
    const language = languageOf(call)
    if (!checked.contract)
      return console.send(call, reply, 422, {
        part: 'contracts',
        title: contractWords(language).changeOne(contract.code),
        body: changePart(call, language, contract, { given, wrong: checked.wrong }),
      })
    await updateContract(database.pool, checked.contract)
    call.log.info({ contract: contract.code }, 'the operator changed a contract')
    return goTo(reply, '/console/contracts?outcome=changed')
  })

  app.post('/console/contracts/revoke', options, async (call, reply) => {
    const code = formOf(call).get('code') ?? ''
    const done = await revokeContract(database.pool, code)
    if (done === 'revoked') call.log.info({ contract: code }, 'the operator revoked a contract')
    return goTo(reply, `/console/contracts?outcome=${done === 'unknown' ? 'unknown' : 'revoked'}`)
  })

  app.post('/console/contracts/restore', options, async (call, reply) => {
    const code = formOf(call).get('code') ?? ''
    const done = await restoreContract(database.pool, code)
    if (done) call.log.info({ contract: code }, 'the operator restored a contract')
    return goTo(reply, `/console/contracts?outcome=${done ? 'restored' : 'unknown'}`)
  })

  app.post('/console/contracts/import', { ...options, config: { upload: true } }, async (call, reply) => {
    const { file } = await console.readUpload(call)
    if (file === null) return goTo(reply, '/console/contracts')
    try {
      const { added, updated } = await importContracts(database, bounded(file))
      call.log.info({ added, updated }, 'the operator imported contracts')
      return goTo(reply, `/console/contracts?imported=${added}-${updated}`)
    } catch (thrown) {
      file.resume()
      if (!(thrown instanceof UpliftError) || thrown.code !== 'CONTRACT:INVALID') throw thrown
      const { lines, more } = thrown.detail as { lines: Pick<LineProblem, 'line' | 'reason'>[]; more: number }
      return sendList(call, reply, 422, { above: importProblems(languageOf(call), lines, more) })
    }
  })
}

/** A file of contracts; one that is far too long is none. */
async function* bounded(file: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const piece of file) {
    bytes += (piece as Buffer).length
    if (bytes > IMPORT_BYTES)
      throw new UpliftError('CONTRACT:INVALID', 'The file is too long.', {
        detail: { lines: [{ line: 1, reason: { kind: 'large', most: IMPORT_BYTES } }], more: 0 },
      })
    yield piece as Buffer
  }
}
