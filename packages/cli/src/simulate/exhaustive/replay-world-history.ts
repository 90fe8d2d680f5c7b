import { smallWorlds } from '@oncefold/simulator';
import type { CommandContext } from '../../command-line/command.ts';
import { CouldNotRunError } from '../../command-line/could-not-run-error.ts';
import { exitStatus } from '../../command-line/exit-status.ts';
import type { SimulateOptions, WorldHistory } from '../simulate-options.ts';
import { strategyPromisesExactness } from '../simulations/choose-sources.ts';
import { worldHistoryView } from './search-view.ts';
import { tellWorldHistory } from './tell-world-history.ts';

/** `--world`: makes one history of a small world again, and tells it. */
export async function replayWorldHistory(
  { world, strategy = 'ledger', json }: SimulateOptions & { readonly world: WorldHistory },
  { terminal }: CommandContext,
): Promise<number> {
  const worlds = smallWorlds().length;
  if (world.world >= worlds) {
    throw new CouldNotRunError(`there is no small world ${world.world}: they go from 0 to ${worlds - 1}`);
  }
  let told: Awaited<ReturnType<typeof tellWorldHistory>>;
  try {
    told = await tellWorldHistory(strategy, world);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CouldNotRunError(`the history cannot be made: ${reason}`, { cause });
  }
  terminal.answer(
    json ? JSON.stringify({ strategy, ...world, told }) : worldHistoryView(told, terminal.palette),
  );
  return told.violations.length > 0 && strategyPromisesExactness(strategy)
    ? exitStatus.different
    : exitStatus.exact;
}
