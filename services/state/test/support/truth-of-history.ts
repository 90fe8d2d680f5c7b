import { isSamePayload, type Trade } from '@oncefold/reducer';
import { outcomeNames, type RecordOutcome } from '../../src/account-records.ts';
import { MARKS_MAX } from '../../src/applied-marks.ts';
import { readRecords, type StreamRecord } from '../../src/read-records.ts';
import type { History, Plan } from './history.ts';
import { settings } from './memory-ports.ts';
import { kinesisRecord } from './stream.ts';

/**
 * Compares how records were counted with what the tables have really taken.
 *
 * @returns what is wrong, in words; nothing where each record is counted once, under the outcome that it has
 */
export function faultsOfAccount(plan: Plan, history: History): string[] {
  return plan.shards.flatMap((data, shard) => {
    const Records = data.map((bytes, index) => kinesisRecord(bytes, index, shard));
    const records = readRecords({ Records }, settings);
    return faultsOfShard(records, history);
  });
}

function faultsOfShard(records: readonly StreamRecord[], history: History): string[] {
  const shardId = records[0]?.shardId ?? '';
  const faults: string[] = [];
  let next = 0;
  for (const count of history.counts.filter(({ formerKey }) => formerKey === `state#${shardId}`)) {
    const last = records.findIndex(({ position }) => position === count.last);
    if (records[next]?.position !== count.first) faults.push(`${shardId}: a gap or a repetition at ${next}`);
    const run = records.slice(next, last + 1);
    next = last + 1;
    const possible = run.map((record) => outcomesOf(record, records, history, count.startedAt));
    for (const outcome of outcomeNames) {
      const least = possible.filter((outcomes) => outcomes.length === 1 && outcomes[0] === outcome).length;
      const most = possible.filter((outcomes) => outcomes.includes(outcome)).length;
      const counted = count.counts[outcome];
      if (counted < least || counted > most)
        faults.push(`${shardId}: ${counted} ${outcome}, not ${least} to ${most}`);
    }
  }
  if (next !== records.length) faults.push(`${shardId}: ${records.length - next} records are not counted`);
  return faults;
}

/** The outcome of a record; two, where a request that was given up has changed it while it was counted. */
function outcomesOf(
  record: StreamRecord,
  shard: readonly StreamRecord[],
  { writes, quarantined }: History,
  startedAt: number,
): readonly RecordOutcome[] {
  if (record.code === 'invalid') return ['quarantined'];
  const { trade, recordKey } = record;
  const ofTrade = writes.filter((write) => write.trade.tradeId === trade.tradeId);
  const isForgotten = ofTrade.some((write) => isReplacement(write.trade, trade));
  const orStale = (outcome: RecordOutcome): RecordOutcome[] => (isForgotten ? [outcome, 'stale'] : [outcome]);
  if (ofTrade.some((write) => write.recordKey === recordKey)) return orStale('applied');
  const sameVersion = ofTrade.find((write) => write.trade.version === trade.version);
  if (sameVersion !== undefined && isSamePayload(sameVersion.trade, trade)) return orStale('duplicate');
  const quarantinedAt = quarantined.get(recordKey);
  if (quarantinedAt !== undefined) return quarantinedAt < startedAt ? ['conflict'] : ['conflict', 'stale'];
  // A higher version that comes after it in its own shard does not make it stale.
  const later = new Set(shard.slice(shard.indexOf(record)).map((other) => other.recordKey));
  const isOvertaken = ofTrade.some(
    (write) => write.trade.version > trade.version && !later.has(write.recordKey),
  );
  return isOvertaken ? ['stale'] : ['conflict'];
}

function isReplacement(written: Trade, trade: Trade): boolean {
  return written.version > trade.version && (written.version - trade.version) % MARKS_MAX === 0;
}
