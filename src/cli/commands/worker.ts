import { workerProcess } from '../../serve/worker-process.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'

export interface WorkerFlags {
  concurrency?: number
}

/** Works off requests until it is told to stop; what is under way goes on in another worker, or here next time. */
export async function workerCommand(context: Context, flags: WorkerFlags): Promise<ExitCode> {
  await workerProcess(
    {
      data: context.data,
      ...(flags.concurrency === undefined ? {} : { concurrency: flags.concurrency }),
    },
    context.env,
    context.signal,
  )
  return 0
}
