import type { HistoryResult, Scenario } from '@oncefold/simulator';
import { isBroken, type SimulateResult } from '../simulate-result.ts';
import type { SimulationSource } from '../simulations/simulation-source.ts';
import { perSecond } from './progress-view.ts';

/** Puts what all histories have come to into a form for programs. */
export function resultToJson(result: SimulateResult): unknown {
  const { runs, ...settings } = result;
  return {
    // What was found before an interrupt stands; what was not, says nothing.
    verdict: isBroken(result) ? 'broken' : result.isInterrupted ? 'interrupted' : 'kept',
    ...settings,
    runs: runs.map(({ source, promise, elapsedMs, tally, missed, finding }) => ({
      ...sourceToJson(source),
      promise,
      elapsedMs: Math.round(elapsedMs),
      historiesPerSecond: perSecond(tally.histories, elapsedMs),
      ...tally,
      missed,
      ...(finding && { finding: { ...finding, scenario: scenarioToJson(finding.scenario) } }),
    })),
  };
}

/** Puts one history into a form for programs; the same history is the same text, to the byte. */
export function historyToJson(source: SimulationSource, result: HistoryResult): unknown {
  const { scenario, violations, faults, met, records, events, history } = result;
  return {
    ...sourceToJson(source),
    scenario: scenarioToJson(scenario),
    violations,
    faults,
    records,
    events,
    met: [...met].sort(),
    history,
  };
}

function sourceToJson(source: SimulationSource): object {
  return source.kind === 'module'
    ? { module: source.path }
    : { stage: source.stage, strategy: source.strategy };
}

function scenarioToJson({ seed, faults, keptFaults, limits = {} }: Scenario): object {
  const { keptRecords, ...most } = limits;
  return {
    seed,
    faults,
    keptFaults: keptFaults && [...keptFaults],
    keptRecords: keptRecords && [...keptRecords],
    ...most,
  };
}
