import type { StageCode, TransactionsCode } from '../report/comparison-report.ts';
import type { Sums } from './sums.ts';

/** The arithmetic before and after the deployment that changes it. */
export type ArithmeticVersion = 1 | 2;

/** One record of a stage's stream. */
export interface InputRecord {
  /** As Lambda puts it into an event. */
  event(version: ArithmeticVersion): object;
  /** What it adds, computed independently of the function. */
  sums(version: ArithmeticVersion): Sums;
}

/** The input of one stage, the same for every strategy and fault. */
export interface StageInput {
  readonly stage: StageCode;
  /** How many transactions a batch needs. */
  readonly transactions: TransactionsCode;
  readonly batchRecordsMax: number;
  /** A phrase, such as `change of a trade`. */
  readonly recordIs: string;
  readonly records: readonly InputRecord[];
  /** The part of the function's environment that decides how records are summed. */
  environment(version: ArithmeticVersion): Readonly<Record<string, string>>;
}

/** Consecutive records: those from `from` up to, but not including, `to`. */
export interface Slice {
  readonly from: number;
  readonly to: number;
}

/** Room for every scenario of the fault `everything`, and for some batches without a fault. */
const BATCHES_MIN = 14;

/** Cuts the records into batches of about equal length, as the stage's mapping does when nothing fails. */
export function cutBatches({ records, batchRecordsMax }: StageInput): Slice[] {
  const { length } = records;
  if (length < 2 * BATCHES_MIN) {
    throw new Error(`invariant: ${length} records are too few for ${BATCHES_MIN} batches`);
  }
  const count = Math.max(BATCHES_MIN, Math.ceil(length / batchRecordsMax));
  return Array.from({ length: count }, (_, at) => ({
    from: Math.floor((at * length) / count),
    to: Math.floor(((at + 1) * length) / count),
  }));
}
