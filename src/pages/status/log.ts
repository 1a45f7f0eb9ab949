import { englishSentences, type LogLine, type LogSentences } from '../../requests/log.ts'
import { type Html, html } from '../../words/html.ts'
import { catalogue, type Language } from '../../words/language.ts'
import { english } from '../meanings.ts'
import { stageWord } from './words.ts'

const sentences = catalogue<LogSentences>({
  en: englishSentences,
  fr: {
    state: ({ state }) =>
      ({
        draft: 'La demande a été créée et attend la sauvegarde.',
        pending: 'La mise à niveau a été demandée et attend son tour.',
        progress: 'La mise à niveau a commencé.',
        done: 'La mise à niveau est terminée : la base mise à niveau et les notes peuvent être téléchargées.',
        failed: 'La mise à niveau a échoué :',
        cancelled: 'La demande a été annulée.',
      })[state],
    received: ({ bytes, sha256 }) =>
      `La sauvegarde a été reçue : ${bytes.toLocaleString('fr')} octets, SHA-256 ${sha256}.`,
    amended: ({ target, aim, timezone }) =>
      `La demande a été modifiée : cible ${target}, objectif ${aim}${timezone === null ? '' : `, fuseau horaire ${timezone}`}.`,
    stage: ({ name, seconds }) =>
      `${stageWord('fr', name)} : ${seconds.toLocaleString('fr', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} s`,
    'broke off': () => 'Le travail s’est interrompu et reprendra plus tard :',
    'files deleted': () => 'Les sauvegardes ont été supprimées : leur durée de conservation est écoulée.',
  },
})

/** What a line of the log says in the reader's language; a reason in it stays as it was written down, in English. */
export function happened(language: Language, { message, event, detail }: LogLine): Html {
  const known = sentences(language)
  if (language === 'en' || event === null || detail === null || !Object.hasOwn(known, event))
    return english(language, message)
  const sentence = (known[event as keyof LogSentences] as (detail: object) => string)(detail)
  return 'reason' in detail
    ? html`${sentence} ${english(language, String(detail.reason))}`
    : html`${sentence}`
}
