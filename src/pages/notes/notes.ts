import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RequestFile } from '../../requests/request.ts'
import type { Storage } from '../../storage/storage.ts'
import type { ReportModel } from '../../upgrade/report/model.ts'
import { renderReport } from '../../upgrade/report/render.ts'
import { styleHash } from '../../upgrade/report/style.ts'
import { catalogue, languageNames, languages } from '../../words/language.ts'
import { languageOf } from '../language.ts'
import type { Pages } from '../page.ts'

/** Larger notes are shown as the file that was made with them. */
const MOST_BYTES = 32 * 1024 * 1024

const POLICY = `default-src 'none'; style-src ${styleHash}; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

const texts = catalogue<{ status: string; file: string; json: string }>({
  en: { status: 'Back to the request', file: 'Save as one file', json: 'For programs (JSON)' },
  fr: {
    status: 'Retour à la demande',
    file: 'Enregistrer en un fichier',
    json: 'Pour des programmes (JSON)',
  },
})

/** What was noted about an upgrade, as it was kept; null when it cannot be shown from there. */
export async function readNotes(storage: Storage, file: RequestFile): Promise<ReportModel | null> {
  if (file.bytes > MOST_BYTES) return null
  const pieces: Buffer[] = []
  for await (const piece of await storage.read(file.key)) pieces.push(piece as Buffer)
  const model = JSON.parse(Buffer.concat(pieces).toString()) as ReportModel
  // Notes of an earlier version of the product may lack parts.
  return model.format === 1 ? { ...model, sizes: model.sizes ?? [] } : null
}

/** Sends the notes in the reader's language, with a search, and ways back and to the file that can be kept. */
export async function sendNotes(
  call: FastifyRequest,
  reply: FastifyReply,
  pages: Pages,
  model: ReportModel,
): Promise<FastifyReply> {
  const language = languageOf(call)
  const words = texts(language)
  const text = renderReport(model, language, {
    script: pages.assets.url('notes.js'),
    links: [
      { href: '../status', label: words.status },
      { href: `../report?download=1&lang=${language}`, label: words.file },
      { href: 'notes.json', label: words.json },
      ...languages
        .filter((other) => other !== language)
        .map((other) => ({ href: `?lang=${other}`, label: languageNames[other], language: other })),
    ],
  })
  return pages.sendText(call, reply, 200, text, POLICY)
}
