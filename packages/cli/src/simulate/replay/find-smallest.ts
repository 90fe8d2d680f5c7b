import { runHistory, type Scenario, shrinkScenario } from '@oncefold/simulator';
import type { CommandContext } from '../../command-line/command.ts';
import type { SimulateOptions } from '../simulate-options.ts';
import type { Finding } from '../simulate-result.ts';
import { loadSimulation, type SimulationSource } from '../simulations/simulation-source.ts';
import { timelineLines } from '../view/timeline-view.ts';
import { createAbortableTurn } from './abortable-turn.ts';
import { replayCommand } from './scenario.ts';
import { loadPage, showPage } from './show-page.ts';

/**
 * Makes a violating history as small as it gets.
 *
 * @returns the small one, told step by step; nothing when it does not go wrong again, or when the command was ended meanwhile
 */
export async function findSmallest(
  {
    source,
    seed,
    options,
  }: { readonly source: SimulationSource; readonly seed: number; readonly options: SimulateOptions },
  { terminal, lifetime }: CommandContext,
): Promise<Finding | undefined> {
  terminal.note(`making the history of seed ${seed} small …`);
  const turn = createAbortableTurn(lifetime.signal);
  const simulation = await loadSimulation(source);
  try {
    const given = await runHistory(simulation, { seed, faults: options.faults }, { turn });
    if (given.violations.length === 0) {
      terminal.note(
        `the history of seed ${seed} goes wrong in a worker only: the simulation is not the same each time`,
      );
      return undefined;
    }
    const { result: small, tries } = await shrinkScenario(simulation, given, { turn });
    // Exactly what is left, so that the command names no fault that does not happen any more.
    const scenario: Scenario = {
      ...small.scenario,
      keptFaults: new Set(small.faults),
      limits: { ...small.scenario.limits, keptRecords: new Set(small.records) },
    };
    const result = await runHistory(simulation, scenario, { turn, isDetailed: true });
    const page = await showPage(() => loadPage(source, result), options, terminal);
    return {
      seed,
      violations: result.violations,
      scenario: result.scenario,
      records: [given.records.length, result.records.length],
      faults: [given.faults.length, result.faults.length],
      tries,
      timeline: timelineLines(result),
      replay: replayCommand(source, result.scenario),
      ...(page !== undefined && { page }),
    };
  } catch (error) {
    if (lifetime.signal.aborted) {
      return undefined;
    }
    throw error;
  }
}
