import type { StageCode } from '../report.ts';
import { mapWork } from './map-work.ts';
import { reduceWork } from './reduce-work.ts';
import type { Sums } from './sums.ts';
import { tradeChanges } from './trade-changes.ts';

/** The arithmetic before and after the deploy that changes it. */
export type ArithmeticVersion = 1 | 2;

/** One record of a stage's stream. */
export interface WorkRecord {
  /** As Lambda puts it into an event. */
  event(version: ArithmeticVersion): object;
  /** What it adds, by the truth's own arithmetic. */
  sums(version: ArithmeticVersion): Sums;
}

/** What the function of a stage has to do, the same for every strategy and fault. */
export interface StageWork {
  readonly stage: StageCode;
  /** A phrase. */
  readonly recordIs: string;
  readonly records: readonly WorkRecord[];
  /** Environment of the function, as far as it says how to sum. */
  environment(version: ArithmeticVersion): Readonly<Record<string, string>>;
}

/** Reduce batches hold few rows, as they do behind a map stage: so many rows there are at least in all. */
const ROWS = 42;

/**
 * Makes the work of a stage from a seed.
 *
 * @param options.messages - trade messages, 60 or more.
 */
export function stageWork(options: {
  readonly stage: StageCode;
  readonly messages: number;
  readonly seed: number;
}): StageWork {
  const changes = tradeChanges(options);
  return options.stage === 'map' ? mapWork(changes) : reduceWork(changes, ROWS);
}

/** Trade messages behind the work of the overheads; what they add is repeated under ever new record ids. */
const OVERHEAD_MESSAGES = 400;

/**
 * Makes work of any length for measuring: the same contributions again and again, each time as another record.
 *
 * @param options.records - how many records, 1 or more.
 */
export function overheadWork(options: {
  readonly stage: StageCode;
  readonly seed: number;
  readonly records: number;
}): StageWork {
  const { stage, seed, records } = options;
  const changes = tradeChanges({ messages: OVERHEAD_MESSAGES, seed });
  const perRecord = stage === 'map' ? 1 : Math.floor(changes.length / ROWS);
  const repeated = Array.from({ length: records * perRecord }, (_, at) => changes[at % changes.length]);
  const present = repeated.filter((change) => change !== undefined);
  return stage === 'map' ? mapWork(present) : reduceWork(present, records);
}
