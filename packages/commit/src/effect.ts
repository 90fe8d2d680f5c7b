import {
  type Contribution,
  type Decimal,
  formatContribution,
  formatDecimal,
  isLongerThan,
  type Measures,
} from '@oncefold/reducer';
import { assertKnownOptions } from './assert-known-options.ts';
import type { Action } from './transaction-port.ts';

/** What names a group of records that is committed whole. Times are approximate and undefined where the event tells none. */
export interface GroupIdentity {
  /** Unique to these records; the record id of whatever the effect writes for the next stage. */
  readonly name: string;
  /** Time of the oldest record, in seconds since the epoch. */
  readonly earliestTime: number | undefined;
  /** Time of the newest record, in seconds since the epoch. */
  readonly latestTime: number | undefined;
}

/** What a key adds: one decimal, or one for each measure. */
export type Sum = Decimal | Measures;

/**
 * Why a record cannot be committed, whatever else is: no table takes a key of it, or a number that its content has made, or it is too
 * large for an item or for a transaction of its own, or its own writes contradict each other on one item.
 */
export interface RecordRefusal {
  readonly code: 'invalid-key' | 'invalid-value' | 'record-too-large' | 'contradicting-writes';
  /** Without values. */
  readonly reason: string;
}

/** Why an effect does not take what a record adds. */
export interface EffectRefusal {
  /** `misuse`: the program is wrong, whatever the record; any other code: the content of the record is. */
  readonly code: RecordRefusal['code'] | 'misuse';
  /** Without values. */
  readonly reason: string;
}

/** The writes that a delta becomes. */
export interface Effect {
  /** Most aggregate keys that one group may touch. */
  readonly keysMax: number;
  /** Number of actions for a delta of so many keys. */
  actionCount(keyCount: number): number;
  /** Most bytes that a key with its sum takes in one item or in the transaction. */
  bytesOf(key: string): number;
  /**
   * Says why a record cannot add this, before anything is sent.
   *
   * @returns undefined: it can
   */
  whyRefused(key: string, sum: Sum): EffectRefusal | undefined;
  /**
   * The actions for a delta, of keys that are not refused. The same delta and identity give the same actions in the same order, but
   * for times of a clock.
   */
  actions(delta: Contribution<Sum>, identity: GroupIdentity): readonly Action[];
}

/** Most bytes of a sum in JSON, with sign, point, quotes and commas. */
const SUM_BYTES_MAX = 48;

/**
 * Longest partition key, in bytes.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const KEY_BYTES_MAX = 2_048;

/** Keys that a row of sums may hold: with its marker it always fits into one transaction of the next stage. */
export const ROW_KEYS_MAX = 80;

/**
 * The effect of a last stage: every aggregate grows by its part of the delta.
 *
 * @param options.table - name of the table of aggregates
 * @param options.key - name of its string partition key
 * @param options.attribute - name of the number that grows
 * @param options.apart - keys that grow in a table of their own, of the same form, in the same transaction
 * @throws {@link StrategyError} when an option is missing or unknown
 * @returns the effect, of at most 99 keys in one transaction
 */
export function incrementEach(options: {
  table: string;
  key: string;
  attribute: string;
  apart?: { table: string; holds: (key: string) => boolean };
}): Effect {
  assertKnownOptions('incrementEach', options, {
    known: ['table', 'key', 'attribute', 'apart'],
    required: ['table', 'key', 'attribute'],
    texts: ['table', 'key', 'attribute'],
  });
  const { apart } = options;
  return {
    // A marker or a position must fit beside the keys.
    keysMax: 99,
    actionCount: (keyCount) => keyCount,
    bytesOf: (key) => Buffer.byteLength(key) + SUM_BYTES_MAX,
    whyRefused: whyNoSingleSum,
    actions: (delta) =>
      sortedEntries(delta).map(([key, sum]) => ({
        type: 'update',
        table: apart?.holds(key) === true ? apart.table : options.table,
        key: { [options.key]: { S: key } },
        add: { [options.attribute]: formatDecimal(sum) },
      })),
  };
}

/**
 * The effect of a stage before the last: one row that holds the delta as JSON, named by what made it.
 *
 * @param options.table - name of the table of rows
 * @param options.key - name of its string partition key; its value is the record id of the next stage
 * @param options.attribute - name of the text attribute that holds a JSON object from key to exact decimal text
 * @param options.expiry - attribute for the time to live, and seconds after the row is written. Without `now`, in milliseconds since the
 * epoch, they are counted from the newest record, so that a second try writes the same row to the letter, as a request token needs.
 * @param options.apart - keys that go into an attribute of their own, of the same form, which a row has only where there are any
 * @throws {@link StrategyError} when an option is missing or unknown
 * @returns the effect, of at most {@link ROW_KEYS_MAX} keys in one row
 */
export function rowOfSums(options: {
  table: string;
  key: string;
  attribute: string;
  expiry?: { attribute: string; afterSeconds: number; now?: (() => number) | undefined };
  apart?: { attribute: string; holds: (key: string) => boolean };
}): Effect {
  assertKnownOptions('rowOfSums', options, {
    known: ['table', 'key', 'attribute', 'expiry', 'apart'],
    required: ['table', 'key', 'attribute'],
    texts: ['table', 'key', 'attribute'],
  });
  const { apart } = options;
  return {
    keysMax: ROW_KEYS_MAX,
    actionCount: (keyCount) => (keyCount === 0 ? 0 : 1),
    // JSON writes some characters as six.
    bytesOf: (key) => Buffer.byteLength(JSON.stringify(key)) + SUM_BYTES_MAX,
    whyRefused: whyNoSingleSum,
    actions: (delta, { name, latestTime }) => {
      if (delta.size === 0) {
        return [];
      }
      const isApart = ([key]: [string, Decimal]): boolean => apart?.holds(key) === true;
      const entries = Map.groupBy(sortedEntries(delta), isApart);
      const attributes: Record<string, { S: string } | { N: string }> = {
        [options.attribute]: { S: formatContribution(new Map(entries.get(false))) },
      };
      const others = entries.get(true);
      if (apart !== undefined && others !== undefined) {
        attributes[apart.attribute] = { S: formatContribution(new Map(others)) };
      }
      if (options.expiry !== undefined && latestTime !== undefined) {
        const { attribute, afterSeconds, now } = options.expiry;
        // Not before the records, whatever this machine's clock says.
        const writtenAt = Math.max(latestTime, now === undefined ? 0 : now() / 1000);
        attributes[attribute] = { N: String(Math.ceil(writtenAt) + afterSeconds) };
      }
      return [
        {
          type: 'put-if-absent',
          table: options.table,
          key: { [options.key]: { S: name } },
          attributes,
        },
      ];
    },
  };
}

/** The keys are texts of one attribute, and each adds one decimal. */
function whyNoSingleSum(key: string, sum: Sum): EffectRefusal | undefined {
  if (key === '' || !key.isWellFormed() || isLongerThan(key, KEY_BYTES_MAX)) {
    return {
      code: 'invalid-key',
      reason: `an aggregate key must be well-formed text of 1 to ${KEY_BYTES_MAX} bytes`,
    };
  }
  return typeof sum === 'bigint'
    ? undefined
    : {
        code: 'misuse',
        reason: 'the value must be one decimal of parseDecimal; measures need an aggregateTable',
      };
}

function sortedEntries(delta: Contribution<Sum>): [string, Decimal][] {
  return [...(delta as Contribution)].sort(([a], [b]) => (a < b ? -1 : 1));
}
