import { UpliftError } from '../../errors.ts'
import { LONGEST_PASSWORD, passwordProblem, SHORTEST_PASSWORD, setPassword } from '../../operator/password.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'
import { withServiceDatabase } from '../service-database.ts'
import { readSecret } from '../terminal/secret.ts'

/** Sets the operator's password, also a forgotten one: who may run this may read the database anyway. */
export async function consolePasswordCommand(
  context: Context,
  input: NodeJS.ReadStream = process.stdin,
): Promise<ExitCode> {
  const password = await readSecret(input, 'New password of the console: ', context.signal)
  if (passwordProblem(password) !== null)
    throw new UpliftError(
      'USAGE:INVALID',
      `The password has to have ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters.`,
    )
  if (input.isTTY && (await readSecret(input, 'The same again: ', context.signal)) !== password)
    throw new UpliftError('USAGE:INVALID', 'The two passwords are not the same: nothing was changed.')
  await withServiceDatabase(context, (database) => setPassword(database, password))
  if (context.json) context.print({ event: 'result', set: true })
  else context.say('The password of the console is set; all its sessions have ended.')
  return 0
}
