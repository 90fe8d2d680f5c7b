import type { ComparisonParameters, StageCode, TransactionsCode } from '@oncefold/comparison';

/** What `oncefold compare` takes. */
export interface CompareOptions {
  /** 60 to 10,000; by default 400, with `quick` 120. */
  readonly messages?: number;
  readonly seed: number;
  /** By default all, as for all choices below. */
  readonly strategies?: ComparisonParameters['strategies'];
  readonly faults?: ComparisonParameters['faults'];
  readonly stage?: StageCode;
  readonly transactions?: TransactionsCode;
  readonly quick: boolean;
  readonly json: boolean;
  /** Folder of the report; by default, only a whole comparison is written. */
  readonly output?: string;
}
