/** The versions that the document names; they are always valid as targets. */
export const documentTargets: readonly string[] = ['6.0', '6.1', '7.0', '8.0']
