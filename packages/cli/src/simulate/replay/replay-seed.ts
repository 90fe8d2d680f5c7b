import { runHistory } from '@oncefold/simulator';
import type { CommandContext } from '../../command-line/command.ts';
import { exitStatus } from '../../command-line/exit-status.ts';
import type { SimulateOptions } from '../simulate-options.ts';
import { chooseSources, promisesExactness } from '../simulations/choose-sources.ts';
import { loadSimulation } from '../simulations/simulation-source.ts';
import { replayView } from '../view/replay-view.ts';
import { historyToJson } from '../view/result-to-json.ts';
import { createAbortableTurn } from './abortable-turn.ts';
import { scenarioOf } from './scenario.ts';
import { loadPage, showPage } from './show-page.ts';

/** Makes the history of one seed again, to the byte, and tells it. */
export async function replaySeed(
  options: SimulateOptions & { readonly seed: number },
  { terminal, lifetime }: CommandContext,
): Promise<number> {
  // One history is told, not two: of several strategies the first one.
  const [source] = chooseSources(options);
  if (source === undefined) {
    throw new Error('invariant: there is always something to simulate');
  }
  const simulation = await loadSimulation(source);
  const result = await runHistory(simulation, scenarioOf(options.seed, options), {
    turn: createAbortableTurn(lifetime.signal),
    isDetailed: true,
  });
  terminal.answer(
    options.json
      ? JSON.stringify(historyToJson(source, result))
      : replayView(source, result, terminal.palette),
  );
  await showPage(() => loadPage(source, result), options, terminal);
  return result.violations.length > 0 && promisesExactness(source) ? exitStatus.different : exitStatus.exact;
}
