import type { Language } from './language.ts'

const units: Readonly<Record<Language, readonly string[]>> = {
  en: ['bytes', 'kB', 'MB', 'GB', 'TB'],
  fr: ['octets', 'ko', 'Mo', 'Go', 'To'],
}

/** 1_500_000 → "1.5 MB", "1,5 Mo" (powers of 1000, as disks are sold). */
export function bytesIn(language: Language, bytes: number): string {
  const power = Math.min(4, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** power
  return `${numberIn(language, value, power === 0 || value >= 10 ? 0 : 1)} ${units[language][power]}`
}

/** 0.4 → "0.4 s", 75 → "1 min 15 s", 7380 → "2 h 03 min". */
export function secondsIn(language: Language, seconds: number): string {
  if (seconds < 9.95) return `${numberIn(language, seconds, 1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600 && whole % 60 === 0) return `${whole / 60} min`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
  const minutes = Math.round(whole / 60)
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** 1234567.5 → "1,234,567.5", "1 234 567,5". */
export function numberIn(language: Language, value: number, digits = 0): string {
  return value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** "23 Nov 2026, 04:57 UTC": the server does not know the reader's time zone. */
export function timeIn(language: Language, at: Date): string {
  const text = at.toLocaleString(language === 'en' ? 'en-GB' : language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  return `${text} UTC`
}
