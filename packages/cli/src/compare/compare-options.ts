import type { FaultCode, StageCode, StrategyCode, TransactionsCode } from '@oncefold/comparison';

/** What `oncefold compare` takes. */
export interface CompareOptions {
  /** 60 to 10,000; by default 400, and 120 in a hurry. */
  readonly messages?: number;
  readonly seed: number;
  /** All when absent. */
  readonly strategies?: readonly StrategyCode[];
  /** All when absent. */
  readonly faults?: readonly FaultCode[];
  /** Both when absent. */
  readonly stage?: StageCode;
  /** Both kinds of batches when absent. */
  readonly transactions?: TransactionsCode;
  readonly quick: boolean;
  readonly json: boolean;
  /** Folder for the report; when absent, only a whole comparison is written, to the default folder. */
  readonly output?: string;
}
