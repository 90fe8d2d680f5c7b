/** One typed attribute, as text: `S` a string, `N` an exact number, `B` raw bytes. */
export type AttributeValue = { readonly S: string } | { readonly N: string } | { readonly B: Uint8Array };

/** Attributes by name. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** Adds an exact decimal to a number; an absent item or attribute counts as 0. */
export interface Increment {
  readonly type: 'increment';
  readonly table: string;
  readonly key: Item;
  readonly attribute: string;
  /** Exact decimal text without exponent, for example `-12.5`. */
  readonly by: string;
}

/** Writes an item, whatever stands there. Only for items that a second write would leave as they are. */
export interface Put {
  readonly type: 'put';
  readonly table: string;
  readonly key: Item;
  readonly attributes: Item;
}

/** Writes an item if nothing stands at its key, else fails the transaction. */
export interface PutIfAbsent {
  readonly type: 'put-if-absent';
  readonly table: string;
  readonly key: Item;
  readonly attributes: Item;
}

/** Moves a text attribute from `previous` (undefined: the item is absent) to `next`, else fails the transaction. */
export interface CompareAndSet {
  readonly type: 'compare-and-set';
  readonly table: string;
  readonly key: Item;
  readonly attribute: string;
  readonly previous: string | undefined;
  readonly next: string;
}

/** One write of a transaction. */
export type Action = Increment | Put | PutIfAbsent | CompareAndSet;

/** One transaction to send. */
export interface TransactionRequest {
  /** 1 to {@link ACTIONS_MAX} actions, no two on one item. */
  readonly actions: readonly Action[];
  /** ClientRequestToken, 1 to 36 characters; absent: every send is a request of its own. */
  readonly token?: string;
  /** After so many whole milliseconds without an answer the outcome is `unavailable`. */
  readonly timeoutMs: number;
}

/** Capacity that the store says a request took, in read and write units. */
export interface ConsumedUnits {
  readonly read: number;
  readonly write: number;
}

/** An action whose condition did not hold, and the item that stood there (undefined: none, or not told). */
export interface FailedCondition {
  readonly action: Action;
  readonly standing: Item | undefined;
}

/**
 * What became of one transaction.
 *
 * - `committed`: all of it stands. `replayed`: it stood before, and the store only repeated its answer.
 * - `condition-failed`: nothing was written; `failures` are the conditions that did not hold.
 * - `conflict`: nothing was written, because another write held an item.
 * - `throttled`: nothing was written.
 * - `in-progress`: a request with this token is still at work.
 * - `token-mismatch`: the token was used within its window for other actions; nothing was written.
 * - `unavailable`: no answer, or a server error. Whether it was written is unknown.
 */
export type TransactionOutcome =
  | { readonly code: 'committed'; readonly replayed: boolean; readonly units: ConsumedUnits }
  | { readonly code: 'condition-failed'; readonly failures: readonly FailedCondition[] }
  | { readonly code: 'conflict' }
  | { readonly code: 'throttled' }
  | { readonly code: 'in-progress' }
  | { readonly code: 'token-mismatch' }
  | { readonly code: 'unavailable'; readonly cause: unknown };

/** What became of one consistent read. */
export type ReadOutcome =
  | { readonly code: 'found'; readonly item: Item }
  | { readonly code: 'absent' }
  | { readonly code: 'throttled' }
  | { readonly code: 'unavailable'; readonly cause: unknown };

/**
 * All that the strategies know of a store: one atomic write of several items, and one consistent read.
 *
 * An adapter makes exactly one attempt per call. Retrying belongs to `commitBatch`, which knows the guard and the deadline;
 * an adapter that retried by itself would hide the difference between "sent once" and "sent twice" that strategies are about.
 *
 * @throws {@link TransactionRefusedError} when the store refuses the request itself (malformed, forbidden, no such table):
 * sending it again would change nothing.
 */
export interface TransactionPort {
  transact(request: TransactionRequest): Promise<TransactionOutcome>;
  read(request: {
    readonly table: string;
    readonly key: Item;
    readonly timeoutMs: number;
  }): Promise<ReadOutcome>;
}

/**
 * Actions in one transaction.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const ACTIONS_MAX = 100;

/** Names an item: two actions with equal names are on one item. */
export function itemName(target: { readonly table: string; readonly key: Item }): string {
  const key = Object.entries(target.key).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([target.table, key]);
}
