import {
  type Contribution,
  type Decimal,
  formatDecimal,
  type Measures,
  type PartsOf,
  toDecimal,
  zero,
} from '@oncefold/reducer';
import { createAggregateKeys, type KeyAttribute, type PartValues } from './aggregate-keys.ts';
import { nameKind } from './assert-contribution.ts';
import { assertKnownOptions } from './assert-known-options.ts';
import { whyNoAttributes } from './assert-sendable.ts';
import type { Effect, EffectRefusal, GroupIdentity, Sum } from './effect.ts';
import { StrategyError } from './errors.ts';
import { conditionOfLimits, type Limit, readLimits } from './measure-limits.ts';
import type { Item, Update } from './transaction-port.ts';
import { bytesOfItem, isWrongContent, ownValue } from './value-types.ts';

type PartsOfAttribute<Attribute> = Attribute extends string
  ? { readonly [Part in PartsOf<Attribute>]: string }
  : Attribute extends { readonly N: infer Part extends string }
    ? { readonly [Name in Part]: number | string }
    : Attribute extends { readonly B: infer Part extends string }
      ? { readonly [Name in Part]: Uint8Array }
      : never;

type Intersection<Union> = (Union extends unknown ? (member: Union) => void : never) extends (
  member: infer All,
) => void
  ? All
  : never;

/** The parts that the key attributes of a table are made of, by name. */
export type KeyParts<Key> = Intersection<PartsOfAttribute<Key[keyof Key]>>;

/** Attributes beside the sums. */
export interface AggregateAttributes {
  readonly set?: Item;
  /** Set only where the attribute is absent. */
  readonly setIfAbsent?: Item;
}

/** Options of {@link aggregateTable}. */
export interface AggregateTableOptions<Key, Measure extends string> {
  readonly table: string;
  /** The partition key and, where the table has one, the sort key after it, each by its attribute's name. */
  readonly key: Key;
  /** Names of the number attributes that grow; each item has all of them. */
  readonly measures: readonly Measure[];
  /**
   * Attributes beside the sums, for example a type, keys of an index, or a time to live. They must depend on nothing but the
   * arguments, so that a second try sends the same request: take times from `group`, and not from a clock.
   */
  readonly attributes?: (
    key: KeyParts<Key>,
    group: Pick<GroupIdentity, 'earliestTime' | 'latestTime'>,
  ) => AggregateAttributes;
  /**
   * Bounds of what this table adds. A record whose part cannot be added within them is handed to `onConditionFailed`. They are
   * looked at for a group of records as a whole, and only where it moves a measure towards the bound.
   */
  readonly limits?: { readonly [Name in NoInfer<Measure>]?: Limit };
}

/** An effect that knows its keys and measures, and makes what a record adds. */
export interface AggregateTable<Key = unknown, Measure extends string = string> extends Effect {
  /**
   * What a record adds to one aggregate. Several are given as a list, or put together by `mergeContributions`.
   *
   * @param key - the parts of the key; texts of any content, which are escaped where the pattern needs it
   * @param measures - by name: a safe integer, exact text, or a decimal; one that is left out adds 0
   * @throws {@link KeyPatternError} when a part is missing, empty, malformed, or the key gets too long
   * @throws {@link DecimalError} when a measure is no exact number
   * @throws {@link StrategyError} when a measure or a part has no place in the table
   */
  add(
    key: KeyParts<Key>,
    measures: { readonly [Name in Measure]?: number | string | Decimal },
  ): Contribution<Measures<Measure>>;
  /** With what the keys of its contributions begin, and no others. */
  readonly keyPrefix: string;
}

/** Most bytes of the attributes beside the sums of one item: 99 items of these fit into a transaction. */
const ATTRIBUTE_BYTES_MAX = 8_192;

const ATTRIBUTES_MUST = 'aggregateTable: attributes must return { set, setIfAbsent }';

/** Before a record is in one. */
const NO_GROUP: GroupIdentity = { name: '', earliestTime: undefined, latestTime: undefined };

/** Most measures of one item. */
const MEASURES_MAX = 50;

/** Most bytes of a sum, with the name of its attribute apart. */
const SUM_BYTES_MAX = 40;

/**
 * The effect of a last stage for tables as teams have them: composite keys, several measures, attributes beside the sums, bounds.
 *
 * @param options - an unknown one is refused
 * @returns the effect, of at most 99 items in one transaction, with `add` to make contributions
 * @throws {@link StrategyError} when an option cannot be used
 * @throws {@link KeyPatternError} when a pattern cannot be used
 *
 * @example
 * ```ts
 * import { aggregateTable } from '@oncefold/commit';
 *
 * const views = aggregateTable({
 *   table: 'PageViews',
 *   key: { PK: 'PAGE#{page}', SK: 'DAY#{day}' },
 *   measures: ['views', 'seconds'],
 * });
 * views.add({ page: '/home', day: '2026-11-25' }, { views: 1, seconds: '12.30' });
 * ```
 */
export function aggregateTable<
  const Key extends { readonly [attribute: string]: KeyAttribute },
  const Measure extends string,
>(options: AggregateTableOptions<Key, Measure>): AggregateTable<Key, Measure> {
  assertKnownOptions('aggregateTable', options, {
    known: ['table', 'key', 'measures', 'attributes', 'limits'],
    required: ['table', 'key', 'measures'],
    texts: ['table'],
  });
  const { table, attributes } = options;
  if (attributes !== undefined && typeof attributes !== 'function') {
    throw new StrategyError('aggregateTable: attributes must be a function of key and group');
  }
  const keys = createAggregateKeys(options.key);
  const measures: readonly string[] = assertMeasures(options.measures, options.key);
  const taken = [...Object.keys(options.key), ...measures];
  const limits = readLimits(options.limits ?? {}, measures);
  const prefix = `${JSON.stringify([table, options.key])}\n`;
  const measureBytes = measures.reduce((bytes, name) => bytes + Buffer.byteLength(name) + SUM_BYTES_MAX, 0);

  const attributesOf = (parts: PartValues, group: GroupIdentity) => {
    const made = attributes?.(parts as KeyParts<Key>, group) ?? {};
    return { ...made, refusal: whyNoAttributesOf(made, taken) };
  };
  const update = (key: string, sum: Measures, group: GroupIdentity): Update => {
    const { item, parts } = keys.read(key.slice(prefix.length));
    const { set, setIfAbsent, refusal } = attributesOf(parts, group);
    if (refusal !== undefined) {
      throw new StrategyError(refusal.reason);
    }
    const condition = conditionOfLimits(sum, limits);
    return {
      type: 'update',
      table,
      key: item,
      add: Object.fromEntries(measures.map((name) => [name, formatDecimal(ownValue(sum, name) ?? zero)])),
      ...(set === undefined ? {} : { set }),
      ...(setIfAbsent === undefined ? {} : { setIfAbsent }),
      ...(condition === undefined ? {} : { condition }),
    };
  };

  return {
    // A marker or a position must fit beside the items.
    keysMax: 99,
    actionCount: (keyCount) => keyCount,
    bytesOf: (key) => Buffer.byteLength(key) + measureBytes,
    keyPrefix: prefix,
    whyRefused: (key, sum) => {
      if (!key.startsWith(prefix)) {
        return misuse(
          `the key is none of ${table}: make contributions with the add of the effect that commits them`,
        );
      }
      // Of parts of the key, so of the content of a record; what the group tells beside them is its times.
      return (
        whyNoMeasures(sum, measures) ??
        (attributes && attributesOf(keys.read(key.slice(prefix.length)).parts, NO_GROUP).refusal)
      );
    },
    actions: (delta, group) =>
      [...delta]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, sum]) => update(key, sum as Measures, group)),
    add: (parts, values) => {
      assertObject(table, 'parts', parts);
      assertObject(table, 'measures', values);
      for (const name of Object.keys(values)) {
        if (!measures.includes(name)) {
          throw new StrategyError(`${table} has no measure ${name}; there are ${measures.join(', ')}`);
        }
      }
      const sum: [string, Decimal][] = [];
      for (const name of measures) {
        const value = ownValue(values as Readonly<Record<string, number | string | Decimal>>, name);
        if (value !== undefined) {
          sum.push([name, toDecimal(value)]);
        }
      }
      return new Map([
        [prefix + keys.format(parts as PartValues), Object.fromEntries(sum) as Measures<Measure>],
      ]);
    },
  };
}

function assertMeasures(measures: readonly string[], key: object): readonly string[] {
  if (!Array.isArray(measures) || measures.length < 1 || measures.length > MEASURES_MAX) {
    throw new StrategyError(`aggregateTable: measures must be a list of 1 to ${MEASURES_MAX} names`);
  }
  for (const [index, name] of measures.entries()) {
    const isUsable =
      typeof name === 'string' && name !== '' && name !== '__proto__' && !Object.hasOwn(key, name);
    if (!isUsable || measures.indexOf(name) !== index) {
      throw new StrategyError(
        `aggregateTable: measures[${index}] must be the name of an attribute, given once, that is not of the key`,
      );
    }
  }
  return [...measures];
}

/** What types do not hold in untyped JavaScript: an argument that was left out, or one part in the place of all. */
function assertObject(table: string, what: string, given: unknown): void {
  if (typeof given !== 'object' || given === null) {
    throw new StrategyError(
      `${table}: add takes the parts of the key and the measures, each as an object, and the ${what} are ${nameKind(given)}`,
    );
  }
}

function misuse(reason: string): EffectRefusal {
  return { code: 'misuse', reason };
}

function whyNoMeasures(sum: Sum, measures: readonly string[]): EffectRefusal | undefined {
  if (typeof sum !== 'object') {
    return misuse('the value must be measures: make it with the add of the table');
  }
  const unknown = Object.keys(sum).find((name) => !measures.includes(name));
  return unknown === undefined ? undefined : misuse(`there is no measure ${unknown}`);
}

/** @param taken - names of the key and of the measures */
function whyNoAttributesOf(
  { set = {}, setIfAbsent = {}, ...unknown }: AggregateAttributes,
  taken: readonly string[],
): EffectRefusal | undefined {
  const [other] = Object.keys(unknown);
  if (other !== undefined) {
    return misuse(`${ATTRIBUTES_MUST}: there is no member ${other}`);
  }
  const fault =
    whyNoAttributes('set', set) ??
    whyNoAttributes('setIfAbsent', setIfAbsent) ??
    whyTaken([...taken, ...Object.keys(set), ...Object.keys(setIfAbsent)]);
  if (fault !== undefined) {
    const hasWrongContent = [set, setIfAbsent].some((part) =>
      Object.values(Object(part)).some(isWrongContent),
    );
    return { code: hasWrongContent ? 'invalid-value' : 'misuse', reason: `${ATTRIBUTES_MUST}: ${fault}` };
  }
  const bytes = bytesOfItem(set) + bytesOfItem(setIfAbsent);
  return bytes > ATTRIBUTE_BYTES_MAX
    ? {
        code: 'record-too-large',
        reason: `aggregateTable: the attributes of one item have at most ${ATTRIBUTE_BYTES_MAX} bytes, not ${bytes}`,
      }
    : undefined;
}

function whyTaken(names: readonly string[]): string | undefined {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice && `${twice} is of the key, or a measure, or set twice`;
}
