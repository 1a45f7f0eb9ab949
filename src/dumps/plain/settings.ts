/** No SET of a dump is longer; anything longer is not looked at. */
const MAX_SET = 400

/** The settings of a dump's session that change how the text after them is read. */
export class Settings {
  encoding: string | null
  standardConformingStrings: boolean
  /** Where a table is whose name has no schema: the first of search_path. */
  schema = 'public'

  constructor(encoding: string | null, standardConformingStrings: boolean) {
    this.encoding = encoding
    this.standardConformingStrings = standardConformingStrings
  }

  /** Takes a statement to account; true when it set something. */
  note(sql: string): boolean {
    if (sql.length > MAX_SET || !/^(set|select)\b/i.test(sql)) return false
    const set = /^set\s+(?:session\s+)?([a-z_]+)\s*(?:=|\sto\s)\s*([^;]*);$/i.exec(sql)
    const called = /^select\s+(?:pg_catalog\.)?set_config\(\s*'(\w+)'\s*,\s*'([^']*)'/i.exec(sql)
    const [, name, value] = set ?? called ?? []
    if (name === undefined || value === undefined) return false
    switch (name.toLowerCase()) {
      case 'client_encoding':
        this.encoding = bare(value)
        return true
      case 'standard_conforming_strings':
        this.standardConformingStrings = !/^(off|false|0|no)$/i.test(bare(value))
        return true
      case 'search_path':
        this.schema = bare(value.split(',')[0] ?? '') || 'public'
        return true
      default:
        return false
    }
  }
}

function bare(value: string): string {
  return value.trim().replace(/^(['"])(.*)\1$/, '$2')
}
