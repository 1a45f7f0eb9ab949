/** Every series that is known, oldest first. */
export const allSeries = [
  '5.0', '6.0', '6.1', '7.0', '8.0', '9.0', '10.0', '11.0', '12.0', '13.0', '14.0', '15.0', '16.0', '17.0', '18.0', '19.0',
] as const // biome-ignore format: one line reads better

export type Series = (typeof allSeries)[number]

/**
 * The series of a version as ir_module_module or a person writes it: "8.0.1.3", "8.0", "8", "16.0+e" and "saas~16.4" give
 * "8.0", …; null when it is none that is known. Versions between two series (saas) have none.
 */
export function seriesOf(version: string): Series | null {
  const match = /^(\d+)(?:\.(\d+))?(?:[.+\-e].*)?$/.exec(version.trim())
  if (!match) return null
  const name = `${Number(match[1])}.${Number(match[2] ?? 0)}`
  return allSeries.find((series) => series === name) ?? null
}

/** Negative when a is older than b, 0 when they are the same. Takes series only. */
export function compareSeries(a: string, b: string): number {
  return Number(a) - Number(b)
}

/** Series as a number to compare with: "6.1" is 6.1, "10.0" is 10. */
export function seriesNumber(series: string): number {
  return Number(series)
}
