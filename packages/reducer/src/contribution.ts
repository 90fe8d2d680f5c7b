import { addDecimals, type Decimal, DecimalError, formatDecimal, parseSum, zero } from './decimal.ts';
import { decodeString, type JsonToken, readJsonMembers } from './json-members.ts';

/**
 * What one record adds: from aggregate key to an exact decimal.
 *
 * Keys keep their insertion order and may be any text, `__proto__` included; it is a Map and never an object.
 */
export type Contribution = ReadonlyMap<string, Decimal>;

/** Why a text is not a contribution. */
export type ContributionErrorCode =
  | 'broken-json'
  | 'not-an-object'
  | 'duplicate-name'
  | 'wrong-type'
  | 'not-a-number'
  | 'out-of-range';

/** Says that a text is not a contribution; the message never holds keys or values. */
export class ContributionError extends Error {
  override readonly name = 'ContributionError';
  readonly retryable = false;
  readonly code: ContributionErrorCode;

  constructor(code: ContributionErrorCode, options?: { cause?: unknown }) {
    super(`The contribution is refused: ${code}.`, options);
    this.code = code;
  }
}

/**
 * Adds contributions up, key by key, into what is called a delta.
 *
 * The result does not depend on how the contributions are grouped. Keys whose sum is zero stay, so that a row
 * exists for everything that was ever touched.
 *
 * @param contributions - Any number of contributions; none of them is changed.
 * @returns A new contribution with each key where it was first seen.
 * @throws {@link DecimalError} When a sum needs more than 26 integer digits.
 */
export function mergeContributions(contributions: Iterable<Contribution>): Contribution {
  const sums = new Map<string, Decimal>();
  for (const contribution of contributions) {
    for (const [key, value] of contribution) {
      sums.set(key, addDecimals(sums.get(key) ?? zero, value));
    }
  }
  return sums;
}

/**
 * Writes a contribution as a JSON object whose values are decimals in JSON strings, so that no reader rounds them.
 *
 * @param contribution - What to write.
 * @returns JSON text in the contribution's own order, which {@link parseContribution} reads back.
 */
export function formatContribution(contribution: Contribution): string {
  const members: string[] = [];
  for (const [key, value] of contribution) {
    members.push(`${JSON.stringify(key)}:"${formatDecimal(value)}"`);
  }
  return `{${members.join(',')}}`;
}

/**
 * Reads what {@link formatContribution} wrote, and objects with JSON numbers, whose digits are taken from the text.
 *
 * @param text - A JSON object from key to decimal, each a JSON string or a JSON number.
 * @returns The contribution, in the order of the text.
 * @throws {@link ContributionError} When the text is no such object, names a key twice, or exceeds a limit.
 */
export function parseContribution(text: string): Contribution {
  const result = readJsonMembers(text);
  if (result.code === 'invalid') {
    throw new ContributionError(result.reason);
  }
  const contribution = new Map<string, Decimal>();
  for (const [key, token] of result.members) {
    contribution.set(key, parseMember(token));
  }
  return contribution;
}

function parseMember(token: JsonToken): Decimal {
  if (token.kind !== 'string' && token.kind !== 'number') {
    throw new ContributionError('wrong-type');
  }
  try {
    return parseSum(token.kind === 'string' ? decodeString(token) : token.source);
  } catch (cause) {
    const isNoNumber = cause instanceof DecimalError && cause.code === 'not-a-number';
    throw new ContributionError(isNoNumber ? 'not-a-number' : 'out-of-range', { cause });
  }
}
