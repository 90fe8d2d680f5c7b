import type { Trade } from '@oncefold/reducer';
import type { Attempts } from './attempts.ts';
import { chunksOf, mapWithLimit } from './map-with-limit.ts';
import { settleVersion } from './settle-version.ts';
import type { StateStore, StoredVersion, VersionWrite, WriteResult } from './state-store.ts';

/** How often one version may meet an item that comes and goes while it is written. */
const FLIPS_MAX = 8;

/** A version of a trade, and the record that brought it. */
export interface ArrivedVersion {
  readonly trade: Trade;
  readonly recordId: string;
}

/** What became of one arrived version. */
export type UpsertOutcome =
  | { readonly code: 'applied' | 'duplicate' | 'stale' | 'conflict' }
  /** The item that stands cannot be compared with; the version is to be put aside. */
  | { readonly code: 'unreadable' }
  /** It is not known whether the version was written; its record is to be delivered again. */
  | { readonly code: 'failed'; readonly reason: string };

/** Options of {@link upsertTrades}. */
export interface UpsertOptions {
  /** The tries of this phase of the invocation. */
  readonly attempts: Attempts;
  /** Requests under way at once, 1 or more. */
  readonly requestsMax: number;
}

/** The versions of one trade in the batch, and how far they are settled. */
interface TradeQueue {
  readonly indexes: number[];
  /** Place in `indexes` of the first version that is not settled. */
  next: number;
  mode: VersionWrite['mode'];
  flips: number;
}

/**
 * Writes the versions that are newer than what stands, and says of each version what became of it.
 *
 * The outcomes are those of handling one record after the other, however the stream is cut into batches: versions
 * of one trade are settled in order, each against what the one before it left. Different trades share requests, two
 * versions of one trade never do. What a request of this batch has already told about a trade is not asked again.
 *
 * @param versions - arrived versions, in the order of the stream
 * @param store - where versions stand
 * @param options - {@link UpsertOptions}
 * @returns one outcome per version, in their order; after a `failed` one all later ones of that trade are `failed`
 * @throws what the store throws
 */
export async function upsertTrades(
  versions: readonly ArrivedVersion[],
  store: StateStore,
  options: UpsertOptions,
): Promise<UpsertOutcome[]> {
  const outcomes: UpsertOutcome[] = new Array(versions.length);
  let open = queuesByTrade(versions);

  while (open.length > 0) {
    const answers = await writeHeads(open, versions, store, options);
    const unavailable: TradeQueue[] = [];
    for (const { queue, result } of answers) {
      if (result.code === 'unavailable') unavailable.push(queue);
      else settleHead(queue, result, versions, outcomes);
    }
    if (unavailable.length > 0 && !(await options.attempts.again())) {
      for (const queue of unavailable) failRest(queue, 'unavailable', outcomes);
    }
    open = open.filter((queue) => queue.next < queue.indexes.length);
  }
  return outcomes;
}

function queuesByTrade(versions: readonly ArrivedVersion[]): TradeQueue[] {
  const queues = new Map<string, TradeQueue>();
  for (const [index, { trade }] of versions.entries()) {
    const queue = queues.get(trade.tradeId);
    if (queue !== undefined) queue.indexes.push(index);
    else queues.set(trade.tradeId, { indexes: [index], next: 0, mode: 'insert', flips: 0 });
  }
  return [...queues.values()];
}

/** Sends the first open version of each trade. */
async function writeHeads(
  queues: readonly TradeQueue[],
  versions: readonly ArrivedVersion[],
  store: StateStore,
  options: UpsertOptions,
): Promise<{ readonly queue: TradeQueue; readonly result: WriteResult }[]> {
  const chunks = await mapWithLimit(chunksOf(queues, store.writesMax), options.requestsMax, async (chunk) => {
    const writes = chunk.map((queue) => ({ mode: queue.mode, ...headOf(queue, versions) }));
    const results = await store.write(writes, options.attempts.signal);
    return chunk.map((queue, place) => ({ queue, result: definitely(results[place]) }));
  });
  return chunks.flat();
}

/** Takes in what the store said about the first open version, and settles what follows from it. */
function settleHead(
  queue: TradeQueue,
  result: Exclude<WriteResult, { code: 'unavailable' }>,
  versions: readonly ArrivedVersion[],
  outcomes: UpsertOutcome[],
): void {
  switch (result.code) {
    case 'written': {
      const { trade, recordId } = headOf(queue, versions);
      settleOne(queue, { code: 'applied' }, outcomes);
      settleKnown(queue, { version: trade.version, recordId, trade }, versions, outcomes);
      break;
    }
    case 'kept':
      if (result.stored.version < headOf(queue, versions).trade.version) {
        throw new Error('The state store refused a version although a lower one stands.');
      }
      settleKnown(queue, result.stored, versions, outcomes);
      break;
    case 'unreadable':
      settleOne(queue, { code: 'unreadable' }, outcomes);
      break;
    case 'exists':
    case 'absent':
      queue.mode = result.code === 'exists' ? 'update' : 'insert';
      queue.flips += 1;
      if (queue.flips > FLIPS_MAX) failRest(queue, 'item-comes-and-goes', outcomes);
  }
}

/** Settles versions until one is newer than what stands: it goes into the next request. */
function settleKnown(
  queue: TradeQueue,
  stored: StoredVersion,
  versions: readonly ArrivedVersion[],
  outcomes: UpsertOutcome[],
): void {
  queue.mode = 'update';
  while (queue.next < queue.indexes.length) {
    const { trade, recordId } = headOf(queue, versions);
    const code = settleVersion(trade, recordId, stored);
    if (code === 'newer') return;
    settleOne(queue, { code }, outcomes);
  }
}

function settleOne(queue: TradeQueue, outcome: UpsertOutcome, outcomes: UpsertOutcome[]): void {
  outcomes[definitely(queue.indexes[queue.next])] = outcome;
  queue.next += 1;
  queue.flips = 0;
}

/** Later versions of a trade must not overtake one that is to be delivered again. */
function failRest(queue: TradeQueue, reason: string, outcomes: UpsertOutcome[]): void {
  while (queue.next < queue.indexes.length) settleOne(queue, { code: 'failed', reason }, outcomes);
}

function headOf(queue: TradeQueue, versions: readonly ArrivedVersion[]): ArrivedVersion {
  return definitely(versions[definitely(queue.indexes[queue.next])]);
}

function definitely<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('A list is shorter than promised.');
  return value;
}
