import type { CommandContext } from '../command-line/command.ts';
import { replaySeed } from './replay/replay-seed.ts';
import { runSimulations } from './run-simulations.ts';
import type { SimulateOptions } from './simulate-options.ts';

/**
 * `oncefold simulate`: makes histories of thousands of seeds and checks each; with `--seed`, tells one of them.
 *
 * @returns the exit status: 0 when no promise was broken, 1 when one was
 */
export function simulateCommand(options: SimulateOptions, context: CommandContext): Promise<number> {
  return options.seed === undefined
    ? runSimulations(options, context)
    : replaySeed({ ...options, seed: options.seed }, context);
}
