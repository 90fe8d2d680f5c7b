import { Command } from 'commander';
import { registerCheck } from '../check/register-check.ts';
import { registerCompare } from '../compare/register-compare.ts';
import { registerDemo } from '../demo/register-demo.ts';
import { registerRebuild } from '../rebuild/register-rebuild.ts';
import { registerRedrive } from '../redrive/register-redrive.ts';
import { registerSimulate } from '../simulate/register-simulate.ts';
import { registerUp } from '../up/register-up.ts';
import { registerWorkshop } from '../workshop/register-workshop.ts';
import type { RunCommand } from './command.ts';

const commands = [
  registerDemo,
  registerUp,
  registerCheck,
  registerRebuild,
  registerRedrive,
  registerCompare,
  registerSimulate,
  registerWorkshop,
];

export function createCommandLine(version: string, run: RunCommand): Command {
  const program = new Command('oncefold')
    .description('Folds a stream into DynamoDB aggregates, exactly once, on engines of your own machine.')
    .version(version)
    .helpOption('-h, --help', 'show what there is to choose')
    .configureHelp({ minWidthToWrap: 30 })
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(`${text.trim().replaceAll(/\s*\n\s*/g, ' ')}\n`),
    });
  for (const register of commands) {
    register(program, run);
  }
  return program;
}
