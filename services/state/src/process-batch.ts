import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { type AccountKeys, accountRecords, type CountableRecord, outcomeNames } from './account-records.ts';
import type { AccountingStore, OutcomeCounts } from './accounting-store.ts';
import { startAttempts } from './attempts.ts';
import type { Clock } from './clock.ts';
import { type DecidedRecord, decideRecords } from './decide-records.ts';
import { findEarlierConflicts } from './find-earlier-conflicts.ts';
import { findEarlierWrites } from './find-earlier-writes.ts';
import { quarantineRecords } from './quarantine-records.ts';
import type { QuarantineStore } from './quarantine-store.ts';
import { type ReadSettings, readRecords } from './read-records.ts';
import type { StateStore } from './state-store.ts';

/** Shares of the invocation's time at which each phase ends; the last leaves the time to answer. */
const phaseEnds = { upsert: 0.7, find: 0.75, quarantine: 0.85, account: 0.95 } as const;

/** What the use case works with. */
export interface BatchPorts {
  readonly state: StateStore;
  readonly quarantine: QuarantineStore;
  readonly accounting: AccountingStore;
  readonly clock: Clock;
}

/** What the use case is told once. */
export interface BatchSettings extends ReadSettings {
  /** Requests under way at once, 1 or more. */
  readonly requestsMax: number;
}

/** A record that was quarantined, for the log; no payload. */
export interface QuarantinedPosition {
  readonly recordId: string;
  readonly reason: string;
  readonly detail: string;
}

/** What became of a batch. */
export interface BatchReport {
  /** What the event source mapping is to be told. */
  readonly response: KinesisStreamBatchResponse;
  /** Records of the batch; each user record of an aggregate is one. */
  readonly records: number;
  /** Outcomes of records that are counted for the first time. */
  readonly counted: OutcomeCounts;
  /** The records that were quarantined at this delivery. */
  readonly quarantined: readonly QuarantinedPosition[];
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
 * Limits: a record whose delivery failed before it was counted is recognised as long as its trade has had fewer than
 * eight versions since, also where other dimensions are configured by then. A trade that was removed is written again
 * when its record is delivered again. The mapping must have a parallelization factor of 1, or accounting would skip
 * records that a slower batch of the shard holds.
 *
 * @param event - what the event source mapping sends
 * @param remaining_ms - time that the invocation has left
 * @param ports - what to work with
 * @param settings - {@link BatchSettings}
 * @returns the {@link BatchReport}
 * @throws when the event is malformed, a store refuses a request, or the outcomes could not be counted in time
 */
export async function processBatch(
  event: KinesisStreamEvent,
  remaining_ms: number,
  ports: BatchPorts,
  settings: BatchSettings,
): Promise<BatchReport> {
  const { state, quarantine, accounting, clock } = ports;
  const { requestsMax } = settings;
  const started_ms = clock.now_ms();
  const start = (phase: keyof typeof phaseEnds) =>
    startAttempts(clock, started_ms + remaining_ms * phaseEnds[phase] - clock.now_ms());

  const records = readRecords(event, settings);
  const decided = await decideRecords(records, state, { attempts: start('upsert'), requestsMax });
  const find = { attempts: start('find'), requestsMax };
  const known = await findEarlierWrites(decided, state, find);
  const found = await findEarlierConflicts(known, quarantine, find);
  const final = await quarantineRecords(found, quarantine, { attempts: start('quarantine'), requestsMax });

  const counted = { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };
  const attempts = start('account');
  for (const { account, run } of countableRuns(final)) {
    const counts = await accountRecords(account, run, accounting, attempts);
    for (const outcome of outcomeNames) {
      counted[outcome] += counts[outcome];
    }
  }
  return {
    response: { batchItemFailures: itemFailures(final) },
    records: records.length,
    counted,
    quarantined: final.flatMap(quarantinedPosition),
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

function quarantinedPosition({ record, decision }: DecidedRecord): QuarantinedPosition[] {
  if (decision.outcome !== 'conflict' && decision.outcome !== 'quarantined') {
    return [];
  }
  return [{ recordId: record.identity.id, reason: decision.reason, detail: decision.detail }];
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
