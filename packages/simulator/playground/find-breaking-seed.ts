import {
  commitStage,
  commitStrategies,
  createTurn,
  type FaultKind,
  runSeeds,
  type StrategyName,
} from '../src/index.ts';

/** Seeds of one slice; between slices the page draws and listens. */
const SLICE = 48;

/** What a search has found. */
export type SearchResult =
  | { readonly code: 'found'; readonly seed: number }
  | { readonly code: 'none' }
  | { readonly code: 'cancelled' };

/**
 * Finds the first seed from `from` on whose history is wrong.
 *
 * @param options.count - seeds that are tried at most
 * @param options.pause - lets the page do its own work
 */
export async function findBreakingSeed(options: {
  readonly strategy: StrategyName;
  readonly faults: readonly FaultKind[];
  readonly from: number;
  readonly count: number;
  readonly signal: AbortSignal;
  readonly onProgress: (tried: number) => void;
  readonly pause: () => Promise<void>;
}): Promise<SearchResult> {
  const { strategy, faults, from, count, signal, onProgress, pause } = options;
  const simulation = commitStage(commitStrategies[strategy]);
  const turn = createTurn();
  for (let tried = 0; tried < count; tried += SLICE) {
    if (signal.aborted) {
      return { code: 'cancelled' };
    }
    const { violating } = await runSeeds(simulation, {
      from: from + tried,
      count: Math.min(SLICE, count - tried),
      faults,
      turn,
    });
    const [first] = violating;
    if (first !== undefined) {
      return { code: 'found', seed: first.seed };
    }
    onProgress(Math.min(tried + SLICE, count));
    await pause();
  }
  return { code: 'none' };
}
