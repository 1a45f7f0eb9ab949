/** The versions that the document names; they are always valid as targets. */
export const documentTargets: readonly string[] = ['6.0', '6.1', '7.0', '8.0']

/**
 * The versions to tell somebody who asked for another one. Clients of the document's time know its four and take the list
 * for complete: who asks for something as old gets them as printed there, everybody else all that can be upgraded to.
 */
export function expectedTargets(asked: string, targets: readonly string[]): readonly string[] {
  const isOld = /^\d{1,2}(\.\d{1,2})?$/.test(asked) && Number(asked) <= Number(documentTargets.at(-1))
  return isOld ? documentTargets : targets
}
