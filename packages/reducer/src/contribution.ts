import { addDecimals, type Decimal, DecimalError, formatDecimal, parseSum, zero } from './decimal.ts';
import { decodeString, type JsonToken, readJsonMembers } from './json-members.ts';
import { nameType } from './name-type.ts';
import { readWrittenContribution } from './read-written-contribution.ts';

/** Exact decimals by the name of what they measure, for example `{ orders: …, revenue: … }`. */
export type Measures<Name extends string = string> = Readonly<Record<Name, Decimal>>;

/**
 * What one record adds: from aggregate key to an exact decimal, or to several, one for each measure.
 *
 * Keys keep their insertion order and may be any text, `__proto__` included; it is a Map and never an object.
 */
export type Contribution<Value extends Decimal | Measures = Decimal> = ReadonlyMap<string, Value>;

/** Why a text is not a contribution, or what came is none. */
export type ContributionErrorCode =
  | 'not-text'
  | 'broken-json'
  | 'not-an-object'
  | 'duplicate-name'
  | 'wrong-type'
  | 'not-a-number'
  | 'out-of-range'
  | 'not-a-list'
  | 'not-a-contribution'
  | 'key-not-text'
  | 'not-a-decimal'
  | 'mixed-values';

/** What to do about a text that is no contribution. */
const REMEDIES_OF_TEXT = {
  'not-text': 'Give the JSON text; decode bytes as UTF-8 first.',
  'broken-json': 'Give what formatContribution wrote, or another JSON object from key to decimal.',
  'not-an-object': 'Give a JSON object from key to decimal.',
  'duplicate-name': 'Give each key once, with the sum of what it adds.',
  'wrong-type': 'Write each value as a JSON string or a JSON number.',
  'not-a-number': 'Write each value as a decimal, such as "12.5".',
  'out-of-range': 'Keep each value within 26 integer and 12 fraction digits.',
} as const satisfies Partial<Record<ContributionErrorCode, string>>;

/** Says that something is no contribution; the message may name a position, and never holds keys or values. */
export class ContributionError extends Error {
  override readonly name = 'ContributionError';
  readonly code: ContributionErrorCode;

  /** @param remedy - what to do, in whole sentences, behind what was found */
  constructor(code: ContributionErrorCode, remedy: string, options?: ErrorOptions) {
    super(`The contribution is refused: ${code}. ${remedy}`, options);
    this.code = code;
  }
}

/**
 * Adds contributions up, key by key, into what is called a delta.
 *
 * The result does not depend on how the contributions are grouped. Keys whose sum is zero stay, so that a row
 * exists for everything that was ever touched.
 *
 * @param contributions - any number of contributions; none of them is changed
 * @returns a new contribution with each key where it was first seen
 * @throws {@link DecimalError} when a sum needs more than 26 integer digits
 * @throws {@link ContributionError} when what came is no list of contributions: no Map, a key that is no text, a
 * value that is no Decimal. The message names the position.
 */
export function mergeContributions<Value extends Decimal | Measures = Decimal>(
  contributions: Iterable<Contribution<Value>>,
): Contribution<Value> {
  if (typeof contributions?.[Symbol.iterator] !== 'function') {
    throw new ContributionError(
      'not-a-list',
      `It is ${nameType(contributions)}. Give a list of contributions, even for one.`,
    );
  }
  const checked: Contribution<Value>[] = [];
  for (const contribution of contributions) {
    const where = `contributions[${checked.length}]`;
    if (!isMap(contribution)) {
      throw noContribution(contribution, where);
    }
    for (const [key, value] of contribution) {
      if (typeof key !== 'string' || !isValue(value)) {
        throw wrongEntry(contribution, `${where}, `, isValue);
      }
    }
    checked.push(contribution);
  }
  return sumContributions(checked);
}

/**
 * Adds contributions up as {@link mergeContributions} does, where it is known that they are some: nothing is checked but what comes of it.
 *
 * @param contributions - any number of contributions; none of them is changed
 * @returns a new contribution with each key where it was first seen
 * @throws {@link DecimalError} when a sum needs more than 26 integer digits
 * @throws {@link ContributionError} when one key has a decimal and measures
 */
export function sumContributions<Value extends Decimal | Measures = Decimal>(
  contributions: Iterable<Contribution<Value>>,
): Contribution<Value> {
  const sums = new Map<string, Decimal | Measures>();
  for (const contribution of contributions) {
    for (const [key, value] of contribution) {
      const sum = sums.get(key) ?? (typeof value === 'bigint' ? zero : undefined);
      if (typeof sum === 'bigint' && typeof value === 'bigint') {
        sums.set(key, addDecimals(sum, value));
      } else {
        sums.set(key, sum === undefined ? value : addMeasures(sum, value));
      }
    }
  }
  return sums as ReadonlyMap<string, unknown> as Contribution<Value>;
}

/** Adds what a key adds of several measures; two decimals are added where they are found. */
function addMeasures(a: Decimal | Measures, b: Decimal | Measures): Measures {
  if (typeof a !== 'object' || typeof b !== 'object') {
    throw new ContributionError('mixed-values', 'Give either one decimal or measures under one key.');
  }
  const sums = new Map(Object.entries(a));
  for (const [name, value] of Object.entries(b)) {
    sums.set(name, addDecimals(sums.get(name) ?? zero, value));
  }
  return Object.fromEntries(sums);
}

function isMeasures(value: unknown): value is Measures {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.values(value).every(isDecimal)
  );
}

/**
 * Writes a contribution as a JSON object whose values are decimals in JSON strings, so that no reader rounds them.
 *
 * @param contribution - what to write
 * @returns JSON text in the contribution's own order, which {@link parseContribution} reads back
 * @throws {@link ContributionError} when it is no Map, or has a key that is no text or a value that is no Decimal
 */
export function formatContribution(contribution: Contribution): string {
  if (!isMap(contribution)) {
    throw noContribution(contribution, 'It');
  }
  const members: string[] = [];
  for (const [key, value] of contribution) {
    if (typeof key !== 'string' || typeof value !== 'bigint') {
      throw wrongEntry(contribution, '', isDecimal);
    }
    members.push(`${JSON.stringify(key)}:"${formatDecimal(value)}"`);
  }
  return `{${members.join(',')}}`;
}

/**
 * Reads what {@link formatContribution} wrote, and objects with JSON numbers, whose digits are taken from the text.
 *
 * @param text - a JSON object from key to decimal, each a JSON string or a JSON number
 * @returns the contribution, in the order of the text
 * @throws {@link ContributionError} when the text is no text or no such object, names a key twice, or exceeds a limit
 */
export function parseContribution(text: string): Contribution {
  if (typeof text !== 'string') {
    throw refuseText('not-text', `It is ${nameType(text)}. `);
  }
  const written = readWrittenContribution(text);
  if (written !== undefined) {
    return written;
  }
  const result = readJsonMembers(text);
  if (result.code === 'invalid') {
    throw refuseText(result.reason);
  }
  const contribution = new Map<string, Decimal>();
  for (const [key, token] of result.members) {
    contribution.set(key, parseMember(token));
  }
  return contribution;
}

function parseMember(token: JsonToken): Decimal {
  if (token.kind !== 'string' && token.kind !== 'number') {
    throw refuseText('wrong-type');
  }
  try {
    return parseSum(token.kind === 'string' ? decodeString(token) : token.source);
  } catch (cause) {
    const isNoNumber = cause instanceof DecimalError && cause.code === 'not-a-number';
    throw refuseText(isNoNumber ? 'not-a-number' : 'out-of-range', '', { cause });
  }
}

function refuseText(
  code: keyof typeof REMEDIES_OF_TEXT,
  finding = '',
  options?: ErrorOptions,
): ContributionError {
  return new ContributionError(code, finding + REMEDIES_OF_TEXT[code], options);
}

function isMap(contribution: unknown): contribution is Contribution {
  return contribution instanceof Map;
}

function noContribution(contribution: unknown, where: string): ContributionError {
  return new ContributionError(
    'not-a-contribution',
    `${where} is ${nameType(contribution)}. Give a Map from key to Decimal; an empty one where a record adds nothing.`,
  );
}

function isValue(value: unknown): boolean {
  return isDecimal(value) || isMeasures(value);
}

function isDecimal(value: unknown): boolean {
  return typeof value === 'bigint';
}

/** Looks for the wrong entry once more, so that nothing needs counting where all are right. */
function wrongEntry(
  contribution: ReadonlyMap<unknown, unknown>,
  where: string,
  isRight: (value: unknown) => boolean,
): ContributionError {
  const entries = [...contribution];
  const index = entries.findIndex(([key, value]) => typeof key !== 'string' || !isRight(value));
  const [key, value] = entries[index] as [unknown, unknown];
  return typeof key === 'string'
    ? new ContributionError(
        'not-a-decimal',
        `${where}entry ${index}: the value is ${nameType(value)}. Make each value from text with parseDecimal.`,
      )
    : new ContributionError(
        'key-not-text',
        `${where}entry ${index}: the key is ${nameType(key)}. Give each key as a string.`,
      );
}
