import type { Attempts } from './attempts.ts';
import { type DecidedRecord, decideRecords, type FinalRecord } from './decide-records.ts';
import { findEarlierConflicts } from './find-earlier-conflicts.ts';
import { quarantineRecords } from './quarantine-records.ts';
import type { QuarantineStore } from './quarantine-store.ts';
import type { StreamRecord } from './read-records.ts';
import type { StateStore } from './state-store.ts';

/** What {@link handleRecords} works with. */
export interface HandleRecordsOptions {
  readonly state: StateStore;
  readonly quarantine: QuarantineStore;
  /** Requests under way at once, 1 or more. */
  readonly requestsMax: number;
  /** Begins a phase of the invocation. */
  readonly startPhase: (phase: 'upsert' | 'find' | 'quarantine') => Attempts;
}

/**
 * Writes versions and quarantines what cannot be written, until each record is decided.
 *
 * Usually once; a record that has to wait for the quarantine of a conflict before it is handled with the next round.
 *
 * @param records - the records of a batch in their order
 * @param options - {@link HandleRecordsOptions}
 * @returns the records in their order
 * @throws what the stores throw
 */
export async function handleRecords(
  records: readonly StreamRecord[],
  options: HandleRecordsOptions,
): Promise<FinalRecord[]> {
  const final = new Map<StreamRecord, FinalRecord>();
  for (let open = records; open.length > 0; ) {
    const failedTrades = new Set<string>();
    const held: StreamRecord[] = [];
    for (const { record, decision } of await handleOnce(open, options)) {
      const tradeId = record.code === 'valid' ? record.trade.tradeId : undefined;
      if (decision.outcome !== 'held') {
        final.set(record, { record, decision });
        if (decision.outcome === 'failed' && tradeId !== undefined) failedTrades.add(tradeId);
      } else if (tradeId !== undefined && failedTrades.has(tradeId)) {
        final.set(record, { record, decision: { outcome: 'failed', reason: 'earlier-record-failed' } });
      } else held.push(record);
    }
    open = held;
  }
  return records.map((record) => {
    const decided = final.get(record);
    if (decided === undefined) throw new Error('A record has no decision.');
    return decided;
  });
}

async function handleOnce(
  records: readonly StreamRecord[],
  { state, quarantine, requestsMax, startPhase }: HandleRecordsOptions,
): Promise<DecidedRecord[]> {
  const decided = await decideRecords(records, state, { attempts: startPhase('upsert'), requestsMax });
  const found = await findEarlierConflicts(decided, quarantine, {
    attempts: startPhase('find'),
    requestsMax,
  });
  return quarantineRecords(found, quarantine, { attempts: startPhase('quarantine'), requestsMax });
}
