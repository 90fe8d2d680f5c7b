import type { Attempts } from './attempts.ts';
import { type ArrivedVersion, compareVersion } from './compare-version.ts';
import { chunksOf, mapWithLimit } from './map-with-limit.ts';
import type { StoredVersion, VersionStore, VersionWrite, WriteResult } from './state-store.ts';

/** How often one version may meet an item that comes and goes while it is written. */
const FLIPS_MAX = 8;

/** What became of one arrived version. */
export type UpsertOutcome =
  | { readonly code: 'applied' | 'duplicate' | 'stale' | 'conflict' }
  /** The existing item cannot be compared with, or has no room; the version is to be quarantined. */
  | { readonly code: 'unreadable' | 'unwritable' }
  /** It is not known whether the version was written; its record is to be delivered again. */
  | { readonly code: 'failed'; readonly reason: string };

/** Options of {@link upsertTrades}. */
export interface UpsertOptions {
  /** The tries of this phase of the invocation. */
  readonly attempts: Attempts;
  /** Requests under way at once, 1 or more. */
  readonly requestsMax: number;
}

/** The versions of one trade in the batch, and how far they are decided. */
interface TradeQueue<Version> {
  readonly versions: Version[];
  /** Place of the first version that is not decided. */
  next: number;
  mode: VersionWrite['mode'];
  flips: number;
}

/**
 * Writes the versions that are newer than those in the table, and says of each version what became of it.
 *
 * The outcomes are those of handling one record after the other, however the stream is cut into batches: versions
 * of one trade are decided in order, each against what the one before it left. Different trades share requests, two
 * versions of one trade never do. What a request of this batch has already told about a trade is not asked again.
 *
 * @param versions - arrived versions, in the order of the stream
 * @param store - the state table
 * @param options - {@link UpsertOptions}
 * @returns the outcome of each version; after a `failed` one all later ones of that trade are `failed`
 * @throws what the store throws
 */
export async function upsertTrades<Version extends ArrivedVersion>(
  versions: readonly Version[],
  store: VersionStore,
  options: UpsertOptions,
): Promise<ReadonlyMap<Version, UpsertOutcome>> {
  const outcomes = new Map<Version, UpsertOutcome>();
  let open = queuesByTrade(versions);

  while (open.length > 0) {
    const answers = await writeHeads(open, store, options);
    const unavailable: { queue: TradeQueue<Version>; reason: string }[] = [];
    for (const { queue, result } of answers) {
      if (result.code === 'unavailable') {
        unavailable.push({ queue, reason: result.reason });
      } else {
        decideHead(queue, result, outcomes);
      }
    }
    if (unavailable.length > 0 && !(await options.attempts.again())) {
      for (const { queue, reason } of unavailable) {
        failRest(queue, reason, outcomes);
      }
    }
    open = open.filter((queue) => queue.next < queue.versions.length);
  }
  return outcomes;
}

function queuesByTrade<Version extends ArrivedVersion>(versions: readonly Version[]): TradeQueue<Version>[] {
  const queues = new Map<string, TradeQueue<Version>>();
  for (const version of versions) {
    const queue = queues.get(version.trade.tradeId);
    if (queue !== undefined) {
      queue.versions.push(version);
    } else {
      queues.set(version.trade.tradeId, { versions: [version], next: 0, mode: 'insert', flips: 0 });
    }
  }
  return [...queues.values()];
}

/** Sends the first undecided version of each trade. */
async function writeHeads<Version extends ArrivedVersion>(
  queues: readonly TradeQueue<Version>[],
  store: VersionStore,
  options: UpsertOptions,
): Promise<{ readonly queue: TradeQueue<Version>; readonly result: WriteResult }[]> {
  const chunks = await mapWithLimit(chunksOf(queues, store.writesMax), options.requestsMax, async (chunk) => {
    const writes = chunk.map((queue): VersionWrite => {
      const { trade, recordKey, place } = headOf(queue);
      return { mode: queue.mode, trade, recordKey, place };
    });
    const results = await store.write(writes, options.attempts.signal);
    return chunk.map((queue, place) => ({ queue, result: definitely(results[place]) }));
  });
  return chunks.flat();
}

/** Takes in what the store said about the first undecided version, and decides what follows from it. */
function decideHead<Version extends ArrivedVersion>(
  queue: TradeQueue<Version>,
  result: Exclude<WriteResult, { code: 'unavailable' }>,
  outcomes: Map<Version, UpsertOutcome>,
): void {
  switch (result.code) {
    case 'written': {
      const { trade, recordKey } = headOf(queue);
      // An item that was just inserted has no other marks; what is left in one that was updated is not known.
      const marks = queue.mode === 'insert' ? [] : undefined;
      decideOne(queue, { code: 'applied' }, outcomes);
      decideKnown(queue, { version: trade.version, recordId: recordKey, trade, marks }, outcomes);
      break;
    }
    case 'kept':
      if (result.stored.version < headOf(queue).trade.version) {
        throw new Error('The state store refused a version although it holds a lower one.');
      }
      decideKnown(queue, result.stored, outcomes);
      break;
    case 'unreadable':
    case 'unwritable':
      decideOne(queue, { code: result.code }, outcomes);
      break;
    case 'exists':
    case 'absent':
      queue.mode = result.code === 'exists' ? 'update' : 'insert';
      queue.flips += 1;
      if (queue.flips > FLIPS_MAX) {
        failRest(queue, 'item-comes-and-goes', outcomes);
      }
  }
}

/** What the table holds of a trade, as far as it is known. */
type KnownVersion = Omit<StoredVersion, 'marks'> & { readonly marks: StoredVersion['marks'] | undefined };

/**
 * Decides versions until one goes into the next request: one that is newer than what the table holds, or older and may have
 * been written before although the one before it is written only now. (That one was refused then, by other dimensions.)
 */
function decideKnown<Version extends ArrivedVersion>(
  queue: TradeQueue<Version>,
  { marks, ...stored }: KnownVersion,
  outcomes: Map<Version, UpsertOutcome>,
): void {
  queue.mode = 'update';
  while (queue.next < queue.versions.length) {
    const head = headOf(queue);
    if (marks === undefined && head.trade.version < stored.version) {
      return;
    }
    const code = compareVersion(head, { ...stored, marks: marks ?? [] });
    if (code === 'newer') {
      return;
    }
    decideOne(queue, { code }, outcomes);
  }
}

function decideOne<Version extends ArrivedVersion>(
  queue: TradeQueue<Version>,
  outcome: UpsertOutcome,
  outcomes: Map<Version, UpsertOutcome>,
): void {
  outcomes.set(headOf(queue), outcome);
  queue.next += 1;
  queue.flips = 0;
}

/** Later versions of a trade must not overtake one that is to be delivered again. */
function failRest<Version extends ArrivedVersion>(
  queue: TradeQueue<Version>,
  reason: string,
  outcomes: Map<Version, UpsertOutcome>,
): void {
  while (queue.next < queue.versions.length) {
    decideOne(queue, { code: 'failed', reason }, outcomes);
  }
}

function headOf<Version>(queue: TradeQueue<Version>): Version {
  return definitely(queue.versions[queue.next]);
}

function definitely<Value>(value: Value | undefined): Value {
  if (value === undefined) {
    throw new Error('A list is shorter than promised.');
  }
  return value;
}
