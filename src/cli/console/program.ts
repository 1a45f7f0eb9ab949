import type { Command } from 'commander'
import type { Action } from '../program.ts'

/** The commands about the console of a platform that is served here. */
export function addConsoleCommands(program: Command, action: Action): void {
  const console = program.command('console').description("the operator's pages of the platform")

  console
    .command('password')
    .description('set the password of the console, and end all its sessions')
    .addHelpText('after', '\nThe password is asked for, or read as the first line of standard input.')
    .action(
      action(async (context) =>
        (await import('../commands/console-password.ts')).consolePasswordCommand(context),
      ),
    )
}
