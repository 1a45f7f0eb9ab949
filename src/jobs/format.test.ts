import { expect, test } from 'vitest'
import { formOf, upgradedName } from './format.ts'

const head = (layers: string[], format: 'custom' | 'tar' | 'directory' | 'plain', manifest = false) => ({
  layers,
  format,
  manifest: manifest ? { odoo_dump: '1' } : null,
})

test.each([
  [head(['pgdmp_custom', 'sql'], 'custom'), 'custom', 'none', '.dump'],
  [head(['gzip', 'pgdmp_custom', 'sql'], 'custom'), 'custom', 'none', '.dump'],
  [head(['pgdmp_tar', 'sql'], 'tar'), 'tar', 'none', '.tar'],
  [head(['gzip', 'tar', 'pgdmp_directory', 'sql'], 'directory'), 'directory', 'tar', '.tar'],
  [head(['sql'], 'plain'), 'plain', 'none', '.sql'],
  [head(['xz', 'sql'], 'plain'), 'plain', 'gzip', '.sql.gz'],
  [head(['zip', 'sql'], 'plain', true), 'zip', 'none', '.zip'],
  [head(['zip', 'sql'], 'plain'), 'zip', 'none', '.zip'],
] as const)('%j comes back as %s', (upload, format, wrapping, ending) => {
  expect(formOf({ ...upload, layers: [...upload.layers] })).toMatchObject({ format, wrapping, ending })
})

const custom = formOf(head(['pgdmp_custom', 'sql'], 'custom'))
const packed = formOf(head(['gzip', 'sql'], 'plain'))

test.each([
  ['db_name.dump', custom, 'upgraded_db_name.dump'],
  ['openchs.70.cdump', custom, 'upgraded_openchs.70.cdump'],
  ['db.backup', custom, 'upgraded_db.backup'],
  ['db.dump.gz', custom, 'upgraded_db.dump'],
  ['db', custom, 'upgraded_db.dump'],
  ['db.sql.bz2', packed, 'upgraded_db.sql.gz'],
  ['../../etc/passwd', custom, 'upgraded_.._.._etc_passwd.dump'],
  ['a\r\nb"c.dump', custom, 'upgraded_a__b"c.dump'],
])('the result of %j is called %j', (filename, form, name) => {
  expect(upgradedName(filename, form)).toBe(name)
})
