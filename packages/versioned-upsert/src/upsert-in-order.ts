import type { Decision, Refusal } from './decision.ts';
import { mapWithLimit, type RequestOptions, requestOnce, type Unavailable } from './request-all.ts';

/** How often one version may meet an item that comes and goes while it is written. */
const FLIPS_MAX = 8;

/** `insert`: only if there is no item yet; `update`: only if there is one of a lower version. */
export type WriteMode = 'insert' | 'update';

/** What became of one conditional write. */
export type WriteResult<Existing> =
  /** The table holds this version. */
  | { readonly code: 'written' }
  /** The insert was refused because there is an item; it is not said which version. */
  | { readonly code: 'exists' }
  /** The update was refused because there is no item. */
  | { readonly code: 'absent' }
  /** The update was refused because the table holds an equal or higher version. */
  | { readonly code: 'kept'; readonly existing: Existing }
  /** The update was refused, and the existing item has no version that could be compared. */
  | { readonly code: 'unreadable' }
  /** DynamoDB does not take this version, whatever else is written. */
  | { readonly code: 'unwritable' }
  | Unavailable;

/** A version on its way into the table. */
export interface ConditionalWrite<Version> {
  readonly mode: WriteMode;
  readonly version: Version;
}

/**
 * How a version compares with the existing item. `newer` is to be written, or the table must be asked;
 * the others change nothing. `applied` is the version's own work, of an earlier delivery.
 */
export type Comparison = 'newer' | 'applied' | 'duplicate' | 'stale' | 'conflict';

/** What {@link upsertInOrder} needs to know of versions and of their table. */
export interface UpsertRules<Version, Existing> {
  /** Equal for versions of one item, and for no others. */
  keyOf(version: Version): string;
  /** How many writes one call of `write` takes. */
  readonly writesMax: number;
  /**
   * Writes versions of different items in one request. Each write is decided alone and atomically, whatever others do at the
   * same time; the order of the writes of one call does not matter.
   *
   * @returns one result per write, in their order
   */
  write(
    writes: readonly ConditionalWrite<Version>[],
    signal: AbortSignal,
  ): Promise<readonly WriteResult<Existing>[]>;
  /** What the table holds of an item after a version was written. */
  existingAfter(version: Version, mode: WriteMode): Existing;
  compare(version: Version, existing: Existing): Comparison;
  /**
   * Hands a refused version over, before any later version of its item is decided: if that fails, they wait for the next
   * delivery with it, which meets the same item and refuses the version again. Without it, refusals are only decided.
   *
   * @returns why it failed; undefined: it is done
   */
  readonly refuse?: (version: Version, refusal: Refusal, signal: AbortSignal) => Promise<string | undefined>;
}

/** The versions of one item in the batch, and how far they are decided. */
interface Queue<Version, Existing> {
  readonly versions: Version[];
  /** Index of the first version that is not decided. */
  next: number;
  mode: WriteMode;
  flips: number;
  /** What the table holds, as far as the last request for this item has told it. */
  existing: { readonly value: Existing } | undefined;
  /** Why the first undecided version is to be handed over. */
  refusal: Refusal | undefined;
}

/**
 * Writes the versions that are newer than those in the table, and decides what becomes of each.
 *
 * The outcomes are those of handling one version after the other, however a stream is cut into batches: versions of one
 * item are decided in order, each against what the one before it left. Different items share requests, two versions of
 * one item never do. What a request of this batch has already told about an item is not asked again.
 *
 * @param versions - different objects, in the order of the stream
 * @param rules - what versions are, and their table
 * @param options - attempts and time, and requests in flight at once
 * @returns a decision for each version; after a `failed` one all later ones of that item are `failed`
 * @throws what `rules.write` throws, and an error when the table contradicts itself
 */
export async function upsertInOrder<Version extends object, Existing>(
  versions: readonly Version[],
  rules: UpsertRules<Version, Existing>,
  options: RequestOptions,
): Promise<ReadonlyMap<Version, Decision>> {
  const batch = new UpsertBatch(rules);
  const byItem = Map.groupBy(versions, (version) => rules.keyOf(version));
  let open = [...byItem.values()].map(
    (ofItem): Queue<Version, Existing> => ({
      versions: ofItem,
      next: 0,
      mode: 'insert',
      flips: 0,
      existing: undefined,
      refusal: undefined,
    }),
  );
  while (open.length > 0) {
    const unavailable: { queue: Queue<Version, Existing>; reason: string }[] = [];
    for (const { item: queue, result } of await batch.writeHeads(open, options)) {
      if (result.code === 'unavailable') {
        unavailable.push({ queue, reason: result.reason });
      } else {
        batch.decideHead(queue, result);
      }
    }
    await batch.handOver(open, options);
    if (unavailable.length > 0 && !(await options.attempts.again())) {
      for (const { queue, reason } of unavailable) {
        batch.failRest(queue, reason);
      }
    }
    open = open.filter((queue) => queue.next < queue.versions.length);
  }
  return batch.decisions;
}

class UpsertBatch<Version extends object, Existing> {
  readonly decisions = new Map<Version, Decision>();
  readonly #rules: UpsertRules<Version, Existing>;

  constructor(rules: UpsertRules<Version, Existing>) {
    this.#rules = rules;
  }

  /** Sends the first undecided version of each item. */
  writeHeads(
    queues: readonly Queue<Version, Existing>[],
    options: RequestOptions,
  ): Promise<{ readonly item: Queue<Version, Existing>; readonly result: WriteResult<Existing> }[]> {
    const send = (some: readonly Queue<Version, Existing>[], signal: AbortSignal) =>
      this.#rules.write(
        some.map((queue) => ({ mode: queue.mode, version: headOf(queue) })),
        signal,
      );
    return requestOnce(queues, { itemsMax: this.#rules.writesMax, send }, options);
  }

  /** Decides what follows from what the table said about the first undecided version. */
  decideHead(
    queue: Queue<Version, Existing>,
    result: Exclude<WriteResult<Existing>, { code: 'unavailable' }>,
  ): void {
    switch (result.code) {
      case 'written': {
        const existing = this.#rules.existingAfter(headOf(queue), queue.mode);
        this.#decideOne(queue, { outcome: 'applied' });
        this.#decideKnown(queue, existing);
        break;
      }
      case 'kept':
        if (this.#rules.compare(headOf(queue), result.existing) === 'newer') {
          throw new Error('The table refused a version although it holds a lower one.');
        }
        this.#decideKnown(queue, result.existing);
        break;
      case 'unreadable':
      case 'unwritable':
        queue.existing = undefined;
        this.#refuse(queue, { outcome: 'quarantined', reason: `${result.code}-item` });
        break;
      case 'exists':
      case 'absent':
        queue.mode = result.code === 'exists' ? 'update' : 'insert';
        queue.flips += 1;
        if (queue.flips > FLIPS_MAX) {
          this.failRest(queue, 'item-comes-and-goes');
        }
    }
  }

  /** Hands refused versions over, and goes on with those behind them as far as the table is known. */
  async handOver(
    queues: readonly Queue<Version, Existing>[],
    { attempts, requestsMax }: RequestOptions,
  ): Promise<void> {
    const { refuse } = this.#rules;
    const refused = queues.filter(({ refusal }) => refusal !== undefined);
    await mapWithLimit(refused, requestsMax, async (queue) => {
      while (queue.refusal !== undefined) {
        const { refusal, existing } = queue;
        queue.refusal = undefined;
        const failure = await refuse?.(headOf(queue), refusal, attempts.signal);
        if (failure !== undefined) {
          this.failRest(queue, failure);
          return;
        }
        this.#decideOne(queue, refusal);
        if (existing !== undefined) {
          this.#decideKnown(queue, existing.value);
        }
      }
    });
  }

  /** Later versions of an item must not overtake one that is to be delivered again. */
  failRest(queue: Queue<Version, Existing>, reason: string): void {
    while (queue.next < queue.versions.length) {
      this.#decideOne(queue, { outcome: 'failed', reason });
    }
  }

  /** Decides versions until one goes into the next request, or is to be handed over. */
  #decideKnown(queue: Queue<Version, Existing>, existing: Existing): void {
    queue.mode = 'update';
    queue.existing = { value: existing };
    while (queue.next < queue.versions.length && queue.refusal === undefined) {
      const outcome = this.#rules.compare(headOf(queue), existing);
      if (outcome === 'newer') {
        return;
      }
      if (outcome === 'conflict') {
        this.#refuse(queue, { outcome, reason: 'version-conflict' });
      } else {
        this.#decideOne(queue, { outcome });
      }
    }
  }

  #refuse(queue: Queue<Version, Existing>, refusal: Refusal): void {
    if (this.#rules.refuse === undefined) {
      this.#decideOne(queue, refusal);
    } else {
      queue.refusal = refusal;
    }
  }

  #decideOne(queue: Queue<Version, Existing>, decision: Decision): void {
    this.decisions.set(headOf(queue), decision);
    queue.next += 1;
    queue.flips = 0;
  }
}

/** The version that is decided next; a queue in which all are decided is not asked. */
function headOf<Version>(queue: Queue<Version, unknown>): Version {
  return queue.versions[queue.next] as Version;
}
