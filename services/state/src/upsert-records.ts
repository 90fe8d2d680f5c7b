import { compareVersion } from './compare-version.ts';
import { type DecidedRecord, type Decision, versionConflict } from './decided-record.ts';
import { type RequestOptions, requestOnce } from './request-all.ts';
import type { StoredVersion, VersionStore, VersionWrite, WriteResult } from './state-store.ts';
import type { StreamRecord } from './stream-record.ts';

/** How often one version may meet an item that comes and goes while it is written. */
const FLIPS_MAX = 8;

type ValidRecord = Extract<StreamRecord, { readonly code: 'valid' }>;

/** The records of one trade in the batch, and how far they are decided. */
interface TradeQueue {
  readonly records: ValidRecord[];
  /** Index of the first record that is not decided. */
  next: number;
  mode: VersionWrite['mode'];
  flips: number;
}

/** How the records of a batch are written. */
export interface UpsertOptions extends RequestOptions {
  /** Number of the newest recount; 0 for none. */
  readonly recount: number;
}

type Decisions = Map<StreamRecord, Decision>;

/**
 * Writes the versions that are newer than those in the table, and decides what becomes of each record.
 *
 * The outcomes are those of handling one record after the other, however the stream is cut into batches: versions
 * of one trade are decided in order, each against what the one before it left. Different trades share requests, two
 * versions of one trade never do. What a request of this batch has already told about a trade is not asked again.
 *
 * @returns the records in their order; after a `failed` one all later ones of that trade are `failed`; those to be quarantined
 *   are not quarantined yet
 */
export async function upsertRecords(
  records: readonly StreamRecord[],
  store: VersionStore,
  options: UpsertOptions,
): Promise<DecidedRecord[]> {
  const decisions: Decisions = new Map();
  let open = queuesByTrade(records.filter((record) => record.code === 'valid'));

  while (open.length > 0) {
    const unavailable: { queue: TradeQueue; reason: string }[] = [];
    for (const { item: queue, result } of await writeHeads(open, store, options)) {
      if (result.code === 'unavailable') {
        unavailable.push({ queue, reason: result.reason });
      } else {
        decideHead(queue, result, decisions);
      }
    }
    if (unavailable.length > 0 && !(await options.attempts.again())) {
      for (const { queue, reason } of unavailable) {
        failRest(queue, reason, decisions);
      }
    }
    open = open.filter((queue) => queue.next < queue.records.length);
  }
  return records.map((record) => ({ record, decision: decisionOf(record, decisions) }));
}

function decisionOf(record: StreamRecord, decisions: Decisions): Decision {
  if (record.code === 'invalid') {
    return { outcome: 'quarantined', reason: record.reason, detail: record.detail ?? '' };
  }
  const decision = decisions.get(record);
  if (decision === undefined) {
    throw new Error('A record was not decided.');
  }
  return decision;
}

function queuesByTrade(records: readonly ValidRecord[]): TradeQueue[] {
  const byTrade = Map.groupBy(records, ({ trade }) => trade.tradeId);
  return [...byTrade.values()].map((ofTrade) => ({ records: ofTrade, next: 0, mode: 'insert', flips: 0 }));
}

/** Sends the first undecided record of each trade. */
function writeHeads(
  queues: readonly TradeQueue[],
  store: VersionStore,
  options: UpsertOptions,
): Promise<{ readonly item: TradeQueue; readonly result: WriteResult }[]> {
  const send = (some: readonly TradeQueue[], signal: AbortSignal) =>
    store.write(
      some.map((queue): VersionWrite => {
        const { trade, recordKey, reference } = headOf(queue);
        return { mode: queue.mode, trade, recordKey, reference, recount: options.recount };
      }),
      signal,
    );
  return requestOnce(queues, { itemsMax: store.writesMax, send }, options);
}

/** Decides what follows from what the store said about the first undecided record. */
function decideHead(
  queue: TradeQueue,
  result: Exclude<WriteResult, { code: 'unavailable' }>,
  decisions: Decisions,
): void {
  switch (result.code) {
    case 'written': {
      const { trade, recordKey } = headOf(queue);
      // An item that was just inserted has no other entries; the history of one that was updated is not known.
      const history = queue.mode === 'insert' ? [] : undefined;
      decideOne(queue, { outcome: 'applied' }, decisions);
      decideKnown(queue, { version: trade.version, recordId: recordKey, trade, history }, decisions);
      break;
    }
    case 'kept':
      if (result.stored.version < headOf(queue).trade.version) {
        throw new Error('The state store refused a version although it holds a lower one.');
      }
      decideKnown(queue, result.stored, decisions);
      break;
    case 'unreadable':
      decideOne(queue, { outcome: 'quarantined', reason: 'unreadable-state', detail: '' }, decisions);
      break;
    case 'unwritable':
      decideOne(queue, { outcome: 'quarantined', reason: 'unwritable-state', detail: '' }, decisions);
      break;
    case 'exists':
    case 'absent':
      queue.mode = result.code === 'exists' ? 'update' : 'insert';
      queue.flips += 1;
      if (queue.flips > FLIPS_MAX) {
        failRest(queue, 'item-comes-and-goes', decisions);
      }
  }
}

/** What the table holds of a trade, as far as it is known. */
type KnownVersion = Omit<StoredVersion, 'history'> & {
  readonly history: StoredVersion['history'] | undefined;
};

/**
 * Decides records until one goes into the next request: one that is newer than what the table holds, or older and may have
 * been written before although the one before it is written only now. (That one was refused then, by other dimensions.)
 */
function decideKnown(queue: TradeQueue, { history, ...stored }: KnownVersion, decisions: Decisions): void {
  queue.mode = 'update';
  while (queue.next < queue.records.length) {
    const head = headOf(queue);
    if (history === undefined && head.trade.version < stored.version) {
      return;
    }
    const outcome = compareVersion(head, { ...stored, history: history ?? [] });
    if (outcome === 'newer') {
      return;
    }
    decideOne(queue, outcome === 'conflict' ? versionConflict : { outcome }, decisions);
  }
}

function decideOne(queue: TradeQueue, decision: Decision, decisions: Decisions): void {
  decisions.set(headOf(queue), decision);
  queue.next += 1;
  queue.flips = 0;
}

/** Later versions of a trade must not overtake one that is to be delivered again. */
function failRest(queue: TradeQueue, reason: string, decisions: Decisions): void {
  while (queue.next < queue.records.length) {
    decideOne(queue, { outcome: 'failed', reason }, decisions);
  }
}

function headOf(queue: TradeQueue): ValidRecord {
  const head = queue.records[queue.next];
  if (head === undefined) {
    throw new Error('All records of the trade are decided.');
  }
  return head;
}
