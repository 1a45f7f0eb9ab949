/** The major version of a PostgreSQL: "9.6" of "9.6.24", "15" of "15.18"; null for what is no version. */
export function majorOf(version: string | null): string | null {
  const match = /^(\d+)(?:\.(\d+))?/.exec(version ?? '')
  if (!match) return null
  return Number(match[1]) >= 10 ? match[1]! : `${match[1]}.${match[2] ?? 0}`
}
