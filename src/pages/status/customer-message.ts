import {
  type CustomerSentences,
  customerMessage,
  englishCustomerSentences,
  readCustomerMessage,
} from '../../requests/customer-message.ts'
import { type Html, html } from '../../words/html.ts'
import { catalogue, countedIn, type Language } from '../../words/language.ts'
import { english } from '../meanings.ts'

const sentences = catalogue<CustomerSentences>({
  en: englishCustomerSentences,
  fr: {
    violations: (count) =>
      `La vérification du résultat a trouvé ${countedIn('fr', count, 'infraction')} : lisez les notes avant de travailler avec lui.`,
    test: 'Ceci est une base de test : les actions planifiées, le courriel, les moyens de paiement et les autres connecteurs sont désactivés.',
  },
})

/** A stored message for the customer in the reader's language; one that says something else stays in English. */
export function customerMessageIn(language: Language, text: string): Html {
  const message = language === 'en' ? null : readCustomerMessage(text)
  return message === null ? english(language, text) : html`${customerMessage(message, sentences(language))}`
}
