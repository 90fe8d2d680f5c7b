import { strategyDescriptions } from '@oncefold/comparison/descriptions';
import type { HistoryResult } from '@oncefold/simulator';
import { timelinePage } from '@oncefold/simulator/timeline';
import { replayCommand } from '../replay/scenario.ts';
import { nameOf } from '../simulations/choose-sources.ts';
import type { SimulationSource } from '../simulations/simulation-source.ts';

/** The timeline of a history that was recorded in detail, as one self-contained page. */
export function historyPage(source: SimulationSource, result: HistoryResult): string {
  const { history, violations, scenario } = result;
  const strategy = source.kind === 'stage' ? source.strategy : undefined;
  return timelinePage({
    history,
    violations,
    title: `${strategy === undefined ? nameOf(source) : `strategy ${strategy}`}, seed ${scenario.seed}`,
    description: strategyDescriptions.find(({ code }) => code === strategy)?.guard,
    command: replayCommand(source, scenario),
  });
}
