import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { StrategyError } from '@oncefold/commit';
import { bytesOfItemAtLeast, canonicalNumber, canonicalText } from './attribute-values.ts';
import type { Comparison } from './upsert-in-order.ts';

/** Attributes by name, as the SDK takes and gives them. */
export type Item = Readonly<Record<string, AttributeValue>>;

/**
 * The attribute that holds an item's version: an integer from 0 of at most 38 digits, or text of a fixed length.
 *
 * Text is compared as DynamoDB compares it, byte by byte, so all versions must have the same length: 24 bytes for an ISO time as
 * `Date.toISOString` writes it. (With a fraction or without, `…:00Z` would be later than `…:00.5Z`.)
 */
export type VersionAttribute =
  | { readonly name: string; readonly type: 'N' }
  | { readonly name: string; readonly type: 'S'; readonly bytes: number };

/** How an item that was removed stays in the table, so that no older version brings it back. */
export interface TombstoneOptions {
  /** Name of the attribute that is `true` in an item that was removed, and absent in all others. */
  readonly attribute: string;
  /**
   * Attribute for the table's time to live, and seconds after the removal was written. Afterwards an older version that still
   * arrives is taken for a new item: keep it longer than the source, its queues and its redrives keep records.
   */
  readonly expiry?: { readonly attribute: string; readonly afterSeconds: number };
}

/** What the items of a table are made of. */
export interface ItemFormOptions {
  /** The key's attributes with their types, as the table was created: the partition key, then the sort key if there is one. */
  readonly key: Readonly<Record<string, 'S' | 'N' | 'B'>>;
  readonly version: VersionAttribute;
  /**
   * The attributes that a version decides. One that a version does not have is removed from its item; those that are not in this
   * list belong to other programs and stay.
   */
  readonly attributes: readonly string[];
  /** Needed where versions remove items. */
  readonly tombstone?: TombstoneOptions;
  /** Milliseconds since the epoch, for the expiry of tombstones. By default the machine's clock. */
  readonly now?: () => number;
}

interface ScalarValues {
  readonly S: string;
  /** Text is taken digit by digit, whatever a JavaScript number can hold. */
  readonly N: number | bigint | string;
  readonly B: Uint8Array;
}

/** Which version of which item. */
interface VersionNames<Form extends ItemFormOptions> {
  readonly key: { readonly [Name in keyof Form['key']]: ScalarValues[Form['key'][Name]] };
  readonly version: ScalarValues[Form['version']['type']];
}

/** What a version makes of its item. */
interface VersionAttributes<Form extends ItemFormOptions> {
  readonly attributes: {
    readonly [Name in Form['attributes'][number]]?: AttributeValue | undefined;
  };
}

/** A version of an item, as a record brings it: its attributes, or that it is removed where the table has tombstones. */
export type ItemVersion<Form extends ItemFormOptions = ItemFormOptions> =
  | (Form extends { readonly tombstone: TombstoneOptions }
      ?
          | (VersionNames<Form> & VersionAttributes<Form> & { readonly removed?: boolean })
          /** Attributes of an item that is removed need not be given, and are not kept. */
          | (VersionNames<Form> & { readonly removed: boolean })
      : VersionNames<Form> & VersionAttributes<Form> & { readonly removed?: never })
  /** The record is no version, for this reason. It is refused like a version that the table cannot take. */
  | { readonly invalid: string };

/** What an item's version is and says, in a form that can be compared. */
export interface ComparableVersion {
  /** Bytes for text, because that is how DynamoDB compares it. */
  readonly order: bigint | Buffer;
  /** Equal for equal attributes, as DynamoDB distinguishes them. */
  readonly content: string;
}

/** A version that can be written. */
export interface WritableVersion extends ComparableVersion {
  /** Equal for versions of one item, and for no others. */
  readonly keyText: string;
  readonly key: Item;
  readonly version: AttributeValue;
  /** Attributes besides key and version. */
  readonly set: Item;
  /** Names of the attributes that the version does not have. */
  readonly remove: readonly string[];
}

/** How versions look in their table. */
export interface ItemForm {
  readonly keyNames: readonly string[];
  readonly versionName: string;
  /** Every name that a write sets or removes besides key and version. */
  readonly otherNames: readonly string[];
  /** @returns the version that can be written, or why it is none, without its values */
  read(version: unknown): WritableVersion | { readonly invalid: string };
  /** @returns undefined where the item has no version that could be compared */
  readItem(item: Item): ComparableVersion | undefined;
}

const PARTITION_KEY_BYTES_MAX = 2_048;
const SORT_KEY_BYTES_MAX = 1_024;
const VERSION_BYTES_MAX = 1_024;
const ITEM_BYTES_MAX = 409_600;

/** Content of an item that was removed; that of all others is a JSON list. */
const REMOVED = 'removed';

/** Compares a version that has arrived with the existing one. */
export function compareVersions(arrived: ComparableVersion, existing: ComparableVersion): Comparison {
  const difference = differenceOf(arrived.order, existing.order);
  if (difference !== 0) {
    return difference > 0 ? 'newer' : 'stale';
  }
  return arrived.content === existing.content ? 'duplicate' : 'conflict';
}

/** Positive where `a` is the higher version. Both are of one type, that of the table. */
export function differenceOf(a: bigint | Buffer, b: bigint | Buffer): number {
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    return a === b ? 0 : a > b ? 1 : -1;
  }
  return Buffer.compare(a, b);
}

/**
 * Makes the form of a table's items.
 *
 * @throws {@link StrategyError} when a name is none or is used twice, or a type or number is none
 */
export function createItemForm(options: ItemFormOptions): ItemForm {
  const { key, version, attributes, tombstone, now = Date.now } = options;
  const keyNames = Object.keys(key);
  const tombstoneNames = tombstone === undefined ? [] : tombstoneNamesOf(tombstone);
  const otherNames = [...attributes, ...tombstoneNames];
  assertForm(options, { keyNames, otherNames });
  const contentOf = (item: Item): string =>
    tombstone !== undefined && attributeOf(item, tombstone.attribute)?.BOOL === true
      ? REMOVED
      : JSON.stringify(attributes.map((name) => canonicalText(attributeOf(item, name)) ?? null));

  const setOf = (arrived: Arrived): Item | undefined => {
    if (arrived.removed === true) {
      return tombstone && tombstoneOf(tombstone, now());
    }
    if (arrived.removed !== undefined && arrived.removed !== false) {
      return undefined;
    }
    return attributesOf(arrived.attributes, attributes);
  };
  return {
    keyNames,
    versionName: version.name,
    otherNames,
    read: (arrived) => {
      if (!isArrived(arrived)) {
        return { invalid: invalidReasonOf(arrived) };
      }
      const keyItem = keyOf(arrived.key, key);
      if (keyItem === undefined) {
        return { invalid: 'invalid-key' };
      }
      const value = versionValueOf(arrived.version, version);
      const order = value && orderOf(value, version);
      if (value === undefined || order === undefined) {
        return { invalid: 'invalid-version' };
      }
      const set = setOf(arrived);
      if (set === undefined) {
        return { invalid: arrived.removed === true ? 'removed-without-tombstone' : 'invalid-attributes' };
      }
      if (bytesOfItemAtLeast({ ...keyItem, [version.name]: value, ...set }) > ITEM_BYTES_MAX) {
        return { invalid: 'unwritable-item' };
      }
      return {
        keyText: keyNames.map((name) => canonicalText(keyItem[name])).join(),
        key: keyItem,
        version: value,
        set,
        remove: otherNames.filter((name) => !Object.hasOwn(set, name)),
        order,
        content: contentOf(set),
      };
    },
    readItem: (item) => {
      const value = attributeOf(item, version.name);
      const order = value && orderOf(value, version);
      return order === undefined ? undefined : { order, content: contentOf(item) };
    },
  };
}

/** What JavaScript may have made of an {@link ItemVersion}. */
interface Arrived {
  readonly key: unknown;
  readonly version: unknown;
  readonly attributes?: unknown;
  readonly removed?: unknown;
}

function isArrived(arrived: unknown): arrived is Arrived {
  return typeof arrived === 'object' && arrived !== null && !('invalid' in arrived);
}

function invalidReasonOf(arrived: unknown): string {
  const reason = (arrived as { readonly invalid?: unknown } | null | undefined)?.invalid;
  return typeof reason === 'string' && reason !== '' ? reason : 'no-version';
}

/** Attributes are looked up by names that come from options, `constructor` among them. */
function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

function tombstoneNamesOf({ attribute, expiry }: TombstoneOptions): string[] {
  return expiry === undefined ? [attribute] : [attribute, expiry.attribute];
}

function tombstoneOf({ attribute, expiry }: TombstoneOptions, nowMs: number): Item {
  return {
    [attribute]: { BOOL: true },
    ...(expiry !== undefined && {
      [expiry.attribute]: { N: String(Math.ceil(nowMs / 1000) + expiry.afterSeconds) },
    }),
  };
}

/** @returns undefined where one is not declared, or is no value that DynamoDB keeps as it is */
function attributesOf(given: unknown, names: readonly string[]): Item | undefined {
  if (typeof given !== 'object' || given === null) {
    return undefined;
  }
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  const isSound = entries.every(
    ([name, value]) => names.includes(name) && canonicalText(value) !== undefined,
  );
  return isSound ? Object.fromEntries(entries) : undefined;
}

function keyOf(given: unknown, types: ItemFormOptions['key']): Item | undefined {
  if (typeof given !== 'object' || given === null) {
    return undefined;
  }
  const names = Object.keys(types);
  if (Object.keys(given).length !== names.length) {
    return undefined;
  }
  const item: [string, AttributeValue][] = [];
  for (const [index, name] of names.entries()) {
    const bytesMax = index === 0 ? PARTITION_KEY_BYTES_MAX : SORT_KEY_BYTES_MAX;
    const value = scalarOf((given as Readonly<Record<string, unknown>>)[name], types[name]);
    if (value === undefined || !isKeyValue(value, bytesMax)) {
      return undefined;
    }
    item.push([name, value]);
  }
  return Object.fromEntries(item);
}

function isKeyValue(value: AttributeValue, bytesMax: number): boolean {
  const bytes = Buffer.byteLength((value.S ?? value.N ?? value.B) as string | Uint8Array);
  return bytes > 0 && bytes <= bytesMax && canonicalText(value) !== undefined;
}

function scalarOf(value: unknown, type: 'S' | 'N' | 'B' | undefined): AttributeValue | undefined {
  switch (typeof value) {
    case 'string':
      return type === 'S' ? { S: value } : type === 'N' ? { N: value } : undefined;
    case 'number':
    case 'bigint':
      return type === 'N' ? { N: String(value) } : undefined;
    default:
      return type === 'B' && value instanceof Uint8Array ? { B: value } : undefined;
  }
}

/** A JavaScript number above the safe integers may be another one than was written. */
function versionValueOf(value: unknown, { type }: VersionAttribute): AttributeValue | undefined {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? undefined : scalarOf(value, type);
}

/** @returns undefined where the value is no version of this table */
function orderOf(value: AttributeValue, version: VersionAttribute): bigint | Buffer | undefined {
  if (version.type === 'S') {
    const bytes = value.S?.isWellFormed() === true ? Buffer.from(value.S) : undefined;
    return bytes?.byteLength === version.bytes ? bytes : undefined;
  }
  const [, digits, exponent] = /^(\d+)(?:e(\d+))?$/.exec(canonicalNumber(value.N ?? '') ?? '') ?? [];
  const order = digits === undefined ? undefined : BigInt(digits) * 10n ** BigInt(exponent ?? 0);
  return order !== undefined && order < VERSION_LIMIT ? order : undefined;
}

/** DynamoDB keeps 38 digits of a number. */
const VERSION_LIMIT = 10n ** 38n;

/** Names that need no escape in PartiQL; a full stop is a path for some engines. */
const NAME = /^[\w:#@-]{1,255}$/;

function assertForm(
  { key, version, tombstone }: ItemFormOptions,
  { keyNames, otherNames }: { readonly keyNames: readonly string[]; readonly otherNames: readonly string[] },
): void {
  const names = [...keyNames, version.name, ...otherNames];
  const wrong = names.find((name) => typeof name !== 'string' || !NAME.test(name));
  if (wrong !== undefined) {
    throw new StrategyError(
      'versionedTable: names of attributes have 1 to 255 of the characters A-Z a-z 0-9 _ : # @ -',
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new StrategyError(`versionedTable: the attribute ${twice} has two meanings`);
  }
  const types = Object.values(key);
  if (types.length < 1 || types.length > 2 || !types.every((type) => ['S', 'N', 'B'].includes(type))) {
    throw new StrategyError('versionedTable: key has 1 or 2 attributes, each with the type S, N or B');
  }
  const isText = version.type === 'S' && isCount(version.bytes, VERSION_BYTES_MAX);
  if (!isText && version.type !== 'N') {
    throw new StrategyError(
      `versionedTable: version has the type N, or the type S and the bytes that each has, 1 to ${VERSION_BYTES_MAX}`,
    );
  }
  const afterSeconds = tombstone?.expiry?.afterSeconds;
  if (afterSeconds !== undefined && !isCount(afterSeconds, Number.MAX_SAFE_INTEGER)) {
    throw new StrategyError('versionedTable: tombstone.expiry.afterSeconds is an integer from 1');
  }
}

function isCount(value: unknown, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max;
}
