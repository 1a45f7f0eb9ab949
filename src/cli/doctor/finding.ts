/** What the doctor found about one thing. */
export interface Finding {
  name: string
  state: 'ok' | 'warning' | 'failed'
  message: string
  /** What a person can do about it; null when nothing has to be done. */
  advice: string | null
}

export function ok(name: string, message: string): Finding {
  return { name, state: 'ok', message, advice: null }
}

export function warning(name: string, message: string, advice: string): Finding {
  return { name, state: 'warning', message, advice }
}

export function failed(name: string, message: string, advice: string): Finding {
  return { name, state: 'failed', message, advice }
}
