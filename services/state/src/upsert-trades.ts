import { type ArrivedVersion, compareVersion } from './compare-version.ts';
import { type Decision, versionConflict } from './decided-record.ts';
import { type RequestOptions, requestOnce } from './request-all.ts';
import type { StoredVersion, VersionStore, VersionWrite, WriteResult } from './state-store.ts';

/** How often one version may meet an item that comes and goes while it is written. */
const FLIPS_MAX = 8;

/** The versions of one trade in the batch, and how far they are decided. */
interface TradeQueue {
  readonly versions: ArrivedVersion[];
  /** Index of the first version that is not decided. */
  next: number;
  mode: VersionWrite['mode'];
  flips: number;
}

type Decisions = Map<ArrivedVersion, Decision>;

/**
 * Writes the versions that are newer than those in the table, and decides each version.
 *
 * The outcomes are those of handling one record after the other, however the stream is cut into batches: versions
 * of one trade are decided in order, each against what the one before it left. Different trades share requests, two
 * versions of one trade never do. What a request of this batch has already told about a trade is not asked again.
 *
 * @param versions - arrived versions, in the order of the stream
 * @returns the decision of each version; after a `failed` one all later ones of that trade are `failed`
 * @throws what the store throws
 */
export async function upsertTrades(
  versions: readonly ArrivedVersion[],
  store: VersionStore,
  options: RequestOptions,
): Promise<ReadonlyMap<ArrivedVersion, Decision>> {
  const decisions: Decisions = new Map();
  let open = queuesByTrade(versions);

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
    open = open.filter((queue) => queue.next < queue.versions.length);
  }
  return decisions;
}

function queuesByTrade(versions: readonly ArrivedVersion[]): TradeQueue[] {
  const byTrade = Map.groupBy(versions, ({ trade }) => trade.tradeId);
  return [...byTrade.values()].map((ofTrade) => ({ versions: ofTrade, next: 0, mode: 'insert', flips: 0 }));
}

/** Sends the first undecided version of each trade. */
function writeHeads(
  queues: readonly TradeQueue[],
  store: VersionStore,
  options: RequestOptions,
): Promise<{ readonly item: TradeQueue; readonly result: WriteResult }[]> {
  const send = (some: readonly TradeQueue[], signal: AbortSignal) =>
    store.write(
      some.map((queue): VersionWrite => {
        const { trade, recordKey, reference } = headOf(queue);
        return { mode: queue.mode, trade, recordKey, reference };
      }),
      signal,
    );
  return requestOnce(queues, { itemsMax: store.writesMax, send }, options);
}

/** Takes in what the store said about the first undecided version, and decides what follows from it. */
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
 * Decides versions until one goes into the next request: one that is newer than what the table holds, or older and may have
 * been written before although the one before it is written only now. (That one was refused then, by other dimensions.)
 */
function decideKnown(queue: TradeQueue, { history, ...stored }: KnownVersion, decisions: Decisions): void {
  queue.mode = 'update';
  while (queue.next < queue.versions.length) {
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
  while (queue.next < queue.versions.length) {
    decideOne(queue, { outcome: 'failed', reason }, decisions);
  }
}

function headOf(queue: TradeQueue): ArrivedVersion {
  const head = queue.versions[queue.next];
  if (head === undefined) {
    throw new Error('All versions of the trade are decided.');
  }
  return head;
}
