import { readdir, readFile, readlink } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * Ends the processes of a server whose postmaster was killed. A busy one may not notice for long that it is alone, and no
 * new server starts on its memory meanwhile. They stand in the data folder, which is how they are told; only on Linux.
 */
export async function endLeftovers(data: string): Promise<void> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const left = await processesIn(data)
    if (left.length === 0 || Date.now() > deadline) return
    for (const pid of left)
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // Gone by itself.
      }
    await pause(50)
  }
}

async function processesIn(folder: string): Promise<number[]> {
  const found: number[] = []
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue
    const cwd = await readlink(`/proc/${name}/cwd`).catch(() => '')
    if (cwd !== folder) continue
    const command = await readFile(`/proc/${name}/comm`, 'utf8').catch(() => '')
    if (command.startsWith('postgres')) found.push(Number(name))
  }
  return found
}

/** Whether the process that a data folder names as its postmaster is alive and really is one. */
export async function postmasterLives(data: string): Promise<boolean> {
  const pid = Number((await readFile(`${data}/postmaster.pid`, 'utf8').catch(() => '')).split('\n')[0])
  return pid > 0 && (await processesIn(data)).includes(pid)
}
