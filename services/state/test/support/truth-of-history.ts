import { checkSegments, type Hierarchy } from '@oncefold/reducer';
import { isSamePayload, type Outcome, outcomes, type Trade } from '@oncefold/trades';
import { readRecords } from '../../src/read-records.ts';
import type { StreamRecord } from '../../src/stream-record.ts';
import { HISTORY_MAX } from '../../src/version-history.ts';
import type { Count, History, Plan } from './history.ts';
import { settings } from './memory-ports.ts';
import { kinesisRecord } from './stream.ts';

/** Compares how records were counted with what the tables have really taken. */
export function faultsOfAccount(plan: Plan, history: History): string[] {
  return plan.shards.flatMap((data, shard) => {
    const Records = data.map((bytes, index) => kinesisRecord(bytes, index, shard));
    // Read as by nobody: which dimensions refuse a record is up to the process that counts it.
    const hierarchy = { ...settings.hierarchy, dimensions: [] };
    return faultsOfShard(readRecords({ Records }, { ...settings, hierarchy }), history);
  });
}

function faultsOfShard(records: readonly StreamRecord[], history: History): string[] {
  const shard = records[0]?.shard.key ?? '';
  const faults: string[] = [];
  let next = 0;
  for (const count of history.counts.filter(({ key }) => key === shard)) {
    const last = records.findIndex(({ position }) => position === count.last);
    if (records[next]?.position !== count.first) {
      faults.push(`${shard}: a gap or a repetition at ${next}`);
    }
    const run = records.slice(next, last + 1);
    next = last + 1;
    const possible = run.map((record) => outcomesOf(record, records, history, count));
    for (const outcome of outcomes) {
      const least = possible.filter((outcomes) => outcomes.every((one) => one === outcome)).length;
      const most = possible.filter((outcomes) => outcomes.includes(outcome)).length;
      const counted = count.counts[outcome];
      if (counted < least || counted > most) {
        faults.push(`${shard}: ${counted} ${outcome}, not ${least} to ${most}`);
      }
    }
  }
  if (next !== records.length) {
    faults.push(`${shard}: ${records.length - next} records are not counted`);
  }
  return faults;
}

/**
 * The outcome of a record: `applied` if it has written its version, `quarantined` if the dimensions of the process that
 * counts refuse it, else what its version is against the table.
 *
 * That is decided by the next higher version: one from behind the record in its own shard came after it, one that was
 * written before the process began came before it. Where it was written while the process ran, both are true.
 */
function outcomesOf(
  record: StreamRecord,
  shard: readonly StreamRecord[],
  { hierarchies, writes, quarantined }: History,
  { startedAt, hierarchy, at }: Count,
): readonly Outcome[] {
  if (record.code === 'invalid') {
    return ['quarantined'];
  }
  const { trade, recordKey } = record;
  const ofTrade = writes.filter((write) => write.trade.tradeId === trade.tradeId);
  const isForgotten = (version: number) =>
    ofTrade.some((write) => isReplacement(write.trade.version, version));
  const own = ofTrade.find((write) => write.recordKey === recordKey);
  if (isRefused(record, hierarchy)) {
    if (own === undefined) {
      return ['quarantined'];
    }
    // The process that counts looks once, and what was on its way then may be written later.
    return own.at > startedAt || isForgotten(trade.version) ? ['applied', 'quarantined'] : ['applied'];
  }
  if (own !== undefined) {
    return isForgotten(trade.version) ? ['applied', 'stale'] : ['applied'];
  }
  const same = ofTrade.find((write) => write.trade.version === trade.version);
  if (same === undefined) {
    return ['stale'];
  }
  const outcome = isSamePayload(same.trade, trade) ? 'duplicate' : 'conflict';
  const next = ofTrade.find((write) => write.trade.version > trade.version);
  if (next === undefined || next.at > at) {
    return [outcome];
  }
  // A version that is between them in time may be forgotten.
  if (ofTrade.some(({ trade: { version } }) => version >= trade.version && isForgotten(version))) {
    return [outcome, 'stale'];
  }
  // A record that was refused at first was compared with nothing then, and with a later version afterwards.
  if (hierarchies.some((one) => isRefused(record, one))) {
    return [outcome, 'stale'];
  }
  const behind = new Set(shard.slice(shard.indexOf(record)).map((other) => other.recordKey));
  if (behind.has(next.recordKey)) {
    return [outcome];
  }
  if (outcome === 'conflict') {
    const quarantinedAt = quarantined.get(recordKey);
    if (quarantinedAt !== undefined && quarantinedAt < startedAt) {
      return [outcome];
    }
  }
  return next.at < startedAt && !quarantined.has(recordKey) ? ['stale'] : [outcome, 'stale'];
}

function isRefused({ trade }: { readonly trade: Trade }, hierarchy: Hierarchy): boolean {
  return checkSegments(hierarchy, trade.hierarchy).code === 'invalid';
}

function isReplacement(written: number, version: number): boolean {
  return written > version && (written - version) % HISTORY_MAX === 0;
}
