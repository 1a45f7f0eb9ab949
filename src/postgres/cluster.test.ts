import { expect, test } from 'vitest'
import { testServer } from '../../test/setup/databases.ts'

test('a scratch database belongs to a role that is no superuser and reaches no other database', async () => {
  const server = testServer()
  const [mine, other] = [await server.createScratch(), await server.createScratch()]
  try {
    await mine.with(async (client) => {
      const { rows } = await client.query(
        'SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user',
      )
      expect(rows).toEqual([{ rolsuper: false, rolcreatedb: false, rolcreaterole: false }])
      await client.query('CREATE TABLE t (id int)')
      await expect(client.query("COPY t FROM PROGRAM 'true'")).rejects.toThrow(/must be superuser/)
      await expect(client.query("SELECT pg_read_file('/etc/passwd')")).rejects.toThrow(/permission denied/)
    })
    const { connect } = await import('./server.ts')
    await expect(connect({ ...mine.address, database: other.address.database })).rejects.toMatchObject({
      code: 'CLUSTER:UNREACHABLE',
    })
  } finally {
    await Promise.all([mine.drop(), other.drop()])
  }
})
