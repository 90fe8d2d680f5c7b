import { resolve } from 'node:path';
import { strategyDescriptions } from '@oncefold/comparison/descriptions';
import type { SimulateOptions } from '../simulate-options.ts';
import { type StrategyName, stageDescriptions } from './simulation-names.ts';
import type { SimulationSource } from './simulation-source.ts';

/** What is simulated, one after the other; each with its own strategy. */
export function chooseSources({ module, stage, strategy }: SimulateOptions): readonly SimulationSource[] {
  if (module !== undefined) {
    return [{ kind: 'module', path: resolve(module) }];
  }
  const strategies = strategy === undefined ? stageDescriptions[stage].strategiesByDefault : [strategy];
  return strategies.map((each) => ({ kind: 'stage', stage, ...(each !== undefined && { strategy: each }) }));
}

/** Whether violations are a failure: what is one's own is meant to be exact, as are the strategies that promise it. */
export function promisesExactness(source: SimulationSource): boolean {
  return source.kind === 'module' || strategyPromisesExactness(source.strategy);
}

/** Whether a strategy promises to be exact; `undefined` is the choice of a stage that does. */
export function strategyPromisesExactness(strategy: StrategyName | undefined): boolean {
  return strategyDescriptions.find(({ code }) => code === strategy)?.promisesExactness ?? true;
}

/** How a source is called in a report: by its strategy where it has one. */
export function nameOf(source: SimulationSource): string {
  return source.kind === 'module' ? 'module' : (source.strategy ?? source.stage);
}
