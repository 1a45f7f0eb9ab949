import type { TocEntry } from '../dump.ts'

/** The comment over an entry. A name may hold a line break: behind it would stand SQL of the name's own. */
export function headline(entry: TocEntry): string {
  const safe = (text: string) => text.replaceAll(/[\r\n]/g, ' ')
  const kind = entry.hadDumper ? 'Data for Name' : 'Name'
  return `--\n-- ${kind}: ${safe(entry.tag)}; Type: ${safe(entry.description)}; Schema: ${safe(entry.namespace || '-')}; Owner: -\n--\n\n`
}
