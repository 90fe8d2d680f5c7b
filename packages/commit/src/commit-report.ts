import type { CommitRecord } from './strategy.ts';
import type { ConsumedUnits } from './transaction-port.ts';

/** What committing one batch came to. Counts are of this call only. */
export interface CommitReport {
  /** Ids of the records that this call applied: the store has said so. */
  readonly applied: readonly string[];
  /** Ids of the records that the guard knew as applied before this call sent them, or that repeat another of the batch. */
  readonly alreadyApplied: readonly string[];
  /**
   * Ids of the records that were found applied after an answer to this call had been lost. They count once in the sums; whether
   * this call applied them or another one did is not known.
   */
  readonly appliedUnconfirmed: readonly string[];
  /** Ids of those of `applied` whose condition did not hold, so that `onConditionFailed` has said what is committed instead. */
  readonly conditionFailed: readonly string[];
  /** Ids of those of `applied` whose content was refused, so that something else is committed in their place, for example their quarantine. */
  readonly refused: readonly string[];
  /** Groups whose transaction was written. */
  readonly commits: number;
  /** Requests that were sent. */
  readonly requests: number;
  /** Answers "another write holds an item". */
  readonly conflicts: number;
  /** Answers "slow down". */
  readonly throttles: number;
  /** Answers that left open whether it was written: none, one that cannot be read, a server error, "in progress". */
  readonly unknowns: number;
  /** Transactions that the store only repeated its answer to. */
  readonly replays: number;
  /** Groups whose token had been used with other actions: taken as applied, worth an alarm. */
  readonly tokenMismatches: number;
  /** Capacity of the transactions that were written, as the store told it. */
  readonly units: ConsumedUnits;
}

/** A report that is still being written. */
export interface Tally {
  readonly report: { -readonly [K in keyof CommitReport]: CommitReport[K] } & {
    applied: string[];
    alreadyApplied: string[];
    appliedUnconfirmed: string[];
    conditionFailed: string[];
    refused: string[];
    units: { read: number; write: number };
  };
  /** Records of groups to which some answer was lost. */
  readonly unanswered: Set<CommitRecord>;
}

export function createTally(): Tally {
  return {
    report: {
      applied: [],
      alreadyApplied: [],
      appliedUnconfirmed: [],
      conditionFailed: [],
      refused: [],
      commits: 0,
      requests: 0,
      conflicts: 0,
      throttles: 0,
      unknowns: 0,
      replays: 0,
      tokenMismatches: 0,
      units: { read: 0, write: 0 },
    },
    unanswered: new Set(),
  };
}

/** Notes records that were found applied, instead of being applied by the answer that said so. */
export function noteFoundApplied({ report, unanswered }: Tally, records: readonly CommitRecord[]): void {
  for (const record of records) {
    (unanswered.has(record) ? report.appliedUnconfirmed : report.alreadyApplied).push(record.id);
  }
}
