import { type CommitStageOptions, commitStrategies } from '@oncefold/simulator';
import type { StrategyName } from './simulation-names.ts';

/** What the stage of a strategy is made with; Powertools is loaded only where it is asked for. */
export async function commitStageOf(strategy: StrategyName): Promise<CommitStageOptions> {
  if (strategy !== 'powertools') {
    return commitStrategies[strategy];
  }
  const { powertoolsStage } = await import('@oncefold/simulator/powertools');
  return powertoolsStage();
}
