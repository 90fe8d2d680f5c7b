import type { ComparedSum } from '../../sums/compare-sums.ts';

/** What the sums are compared with. */
export interface SumsSource {
  /** Says when and with what the sums were compared. */
  readonly describe: (time: string) => string;
  /** Whether a comparison reads every trade, so that it is made only when nothing is on its way. */
  readonly isCostly: boolean;
  /** Whether everything that the expected sums hold has been sent. */
  isComplete(): boolean;
  compare(signal: AbortSignal): Promise<readonly ComparedSum[]>;
}
