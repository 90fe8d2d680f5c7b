import type { OutcomeCounts } from '@oncefold/trades';
import type { LiveBatch, LiveStage } from '../board/live-board.ts';

/** A stage with what its mappings have not done. */
export interface StageView extends LiveStage {
  /** How it is called on the page. */
  readonly name: string;
  /** What it reads. */
  readonly sources: readonly { readonly kind: 'stream' | 'table' | 'queue'; readonly name: string }[];
  readonly behind: {
    readonly records: number;
    /** How long the oldest of them has waited since it was read, in milliseconds. */
    readonly oldestMs: number;
    /** The stream holds more that has not been read. */
    readonly isMore: boolean;
  };
}

/** One sum; numbers are text, every digit of them. */
export interface SumView {
  readonly key: string;
  /** Absent as long as it is not known. */
  readonly expected?: string;
  readonly actual: string;
  readonly difference?: string;
  /** `late`: it is not what it must be, and something that can change it is still on its way. */
  readonly state: 'exact' | 'wrong' | 'late';
}

export interface QuarantinedView {
  /** When this page first saw it, in milliseconds since the epoch. */
  readonly seenAt: number;
  /** What `oncefold redrive --send` takes. */
  readonly id: string;
  readonly consumer: string;
  readonly reason: string;
  readonly detail: string;
  readonly recordId: string;
  readonly bytes: string;
}

/** What the tables say. */
export interface TablesView {
  /** Such as `recomputed from StateTable at 12:00:01`. */
  readonly sumsNote: string;
  readonly sums: readonly SumView[];
  /** Whether the sums were compared while nothing was on its way. */
  readonly isCompared: boolean;
  readonly accounting: OutcomeCounts | undefined;
  readonly quarantined: {
    readonly count: number;
    /** There may be more than were looked at. */
    readonly isMore: boolean;
    /** The newest first. */
    readonly newest: readonly QuarantinedView[];
  };
  /** Why they could not be read the last time. */
  readonly problem: string | undefined;
}

/** A round of the workshop. */
export interface RoundView {
  readonly number: number;
  readonly verdict: string;
  readonly isGood: boolean;
  readonly detail: string;
}

/** How a command ended. */
export interface Conclusion {
  readonly text: string;
  readonly isGood: boolean;
  /** Whether nothing was on its way any more, so that what is wrong is not late. */
  readonly isAtRest: boolean;
}

/** What the command tells beside what the page sees for itself. */
export interface Told {
  /** Such as `seed 7`. */
  readonly facts?: readonly string[];
  readonly sent?: number;
  /** Messages to be sent; absent when others send them. */
  readonly messages?: number;
  readonly rounds?: readonly RoundView[];
  readonly conclusion?: Conclusion;
}

/** Everything that is shown at one moment. */
export interface PageView {
  /** Such as `oncefold demo`. */
  readonly command: string;
  readonly now: number;
  /** Whether functions run. */
  readonly isRunning: boolean;
  readonly told: Told;
  readonly stages: readonly StageView[];
  /** Name of the table that the last stage writes; absent where that is not known. */
  readonly target: string | undefined;
  readonly batches: readonly LiveBatch[];
  readonly faults: ReadonlyMap<string, number>;
  /** Absent for applications whose tables mean nothing to us, and before the tables were read. */
  readonly tables: TablesView | undefined;
}
