import { Command, type CommanderError, Option } from 'commander'
import { UpliftError } from '../errors.ts'
import { addConsoleCommands } from './console/program.ts'
import type { Context, GlobalOptions } from './context.ts'
import { addContractCommands } from './contract/program.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { addRemote } from './remote/program.ts'
import { asJobs, asPostgresql, asRows } from './values.ts'

/** Gives a command its context and takes its exit code. */
export type Launch = (options: GlobalOptions, work: (context: Context) => Promise<ExitCode>) => Promise<void>

/** Makes the action of a command out of what it does, by giving it its context. */
export type Action = <Args extends unknown[]>(
  work: (context: Context, ...args: Args) => Promise<ExitCode>,
) => (...args: [...Args, ...unknown[]]) => Promise<void>

const series = '"8.0", "17.0" and so on'

/**
 * The command line: names, arguments and options. What a command does stands in its own file and is loaded when it is
 * called, so that help and errors of usage come at once.
 */
export function buildProgram(launch: Launch): Command {
  const program = new Command('uplift')
    .description('Upgrades OpenERP and Odoo databases from dump to dump.')
    .option('--json', 'write JSON for programs to standard output')
    .option('--verbose', 'show where a failure happened')
    .option('--data <folder>', 'folder for scratch databases and references (UPLIFT_DATA; default ./var)')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', `\nExit codes:\n${exitTable()}`)

  const action: Action =
    <Args extends unknown[]>(work: (context: Context, ...args: Args) => Promise<ExitCode>) =>
    (...args: [...Args, ...unknown[]]) =>
      launch(program.opts<GlobalOptions>(), (context) => work(context, ...(args as unknown as Args)))

  program
    .command('inspect')
    .description('say what a dump holds, without restoring it')
    .argument('<file>', 'dump or backup in any form')
    .action(
      action(async (context, file: string) =>
        (await import('./commands/inspect.ts')).inspectCommand(context, file),
      ),
    )

  program
    .command('upgrade')
    .description('upgrade a dump to a newer version')
    .argument('<file>', 'dump or backup in any form')
    .requiredOption('--to <series>', `version to upgrade to: ${series}`)
    .requiredOption('-o, --out <path>', 'dump to write; it appears only when it is complete')
    .option(
      '--reference <dump>',
      'dump of a fresh database of the target version; default: the one added before, else the built-in catalogue',
    )
    .option('--catalogue-only', 'take no reference, even where one was added')
    .addOption(
      new Option(
        '--format <format>',
        'form of the dump to write; default: by the name of the output, else custom',
      ).choices(['custom', 'directory', 'tar', 'plain', 'zip']),
    )
    .option(
      '--postgresql <version>',
      'PostgreSQL that has to restore the result, 9.0 to 18; default: that of the source',
      asPostgresql,
    )
    .option('--report <file>', 'write a report for people, as one HTML file')
    .option('--notes <file>', 'write the same report for programs, as JSON')
    .addOption(
      new Option('--aim <aim>', 'test: neutralised, violations are warnings; production: violations fail')
        .choices(['test', 'production'])
        .default('test'),
    )
    .option('--filestore <folder>', "the source's filestore, where the dump does not carry it")
    .option('--jobs <number>', 'connections that work at the same time; default: one a core', asJobs)
    .option('--force', 'replace files that exist already')
    .action(
      action(async (context, file: string, options: import('./commands/upgrade.ts').UpgradeFlags) =>
        (await import('./commands/upgrade.ts')).upgradeCommand(context, file, options),
      ),
    )

  program
    .command('verify')
    .description('hold an upgraded dump against a fresh database of its version')
    .argument('<dump>', 'the upgraded dump')
    .requiredOption('--against <reference>', 'dump of a fresh database of the same version')
    .option('--before <source>', 'the dump before the upgrade, to compare records and sums')
    .action(
      action(async (context, file: string, options: { against: string; before?: string }) =>
        (await import('./commands/verify.ts')).verifyCommand(context, file, options),
      ),
    )

  const catalogue = program.command('catalogue').description('what each version of Odoo looks like')
  catalogue
    .command('show')
    .description('say what the built-in catalogue of a version knows')
    .argument('<series>', series)
    .action(
      action(async (context, name: string) =>
        (await import('./commands/catalogue-show.ts')).catalogueShowCommand(context, name),
      ),
    )
  catalogue
    .command('extract')
    .description('make a catalogue from a fresh database')
    .argument('<dump>', 'dump of a fresh database')
    .requiredOption('-o, --out <file>', 'catalogue to write')
    .option('--force', 'replace a file that exists already')
    .action(
      action(async (context, dump: string, options: { out: string; force?: boolean }) =>
        (await import('./commands/catalogue-make.ts')).catalogueExtractCommand(context, dump, options),
      ),
    )
  catalogue
    .command('build')
    .description(
      'make the complete catalogue of a version from a fresh database and the facts of its sources',
    )
    .argument('<series>', series)
    .argument('<dump>', 'dump of a fresh database')
    .requiredOption('--facts <folder>', 'folder of facts; see docs/catalogues.md')
    .requiredOption('-o, --out <file>', 'catalogue to write')
    .option('--force', 'replace a file that exists already')
    .action(
      action(
        async (
          context,
          name: string,
          dump: string,
          options: { facts: string; out: string; force?: boolean },
        ) =>
          (await import('./commands/catalogue-make.ts')).catalogueBuildCommand(context, name, dump, options),
      ),
    )

  const reference = program.command('reference').description('fresh databases to upgrade towards')
  reference
    .command('add')
    .description('keep a fresh database of a version for all upgrades to it')
    .argument('<series>', series)
    .argument('<dump>', 'dump of a fresh database without demo data')
    .action(
      action(async (context, name: string, dump: string) =>
        (await import('./commands/reference.ts')).referenceAddCommand(context, name, dump),
      ),
    )
  reference
    .command('list')
    .description('say which references are kept')
    .action(
      action(async (context) => (await import('./commands/reference.ts')).referenceListCommand(context)),
    )
  reference
    .command('remove')
    .description('forget the reference of a version')
    .argument('<series>', series)
    .action(
      action(async (context, name: string) =>
        (await import('./commands/reference.ts')).referenceRemoveCommand(context, name),
      ),
    )

  program
    .command('sample')
    .description('make a small database of an old version, to try an upgrade with')
    .requiredOption('-o, --out <file>', 'dump to write')
    .option('--series <series>', `version of the sample: ${series}`, '7.0')
    .option('--rows <number>', 'records of an ordinary kind; documents have more', asRows, 200)
    .option('--force', 'replace a file that exists already')
    .action(
      action(async (context, options: import('./commands/sample.ts').SampleFlags) =>
        (await import('./commands/sample.ts')).sampleCommand(context, options),
      ),
    )

  program
    .command('serve')
    .description('serve the platform: the API, and workers for it')
    .option('--host <address>', 'address to listen on (UPLIFT_HOST; default 127.0.0.1)')
    .option('--port <number>', 'port to listen on (UPLIFT_PORT; default 8090)')
    .action(
      action(async (context, options: import('./commands/serve.ts').ServeFlags) =>
        (await import('./commands/serve.ts')).serveCommand(context, options),
      ),
    )

  program
    .command('worker')
    .description('work off requests of a platform; several workers share its queue')
    .option('--concurrency <number>', 'upgrades at the same time (UPLIFT_CONCURRENCY; default 2)', asJobs)
    .action(
      action(async (context, options: import('./commands/worker.ts').WorkerFlags) =>
        (await import('./commands/worker.ts')).workerCommand(context, options),
      ),
    )

  addContractCommands(program, action)
  addConsoleCommands(program, action)

  program
    .command('doctor')
    .description('say whether this machine is fit for upgrades')
    .action(action(async (context) => (await import('./commands/doctor.ts')).doctorCommand(context)))

  addRemote(program, action)

  takeUsageErrors(program)
  return program
}

function exitTable(): string {
  return Object.entries(exitCodes)
    .map(([code, meaning]) => `  ${code.padEnd(4)} ${meaning}\n`)
    .join('')
}

/** A wrong call is an UpliftError like any other failure; help that was asked for is none. */
function takeUsageErrors(command: Command): void {
  command.configureOutput({ outputError: () => {} }).exitOverride((error: CommanderError) => {
    if (error.exitCode === 0) process.exit(0)
    if (error.code === 'commander.help') process.exit(2)
    throw new UpliftError(
      'USAGE:INVALID',
      `${error.message.replace(/^error: /, '').replace(/\.?$/, '.')} Call it with --help.`,
    )
  })
  for (const child of command.commands) takeUsageErrors(child)
}
