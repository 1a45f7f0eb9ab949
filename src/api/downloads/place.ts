/** What stands below the address of a request. */
const targets = [
  'status',
  'events',
  'start',
  'amend',
  'cancel',
  'report',
  'upgraded/notes',
  'upgraded/notes.json',
  'original/sql',
  'original/archive',
  'upgraded/sql',
  'upgraded/archive',
  'upgraded/filestore',
  'modules/archive',
] as const

export type Target = (typeof targets)[number]

/** What forms of the status page are sent to; all else is only read. */
const actions = ['start', 'amend', 'cancel'] as const
export type Action = (typeof actions)[number]

export function isAction(target: Target): target is Action {
  return (actions as readonly Target[]).includes(target)
}

export interface Place {
  region: string
  /** 0 for what cannot be the number of a request. */
  id: number
  key: string
  /** null for what is not there. */
  target: Target | null
}

/** Longer texts are no keys; what is compared stays small. */
const MOST_KEY = 256

/**
 * Reads the path of a call, /database/<region>/<id>/<key>/<target>, as it was sent: nothing is decoded but the key, in which
 * some clients write "=" as "%3D", and dots or doubled slashes mean nothing.
 */
export function placeOf(url: string): Place {
  const [path = ''] = url.split(/[?#]/, 1)
  const [, , region = '', id = '', key = '', ...rest] = path.split('/')
  const target = rest.join('/')
  return {
    region,
    id: /^[1-9]\d{0,14}$/.test(id) ? Number(id) : 0,
    key: key.slice(0, MOST_KEY).replaceAll(/%3d/gi, '='),
    target: targets.find((known) => known === target) ?? null,
  }
}
