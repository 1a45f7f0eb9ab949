import type { Command } from 'commander'
import type { ContractFlags } from '../commands/contract-add.ts'
import type { Action } from '../program.ts'

/** The commands about the contracts of a platform that is served here. */
export function addContractCommands(program: Command, action: Action): void {
  const contract = program.command('contract').description('who may send requests to the platform')

  contract
    .command('add')
    .description('add a contract, or restore one that was revoked')
    .argument('<code>', 'what its owner has to give, as M123456-abcdef')
    .option('--name <text>', 'whose it is')
    .option('--email <address>', 'where its owner can be reached')
    .option('--expires <date>', 'its last day, as 2027-12-31; default: none')
    .option('--max-in-progress <number>', 'requests at work at the same time; default: no limit')
    .option('--max-bytes <size>', 'one upload at most, as 5GB; default: the limit of the platform')
    .action(
      action(async (context, code: string, flags: ContractFlags) =>
        (await import('../commands/contract-add.ts')).contractAddCommand(context, code, flags),
      ),
    )

  contract
    .command('list')
    .description('show all contracts with their requests and stored bytes')
    .action(
      action(async (context) => (await import('../commands/contract-list.ts')).contractListCommand(context)),
    )

  contract
    .command('revoke')
    .description('end a contract; its requests stay')
    .argument('<code>', 'the contract')
    .action(
      action(async (context, code: string) =>
        (await import('../commands/contract-revoke.ts')).contractRevokeCommand(context, code),
      ),
    )

  contract
    .command('import')
    .description('add and update contracts from a CSV file; all of it, or nothing')
    .argument('<file>', 'UTF-8, with the columns code,name,email,expires,max_in_progress,max_bytes')
    .action(
      action(async (context, file: string) =>
        (await import('../commands/contract-import.ts')).contractImportCommand(context, file),
      ),
    )
}
