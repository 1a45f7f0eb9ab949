import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ServerUsage {
  /** Largest sum of the memory that the server's processes had each for themselves, MB. */
  ownMemory: number
  /** Largest part of the shared memory that one process had touched, MB. */
  sharedMemory: number
  /** Time on the processors, seconds. */
  cpu: number
}

/**
 * Watches the processes of a PostgreSQL server on this machine while work is done: what each has for itself is RssAnon of
 * /proc/PID/status, summed up twice a second; shared buffers count once.
 */
export async function watchServer<T>(
  dataFolder: string,
  work: () => Promise<T>,
): Promise<{ result: T; usage: ServerUsage }> {
  const postmaster = Number((await readFile(`${dataFolder}/postmaster.pid`, 'utf8')).split('\n')[0])
  const usage = { ownMemory: 0, sharedMemory: 0, cpu: 0 }
  const before = await look(postmaster)
  let working = true
  const watch = (async () => {
    while (working) {
      const { own, shared } = await look(postmaster)
      usage.ownMemory = Math.max(usage.ownMemory, own)
      usage.sharedMemory = Math.max(usage.sharedMemory, shared)
      await sleep(500)
    }
  })()
  try {
    const result = await work()
    usage.cpu = (await look(postmaster)).cpu - before.cpu
    return { result, usage }
  } finally {
    working = false
    await watch
  }
}

async function look(postmaster: number): Promise<{ own: number; shared: number; cpu: number }> {
  const sum = { own: 0, shared: 0, cpu: 0 }
  const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8')
  for (const pid of [String(postmaster), ...children.trim().split(' ')]) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    // It ended in the meantime.
    if (fields.length < 20) continue
    const isPostmaster = Number(pid) === postmaster
    // utime and stime in hundredths of a second; of processes that ended the postmaster has the sum.
    sum.cpu += (fields[11]! + fields[12]! + (isPostmaster ? fields[13]! + fields[14]! : 0)) / 100
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    const megabytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024
    sum.own += megabytes('RssAnon')
    sum.shared = Math.max(sum.shared, megabytes('RssShmem'))
  }
  return sum
}
