import type { Hierarchy } from '@oncefold/reducer';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { accountRecords, type EndedRecord, outcomeNames, type RecordOutcome } from './account-records.ts';
import type { AccountingStore, OutcomeCounts } from './accounting-store.ts';
import { startAttempts } from './attempts.ts';
import type { Clock } from './clock.ts';
import { quarantineRecords, type SuspectRecord } from './quarantine-records.ts';
import type { QuarantineStore } from './quarantine-store.ts';
import { readRecords, type StreamRecord } from './read-records.ts';
import type { StateStore } from './state-store.ts';
import { suspectOf } from './suspect-of.ts';
import { upsertRecords } from './upsert-records.ts';
import type { UpsertOutcome } from './upsert-trades.ts';

// Shares of the invocation's time at which each phase ends; the last leaves the time to answer.
const UPSERT_ENDS_AT = 0.7;
const QUARANTINE_ENDS_AT = 0.85;
const ACCOUNTING_ENDS_AT = 0.95;

/** What the use case works with. */
export interface BatchPorts {
  readonly state: StateStore;
  readonly quarantine: QuarantineStore;
  readonly accounting: AccountingStore;
  readonly clock: Clock;
}

/** What the use case is told once. */
export interface BatchSettings {
  readonly hierarchy: Hierarchy;
  /** The name under which this function consumes the stream. */
  readonly consumer: string;
  /** Requests under way at once, 1 or more. */
  readonly requestsMax: number;
}

/** What became of a batch. */
export interface BatchReport {
  /** What the event source mapping is to be told. */
  readonly response: KinesisStreamBatchResponse;
  /** Outcomes of records that are counted for the first time. */
  readonly counted: OutcomeCounts;
  /** Position and reason of each record that was put aside, at this delivery; no payload. */
  readonly quarantined: readonly Omit<SuspectRecord, 'bytes'>[];
}

/**
 * Takes a batch of trade messages into the state table.
 *
 * Every record ends as applied, duplicate, stale, conflict or quarantined, or it is reported as failed and comes
 * again with all that follows it. Nothing depends on how the stream is cut into batches. Steps may be repeated from
 * any point: versions and positions only go up, and what is put aside is keyed by its position.
 *
 * Limits: where an invocation dies between its writes and its accounting, a record of it whose trade has been
 * superseded meanwhile is counted as stale, whatever it was before; the outcomes still sum up to the records. A trade
 * that was removed comes back when its record is delivered again. The mapping must have a parallelization factor of
 * 1, or accounting would skip records that a slower batch of the shard holds.
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
  const { hierarchy, consumer, requestsMax } = settings;
  const started_ms = ports.clock.now_ms();
  const attemptsUntil = (share: number) =>
    startAttempts(ports.clock, started_ms + remaining_ms * share - ports.clock.now_ms());

  const records = readRecords(event, hierarchy);
  const upserted = await upsertRecords(records, ports.state, {
    attempts: attemptsUntil(UPSERT_ENDS_AT),
    requestsMax,
  });
  const suspects = records.flatMap((record, index) => suspectOf(record, upserted[index]));
  const unsafe = await quarantineRecords(suspects, ports.quarantine, {
    consumer,
    attempts: attemptsUntil(QUARANTINE_ENDS_AT),
    requestsMax,
  });
  const ended = records.map((record, index) => ({
    record,
    outcome: unsafe.has(record.recordId) ? 'failed' : lastingOutcome(upserted[index]),
  }));

  const totals = { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };
  const attempts = attemptsUntil(ACCOUNTING_ENDS_AT);
  for (const [shardId, run] of countableRuns(ended)) {
    const counts = await accountRecords(`${consumer}#${shardId}`, run, ports.accounting, attempts);
    for (const outcome of outcomeNames) totals[outcome] += counts[outcome];
  }
  return {
    response: {
      batchItemFailures: ended
        .filter(({ outcome }) => outcome === 'failed')
        .map(({ record }) => ({ itemIdentifier: record.sequenceNumber })),
    },
    counted: totals,
    quarantined: suspects.map(({ bytes: _bytes, ...rest }) => rest),
  };
}

function lastingOutcome(upserted: UpsertOutcome | undefined): RecordOutcome | 'failed' {
  return upserted === undefined || upserted.code === 'unreadable' ? 'quarantined' : upserted.code;
}

/** Per shard, the records before the first that failed: the rest is delivered again, and counted then. */
function countableRuns(
  ended: readonly { readonly record: StreamRecord; readonly outcome: RecordOutcome | 'failed' }[],
): Map<string, EndedRecord[]> {
  const runs = new Map<string, EndedRecord[]>();
  const cut = new Set<string>();
  for (const { record, outcome } of ended) {
    if (outcome === 'failed') cut.add(record.shardId);
    if (outcome === 'failed' || cut.has(record.shardId)) continue;
    const run = runs.get(record.shardId);
    if (run === undefined) runs.set(record.shardId, [{ position: record.position, outcome }]);
    else run.push({ position: record.position, outcome });
  }
  return runs;
}
