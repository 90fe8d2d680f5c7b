import type { CommandContext } from '../command-line/command.ts';
import type { SimulateOptions } from './simulate-options.ts';

/**
 * `oncefold simulate`: makes histories of thousands of seeds, or of all small worlds, and checks each; or tells one of them.
 *
 * @returns the exit status: 0 when no promise was broken, 1 when one was
 */
export async function simulateCommand(options: SimulateOptions, context: CommandContext): Promise<number> {
  const { seed, world, exhaustive } = options;
  if (world !== undefined) {
    const { replayWorldHistory } = await import('./exhaustive/replay-world-history.ts');
    return replayWorldHistory({ ...options, world }, context);
  }
  if (exhaustive) {
    const { searchWorlds } = await import('./exhaustive/search-worlds.ts');
    return searchWorlds(options, context);
  }
  if (seed !== undefined) {
    const { replaySeed } = await import('./replay/replay-seed.ts');
    return replaySeed({ ...options, seed }, context);
  }
  const { runSimulations } = await import('./run-simulations.ts');
  return runSimulations(options, context);
}
