import { type ReplayedWorld, replayWorld } from '@oncefold/simulator';
import type { WorldHistory } from '../simulate-options.ts';
import { commitStageOf } from '../simulations/commit-stage-of.ts';
import type { StrategyName } from '../simulations/simulation-names.ts';
import { timelineLines } from '../view/timeline-view.ts';
import { worldReplayCommand } from './world-history.ts';

/** A history of a small world, in words. */
export interface ToldWorldHistory extends ReplayedWorld {
  /** One line a step; each decision takes a millisecond. */
  readonly timeline: readonly string[];
  readonly replay: string;
}

/** Makes a history of a small world again, and tells it. */
export async function tellWorldHistory(
  strategy: StrategyName,
  named: WorldHistory,
): Promise<ToldWorldHistory> {
  const { history, ...found } = await replayWorld(named, await commitStageOf(strategy));
  // The search knows the last observation and the end alone, and counts events from there.
  const violations = found.violations.map((each) => ({ ...each, event: history.length - 2 + each.event }));
  const replayed = { ...found, history, violations };
  return { ...replayed, timeline: timelineLines(replayed), replay: worldReplayCommand(strategy, named) };
}
