import type pg from 'pg'
import { ident } from '../../postgres/sql.ts'
import type { Inventory } from '../../schema/inventory.ts'

/** The name that Odoo gives it. */
const NAME = 'neutralization - disable emails'

/** Columns of a version, with the SQL of their values. */
const values: Readonly<Record<string, string>> = {
  name: `'${NAME}'`,
  smtp_host: `'invalid'`,
  smtp_port: '1025',
  smtp_encryption: `'none'`,
  smtp_authentication: `'login'`,
  active: 'true',
  sequence: '0',
}

/**
 * Adds an outgoing mail server that leads nowhere: without any, Odoo takes the one of its configuration file, which is
 * a real one. Columns that only the customer's modules require take the value of another server. Gives what became of it,
 * null when it was there already.
 */
export async function addMailServer(
  client: pg.ClientBase,
  inventory: Inventory,
  required: ReadonlySet<string>,
): Promise<string | null> {
  const known = Object.keys(values).filter((column) => inventory.has('ir_mail_server', column))
  const { rows } = await client.query<{ present: boolean }>(
    `SELECT EXISTS (SELECT FROM public.ir_mail_server WHERE name = $1 AND smtp_host = 'invalid'${known.includes('active') ? ' AND active' : ''}) AS present`,
    [NAME],
  )
  if (rows[0]!.present) return null
  const { rows: defaults } = await client.query<{ column: string }>(
    `SELECT a.attname AS column FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      WHERE d.adrelid = 'public.ir_mail_server'::regclass`,
  )
  const filled = new Set([...known, ...defaults.map(({ column }) => column)])
  const others = inventory
    .columns('ir_mail_server')
    .filter((column) => required.has(`ir_mail_server.${column}`) && !filled.has(column))
  const { rowCount } = await client.query(
    `INSERT INTO public.ir_mail_server (${[...known, ...others].map(ident).join(', ')})
     SELECT ${[...known.map((column) => values[column]), ...others.map((column) => `o.${ident(column)}`)].join(', ')}
       ${others.length > 0 ? 'FROM public.ir_mail_server o ORDER BY o.id LIMIT 1' : ''}`,
  )
  return rowCount
    ? 'one that leads nowhere was added'
    : `none that leads nowhere could be added, because ${others.join(', ')} has to be filled`
}
