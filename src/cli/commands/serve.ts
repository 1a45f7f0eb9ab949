import { loadSettings } from '../../config/settings.ts'
import { serve } from '../../serve/serve.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'

export interface ServeFlags {
  host?: string
  port?: string
}

/** Serves the platform until it is told to stop; that is how it is meant to end. */
export async function serveCommand(context: Context, flags: ServeFlags): Promise<ExitCode> {
  const settings = await loadSettings(context.env, { ...flags, data: context.data })
  const service = await serve(settings)
  const url = settings.publicUrl ?? service.address
  const setup = service.setupToken === null ? null : `${url}/console/setup?token=${service.setupToken}`
  if (context.json)
    context.print({
      event: 'served',
      address: service.address,
      url,
      pid: process.pid,
      ...(setup ? { setup } : {}),
    })
  else {
    context.say(`Uplift is served at ${service.address}`)
    if (url !== service.address) context.say(`  known to the world as ${url}`)
    context.say(`  API      ${url}/database/v1/create, described at ${url}/api`)
    context.say(setup ? `  console  set the operator's password at ${setup}` : `  console  ${url}/console`)
    if (service.madeTrialContract)
      context.say('  contract M123456-abcdef, made for trials because none was registered')
  }
  await new Promise<void>((done) => {
    if (context.signal.aborted) done()
    else context.signal.addEventListener('abort', () => done(), { once: true })
  })
  await service.stop()
  return 0
}
