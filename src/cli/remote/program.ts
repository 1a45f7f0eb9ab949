import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import { type FileRole, fileRoles } from '../../sdk/index.ts'
import type { AllFlags } from '../commands/remote-all.ts'
import type { WishFlags } from '../commands/remote-create.ts'
import type { DownloadFlags, StepFlags } from '../commands/remote-steps.ts'
import type { Action } from '../program.ts'

/** The commands that work with an upgrade platform somewhere else. */
export function addRemote(program: Command, action: Action): void {
  const remote = program.command('remote').description('upgrade with an upgrade platform somewhere else')

  withWish(withUrl(remote.command('create')))
    .description('create a request; its key is saved for the other commands')
    .requiredOption('--filename <name>', 'name for the dump, for your information')
    .action(
      action(async (context, flags: WishFlags & { filename: string }) =>
        (await import('../commands/remote-create.ts')).remoteCreateCommand(context, flags),
      ),
    )

  withAccess(withUrl(remote.command('upload')))
    .description('upload the dump of a request')
    .argument('<file>', 'dump or backup in any form')
    .action(
      action(async (context, file: string, flags: StepFlags) =>
        (await import('../commands/remote-steps.ts')).remoteUploadCommand(context, file, flags),
      ),
    )

  withAccess(withUrl(remote.command('process')))
    .description('have a request processed')
    .action(
      action(async (context, flags: StepFlags) =>
        (await import('../commands/remote-steps.ts')).remoteProcessCommand(context, flags),
      ),
    )

  withAccess(withUrl(remote.command('status')))
    .description('say how far a request is')
    .action(
      action(async (context, flags: StepFlags) =>
        (await import('../commands/remote-steps.ts')).remoteStatusCommand(context, flags),
      ),
    )

  withAccess(withUrl(remote.command('download')))
    .description('download a file of a request; goes on with a download that broke')
    .addArgument(new Argument('[what]', 'which of its files').choices(fileRoles).default('upgraded_dump'))
    .requiredOption('-o, --out <file>', 'file to write; it appears only when it is complete')
    .option('--no-resume', 'begin anew even where a broken download left a part')
    .option('--force', 'replace a file that exists already')
    .action(
      action(async (context, role: FileRole, flags: DownloadFlags) =>
        (await import('../commands/remote-steps.ts')).remoteDownloadCommand(context, role, flags),
      ),
    )

  withWish(withUrl(remote.command('all')))
    .description('create, upload, process, wait and download; called again, it goes on where it stopped')
    .argument('<file>', 'dump or backup in any form')
    .requiredOption('-o, --out <file>', 'file to write; it appears only when it is complete')
    .option('--report <file>', 'download the notes about the upgrade too')
    .option('--force', 'replace files that exist already')
    .action(
      action(async (context, file: string, flags: AllFlags) =>
        (await import('../commands/remote-all.ts')).remoteAllCommand(context, file, flags),
      ),
    )
}

function withUrl(command: Command): Command {
  return command.addOption(
    new Option('--url <address>', 'address of the upgrade platform')
      .env('UPLIFT_REMOTE_URL')
      .makeOptionMandatory(),
  )
}

function withWish(command: Command): Command {
  return command
    .requiredOption('--contract <code>', 'your contract')
    .requiredOption('--email <address>', 'where the platform writes to you')
    .requiredOption('--to <series>', 'version to upgrade to: "8.0", "17.0" and so on')
    .addOption(
      new Option('--aim <aim>', 'test: neutralised; production: not')
        .choices(['test', 'production'])
        .default('test'),
    )
    .option('--timezone <name>', "the server's timezone; only for versions before 6.1")
}

function withAccess(command: Command): Command {
  return command
    .option('--request <id>', 'number of the request; default: the one that was made last', asRequest)
    .option(
      '--key <key>',
      'its key, where it is not saved; better in UPLIFT_KEY: options can be seen by others',
    )
}

function asRequest(value: string): number {
  if (!/^[1-9]\d{0,14}$/.test(value)) throw new InvalidArgumentError('Give the number of a request.')
  return Number(value)
}
