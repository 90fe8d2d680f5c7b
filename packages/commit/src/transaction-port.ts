/** One typed attribute, as text: `S` a string, `N` an exact number, `B` raw bytes. */
export type AttributeValue =
  | { readonly S: string; readonly N?: never; readonly B?: never }
  | { readonly N: string; readonly S?: never; readonly B?: never }
  | { readonly B: Uint8Array; readonly S?: never; readonly N?: never };

export type Item = Readonly<Record<string, AttributeValue>>;

/** Names one item: its table, and its key attributes by name. */
export interface ItemKey {
  readonly table: string;
  readonly key: Item;
}

/** How two values are compared. What is absent, or is of another type, meets `<>` only. */
export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/**
 * What must hold of the existing item for an action to be made; top-level attributes only.
 *
 * Numbers are compared by value, texts by their bytes in UTF-8, bytes without a sign.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export type Condition =
  | {
      readonly attribute: string;
      readonly is: 'present' | 'absent';
      readonly value?: never;
      readonly all?: never;
      readonly any?: never;
    }
  | {
      readonly attribute: string;
      readonly is: Comparator;
      readonly value: AttributeValue;
      readonly all?: never;
      readonly any?: never;
    }
  | { readonly all: readonly Condition[]; readonly any?: never; readonly attribute?: never }
  | { readonly any: readonly Condition[]; readonly all?: never; readonly attribute?: never };

/**
 * Changes an item, or makes it where there is none: adds to numbers, sets attributes. It does at least one of these, and never two of
 * them to one attribute.
 */
export interface Update extends ItemKey {
  readonly type: 'update';
  /** Exact decimal text by attribute, for example `{ Value: '-12.5' }`; an absent item or attribute counts as 0. */
  readonly add?: Readonly<Record<string, string>> | undefined;
  readonly set?: Item | undefined;
  /** Set only where the attribute is absent. */
  readonly setIfAbsent?: Item | undefined;
  /** If it does not hold, the transaction fails. */
  readonly condition?: Condition | undefined;
}

/** Writes an item, whether or not one exists. Without a condition only for items that a second write would leave as they are. */
export interface Put extends ItemKey {
  readonly type: 'put';
  readonly attributes: Item;
  /** If it does not hold, the transaction fails. */
  readonly condition?: Condition | undefined;
}

/** Writes an item if none exists at its key, else fails the transaction. */
export interface PutIfAbsent extends ItemKey {
  readonly type: 'put-if-absent';
  readonly attributes: Item;
}

/** Writes nothing, and fails the transaction if the condition does not hold. */
export interface Check extends ItemKey {
  readonly type: 'check';
  readonly condition: Condition;
}

/** Raises a text attribute of an existing item to `to` if it is lower than `below`, else fails the transaction. */
export interface Raise extends ItemKey {
  readonly type: 'raise';
  readonly attribute: string;
  readonly below: string;
  readonly to: string;
}

/** Moves a text attribute of an existing item from `previous` to `next`, else fails the transaction. */
export interface CompareAndSet extends ItemKey {
  readonly type: 'compare-and-set';
  readonly attribute: string;
  readonly previous: string;
  readonly next: string;
}

export type Action = Update | Put | PutIfAbsent | Check | Raise | CompareAndSet;

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

/** An action whose condition did not hold, and the existing item (undefined: there is none, or the store did not say). */
export interface FailedCondition {
  readonly action: Action;
  readonly existing: Item | undefined;
  /** Attributes that the existing item has beside these, of types that the port does not know; absent: there are none. */
  readonly otherAttributes?: readonly string[];
}

/**
 * What became of one transaction.
 *
 * - `committed`: all of it is written. `replayed`: it was written before, and the store only repeated its answer.
 * - `condition-failed`: nothing was written; `failures` are the conditions that did not hold.
 * - `conflict`: nothing was written, because another write held an item.
 * - `throttled`: nothing was written.
 * - `in-progress`: a request with this token is still being processed.
 * - `token-mismatch`: the token was used within its window for other actions; nothing was written.
 * - `unavailable`: no answer, a server error, or an answer that cannot be read. Whether it was written is unknown.
 */
export type TransactionOutcome =
  | { readonly code: 'committed'; readonly replayed: boolean; readonly units: ConsumedUnits }
  | { readonly code: 'condition-failed'; readonly failures: readonly FailedCondition[] }
  | { readonly code: 'conflict' }
  | { readonly code: 'throttled' }
  | { readonly code: 'in-progress' }
  | { readonly code: 'token-mismatch' }
  | { readonly code: 'unavailable'; readonly cause: unknown };

/**
 * All that the strategies know of a store: one atomic write of several items. Nothing is ever read.
 *
 * An adapter makes exactly one attempt per call. Retrying belongs to `commitBatch`, which knows the guard and the deadline;
 * an adapter that retried by itself would hide the difference between "sent once" and "sent twice" that strategies are about.
 *
 * @throws {@link TransactionRefusedError} when the store refuses the request itself (malformed, forbidden, no such table):
 * sending it again would change nothing
 */
export interface TransactionPort {
  transact(request: TransactionRequest): Promise<TransactionOutcome>;
}

/**
 * Actions in one transaction.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const ACTIONS_MAX = 100;

/**
 * Names an item: two actions with equal names are on one item.
 *
 * The text decides the order of actions in a request, which a token depends on: it must stay what it is.
 */
export function itemName(target: ItemKey): string {
  const names = Object.keys(target.key);
  const [name = ''] = names;
  const only = names.length === 1 ? target.key[name] : undefined;
  // Most keys are one text. The same text as below in a tenth of the time; each action is named several times.
  if (only !== undefined && 'S' in only) {
    return `${startOf(target.table, name)}${JSON.stringify(only.S)}}]]]`;
  }
  const key = Object.entries(target.key)
    .map(
      ([name, value]) =>
        [name, 'B' in value ? { B: Buffer.from(value.B).toString('base64') } : value] as const,
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([target.table, key]);
}

/** What the name of an item with one text as its key begins with. Most items follow one of the same table, so that the last is kept. */
function startOf(table: string, attribute: string): string {
  if (last.table !== table || last.attribute !== attribute) {
    last = { table, attribute, start: `[${JSON.stringify(table)},[[${JSON.stringify(attribute)},{"S":` };
  }
  return last.start;
}

let last = { table: '', attribute: '', start: '["",[["",{"S":' };
