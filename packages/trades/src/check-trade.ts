import {
  checkDecimal,
  checkSegments,
  type Decimal,
  decodeString,
  formatDecimal,
  type Hierarchy,
  HierarchyError,
  type InvalidSegmentReason,
  isLongerThan,
  readJsonMembers,
  toSafeInteger,
} from '@oncefold/reducer';
import { MESSAGE_COUNT } from './hierarchy.ts';
import { readDimensions } from './recorded-dimensions.ts';
import { isReservedTradeId } from './recount.ts';
import type { Trade } from './trade.ts';

/** TradeID is a partition key; half of what DynamoDB allows leaves room for a prefix. */
const TRADE_ID_BYTES_MAX = 1024;
/** Dimensions that are not rolled up are kept, but not without limit: they are stored with every trade. */
export const DIMENSIONS_MAX = 64;
const DIMENSION_BYTES_MAX = 255;

/** Why a message is no trade; a closed list, so that it can be counted and alarmed on. */
export type InvalidTradeReason =
  | InvalidSegmentReason
  | 'broken-json'
  | 'not-an-object'
  | 'duplicate-name'
  | 'not-a-number'
  | 'not-an-integer'
  | 'out-of-range'
  | 'too-many-dimensions'
  | 'invalid-dimensions';

/** The trade, or why there is none; `field` names a field or a configured dimension and never comes from the input. */
export type TradeResult =
  | { readonly code: 'valid'; readonly trade: Trade }
  | { readonly code: 'invalid'; readonly reason: InvalidTradeReason; readonly field?: string };

export type TradeField = 'TradeID' | 'Version' | 'Value' | 'Hierarchy' | 'Timestamp';

/** A trade's fields by the names of the state table, present and of the right type, otherwise unchecked. */
export interface TradeTexts {
  readonly id: string;
  readonly Version: string;
  readonly Value: string;
  /** A JSON object; its keys are sorted where {@link tradeToItem} wrote it. */
  readonly Hierarchy: string;
  readonly Timestamp: string;
  /** A JSON array of the dimensions that the trade is summed by, from the root down; absent where none are recorded. */
  readonly Dimensions?: string | undefined;
}

/** Carries the first reason for refusal out of nested checks to {@link checkTrade}; it goes no further. */
export class TradeRefusal extends Error {
  override readonly name = 'TradeRefusal';
  readonly reason: InvalidTradeReason;
  readonly field: string | undefined;

  constructor(reason: InvalidTradeReason, field?: string) {
    super(`The trade is refused: ${reason}.`);
    this.reason = reason;
    this.field = field;
  }
}

/**
 * Checks what a trade's texts mean, for messages and for rows of the state table.
 *
 * @param configured - the levels that a trade must have whose texts name none; `message_count` must be reserved in it
 * @returns the trade, or the first reason for refusal
 * @throws {@link HierarchyError} when the hierarchy would let a node be called `message_count`
 */
export function checkTrade(configured: Hierarchy, readTexts: () => TradeTexts): TradeResult {
  if (!configured.reserved.includes(MESSAGE_COUNT)) {
    throw new HierarchyError('not-reserved', `The hierarchy must reserve ${MESSAGE_COUNT}.`);
  }
  try {
    const texts = readTexts();
    const hierarchy = texts.Dimensions === undefined ? configured : checkDimensions(texts.Dimensions);
    const trade: Trade = {
      tradeId: checkTradeId(texts.id),
      version: checkVersion(texts.Version),
      value: checkNumber('Value', texts.Value),
      hierarchy: checkSegmentsOf(texts.Hierarchy, hierarchy, configured),
      dimensions: hierarchy.dimensions,
      timestamp: formatDecimal(checkNumber('Timestamp', texts.Timestamp)),
    };
    return { code: 'valid', trade };
  } catch (error) {
    if (!(error instanceof TradeRefusal)) {
      throw error;
    }
    const { reason, field } = error;
    return field === undefined ? { code: 'invalid', reason } : { code: 'invalid', reason, field };
  }
}

function checkTradeId(text: string): string {
  if (text === '') {
    throw new TradeRefusal('empty-text', 'TradeID');
  }
  checkText(text, 'TradeID', TRADE_ID_BYTES_MAX);
  if (isReservedTradeId(text)) {
    throw new TradeRefusal('reserved-name', 'TradeID');
  }
  return text;
}

function checkText(text: string, field: TradeField, bytesMax: number): void {
  if (isLongerThan(text, bytesMax)) {
    throw new TradeRefusal('too-long', field);
  }
  if (!text.isWellFormed()) {
    throw new TradeRefusal('malformed-unicode', field);
  }
}

/** `1.0` and `1e0` are the version 1: JSON knows no integers. */
function checkVersion(text: string): number {
  const value = checkNumber('Version', text);
  const version = toSafeInteger(value);
  if (version !== undefined && version >= 0) {
    return version;
  }
  const hasFraction = formatDecimal(value).includes('.');
  throw new TradeRefusal(hasFraction ? 'not-an-integer' : 'out-of-range', 'Version');
}

function checkNumber(field: TradeField, text: string): Decimal {
  const value = checkDecimal(text);
  switch (value) {
    case 'not-a-number':
    case 'too-long':
      throw new TradeRefusal(value, field);
    case 'too-many-integer-digits':
    case 'too-many-fraction-digits':
      throw new TradeRefusal('out-of-range', field);
    default:
      return value;
  }
}

function checkDimensions(text: string): Hierarchy {
  const hierarchy = readDimensions(text);
  if (hierarchy === undefined) {
    throw new TradeRefusal('invalid-dimensions', 'Dimensions');
  }
  return hierarchy;
}

function checkSegmentsOf(
  text: string,
  hierarchy: Hierarchy,
  configured: Hierarchy,
): ReadonlyMap<string, string> {
  const segments = readSegments(text);
  const check = checkSegments(hierarchy, segments);
  if (check.code === 'invalid') {
    // A dimension that only the item names is input, and input is not repeated in a refusal.
    const isConfigured = configured.dimensions.includes(check.dimension);
    throw new TradeRefusal(check.reason, isConfigured ? `Hierarchy.${check.dimension}` : 'Hierarchy');
  }
  for (const [dimension, segment] of segments) {
    if (!hierarchy.dimensions.includes(dimension)) {
      checkExtraText(dimension);
      checkExtraText(segment);
    }
  }
  // The check above has seen that every value is a string.
  return segments as ReadonlyMap<string, string>;
}

function readSegments(text: string): ReadonlyMap<string, unknown> {
  const json = readJsonMembers(text);
  if (json.code === 'invalid') {
    throw new TradeRefusal(json.reason, 'Hierarchy');
  }
  if (json.members.size > DIMENSIONS_MAX) {
    throw new TradeRefusal('too-many-dimensions', 'Hierarchy');
  }
  const segments = new Map<string, unknown>();
  for (const [dimension, token] of json.members) {
    segments.set(dimension, token.kind === 'string' ? decodeString(token) : token);
  }
  return segments;
}

/** Names and values that are stored but no node's key: separators, emptiness and reserved names do no harm here. */
function checkExtraText(text: unknown): void {
  if (typeof text !== 'string') {
    throw new TradeRefusal('wrong-type', 'Hierarchy');
  }
  checkText(text, 'Hierarchy', DIMENSION_BYTES_MAX);
}
