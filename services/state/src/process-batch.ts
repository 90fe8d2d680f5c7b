import type { ReadRecounts } from '@oncefold/function-kit';
import type { Refusal } from '@oncefold/middleware/quarantine';
import { addCounts, countOutcomes, type OutcomeCounts } from '@oncefold/trades';
import { type RequestClock, startAttempts } from '@oncefold/versioned-upsert';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { accountRecords, type CountableRecord } from './account-records.ts';
import type { AccountingStore, AccountKeys } from './accounting-store.ts';
import { type DecidedRecord, refusalOf } from './decided-record.ts';
import { findEarlierConflicts, findEarlierWrites } from './find-earlier-outcomes.ts';
import { quarantineRecords } from './quarantine-records.ts';
import type { QuarantineStore } from './quarantine-store.ts';
import { type ReadSettings, readRecords } from './read-records.ts';
import type { StateStore } from './state-store.ts';
import { upsertRecords } from './upsert-records.ts';

/** Shares of the invocation's time at which each phase ends; the last leaves the time to answer. */
const phaseEnds = { upsert: 0.7, find: 0.75, quarantine: 0.85, account: 0.95 } as const;

export interface BatchPorts {
  readonly state: StateStore;
  readonly quarantine: QuarantineStore;
  readonly accounting: AccountingStore;
  readonly clock: RequestClock;
  readonly readRecounts: ReadRecounts;
}

export interface BatchSettings extends ReadSettings {
  /** Requests in flight at once, 1 or more. */
  readonly requestsMax: number;
}

/** What became of a batch. */
export interface BatchReport {
  /** What the event source mapping is to be told. */
  readonly response: KinesisStreamBatchResponse;
  /** Records of the batch; each user record of an aggregate is one. */
  readonly records: number;
  /** Outcomes of records that are counted for the first time. */
  readonly counted: OutcomeCounts;
  /** The records that were quarantined at this delivery, for the log; no payload. */
  readonly quarantined: readonly ({ readonly recordId: string } & Refusal)[];
  /** How many records are left for the next delivery, by reason. */
  readonly failed: Readonly<Record<string, number>>;
}

/**
 * Takes a batch of trade messages into the state table.
 *
 * Every record becomes applied, duplicate, stale, conflict or quarantined, or it is reported as failed and is
 * delivered again with all that follows it. Nothing depends on how the stream is cut into batches. Steps may be
 * repeated from any point: versions and positions only go up, and what is quarantined is keyed by its identity.
 *
 * Limits: a record whose delivery failed before it was counted is recognized as long as its trade has had fewer than
 * eight versions since, also where other dimensions are configured by then. A trade that was removed is written again
 * when its record is delivered again. The mapping must have a parallelization factor of 1, or accounting would skip
 * records that a slower batch of the shard holds.
 *
 * @param remainingMs - time that the invocation has left, in milliseconds
 */
export async function processBatch(
  event: KinesisStreamEvent,
  remainingMs: number,
  ports: BatchPorts,
  settings: BatchSettings,
): Promise<BatchReport> {
  const { state, quarantine, accounting, clock, readRecounts } = ports;
  const { requestsMax } = settings;
  const startedMs = clock.now();
  const start = (phase: keyof typeof phaseEnds) =>
    startAttempts(clock, startedMs + remainingMs * phaseEnds[phase] - clock.now());

  const records = readRecords(event, settings);
  const { newest } = await readRecounts();
  const upsert = { attempts: start('upsert'), requestsMax, recount: newest };
  const decided = await upsertRecords(records, state, upsert);
  const find = { attempts: start('find'), requestsMax };
  const known = await findEarlierWrites(decided, state, find);
  const found = await findEarlierConflicts(known, quarantine, find);
  const final = await quarantineRecords(found, quarantine, { attempts: start('quarantine'), requestsMax });

  let counted = countOutcomes([]);
  const attempts = start('account');
  for (const { account, run } of countableRuns(final)) {
    counted = addCounts(counted, await accountRecords(account, run, accounting, attempts));
  }
  return {
    response: { batchItemFailures: itemFailures(final) },
    records: records.length,
    counted,
    quarantined: final.flatMap((one) => {
      const refusal = refusalOf(one);
      return refusal === undefined ? [] : [{ recordId: one.record.identity.id, ...refusal }];
    }),
    failed: failuresByReason(final),
  };
}

/** Per shard, the records before the first that failed: the rest is delivered again, and counted then. */
function countableRuns(
  records: readonly DecidedRecord[],
): { readonly account: AccountKeys; readonly run: readonly CountableRecord[] }[] {
  const runs = new Map<string, { account: AccountKeys; run: CountableRecord[]; isCut: boolean }>();
  for (const { record, decision } of records) {
    const ofShard = runs.get(record.shard.id) ?? { account: record.shard, run: [], isCut: false };
    runs.set(record.shard.id, ofShard);
    if (decision.outcome === 'failed') {
      ofShard.isCut = true;
    } else if (!ofShard.isCut) {
      ofShard.run.push({ position: record.position, outcome: decision.outcome });
    }
  }
  return [...runs.values()];
}

/** User records of one aggregate have one sequence number, which is reported once. */
function itemFailures(records: readonly DecidedRecord[]): KinesisStreamBatchResponse['batchItemFailures'] {
  const failed = records.filter(({ decision }) => decision.outcome === 'failed');
  const sequenceNumbers = new Set(failed.map(({ record }) => record.sequenceNumber));
  return [...sequenceNumbers].map((itemIdentifier) => ({ itemIdentifier }));
}

function failuresByReason(records: readonly DecidedRecord[]): Record<string, number> {
  const failures: Record<string, number> = {};
  for (const { decision } of records) {
    if (decision.outcome === 'failed') {
      failures[decision.reason] = (failures[decision.reason] ?? 0) + 1;
    }
  }
  return failures;
}
