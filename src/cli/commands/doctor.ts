import type { Context } from '../context.ts'
import type { Finding } from '../doctor/finding.ts'
import {
  examineDataFolder,
  examineDisk,
  examineMemory,
  examineRuntime,
  examineTools,
} from '../doctor/machine.ts'
import { examinePrograms, examineServer } from '../doctor/postgresql.ts'
import { examineService } from '../doctor/service.ts'
import type { ExitCode } from '../exit.ts'

const marks: Record<Finding['state'], string> = { ok: 'ok     ', warning: 'WARNING', failed: 'FAILED ' }

export async function doctorCommand(context: Context): Promise<ExitCode> {
  const folder = await context.dataFolder()
  const findings: Finding[] = [
    examineRuntime(),
    ...(await examinePrograms(context.env)),
    examineMemory(),
    await examineDisk(folder),
    await examineDataFolder(folder),
    await examineTools(),
  ]
  // A server that cannot be started for a reason that is known already would only say it again.
  if (findings.every(({ state }) => state !== 'failed'))
    findings.push(await examineServer(folder, context.env))
  findings.push(...(await examineService(context.env, context.data)))
  const fit = findings.every(({ state }) => state !== 'failed')
  if (context.json) context.print({ fit, findings })
  else {
    for (const { name, state, message, advice } of findings) {
      context.say(`${marks[state]} ${name.padEnd(20)} ${message}`)
      if (advice) context.say(`${' '.repeat(29)}→ ${advice}`)
    }
    context.say(fit ? 'This machine is fit for upgrades.' : 'This machine is not fit yet.')
  }
  return fit ? 0 : 7
}
