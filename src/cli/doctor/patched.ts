/**
 * First minor releases in which pg_restore and psql do not run code out of a crafted dump any more. Uplift never gives an
 * uploaded file to either, but people restore files with them by hand.
 */
const patched: Readonly<Record<number, number>> = { 15: 20, 16: 16, 17: 12, 18: 7 }

/** What a version of PostgreSQL's programs should be raised to; null when it is patched. */
export function patchedVersion(version: string): string | null {
  const [major, minor] = version.split('.').map(Number)
  if (major === undefined || Number.isNaN(major)) return null
  const first = patched[major]
  if (first !== undefined) return (minor ?? 0) < first ? `${major}.${first}` : null
  // Older major versions get no fixes any more; newer ones began with them.
  return major < 15 ? '15.20, 16.16, 17.12 or 18.7' : null
}
