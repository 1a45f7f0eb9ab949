const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** 0 → "0 bytes", 1_500_000 → "1.5 MB" (powers of 1000, as disks are sold). */
export function bytesInWords(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[power]}`
}

/** 0.04 → "0.0 s", 75 → "1 min 15 s", 7380 → "2 h 03 min". */
export function secondsInWords(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
  const minutes = Math.round(whole / 60)
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** 1234567 → "1,234,567". */
export function countInWords(count: number): string {
  return count.toLocaleString('en-US')
}
