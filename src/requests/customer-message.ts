/** What a customer is told of a finished upgrade besides that it is finished. */
export interface CustomerMessage {
  /** How many the verification found. */
  violations: number
  /** Whether connectors are switched off. */
  isTest: boolean
}

export interface CustomerSentences {
  violations: (count: number) => string
  test: string
}

export const englishCustomerSentences: CustomerSentences = {
  violations: (count) =>
    `The verification of the result found ${count} violations: read the notes before you work with it.`,
  test: 'This is a test database: scheduled actions, mail, payment providers and other connectors are switched off.',
}

/** The sentences one after the other; empty when there is nothing to tell. */
export function customerMessage(
  { violations, isTest }: CustomerMessage,
  sentences = englishCustomerSentences,
): string {
  return [violations > 0 ? sentences.violations(violations) : '', isTest ? sentences.test : '']
    .filter(Boolean)
    .join(' ')
}

/** What a stored message, which is in English, says; null for one that says something else. */
export function readCustomerMessage(text: string): CustomerMessage | null {
  const message = {
    violations: Number(/ found (\d{1,15}) violations/.exec(text)?.[1] ?? 0),
    isTest: text.endsWith(englishCustomerSentences.test),
  }
  return customerMessage(message) === text ? message : null
}
