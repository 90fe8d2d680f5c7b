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
  rollUp,
  toSafeInteger,
  zero,
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

/** Where a trade is in a hierarchy. */
export type Place = Pick<Trade, 'hierarchy' | 'nodes'>;

/**
 * Reads the text of a trade's hierarchy by the levels that it is summed by.
 *
 * @throws {@link TradeRefusal} where it is no place in them
 */
export type ReadPlace = (text: string, levels: Hierarchy, configured: Hierarchy) => Place;

/**
 * Checks what a trade's texts mean, for messages and for rows of the state table.
 *
 * @param configured - the levels that a trade must have whose texts name none; `message_count` must be reserved in it
 * @param readTexts - reads them out of the source; throws {@link TradeRefusal} where they are not there
 * @param readPlace - remembers what it has read, where many trades are read
 * @returns the trade, or the first reason for refusal
 * @throws {@link HierarchyError} when the hierarchy would let a node be called `message_count`
 */
export function checkTrade<Source>(
  configured: Hierarchy,
  source: Source,
  readTexts: (source: Source) => TradeTexts,
  readPlace: ReadPlace = checkPlace,
): TradeResult {
  if (!configured.reserved.includes(MESSAGE_COUNT)) {
    throw new HierarchyError('not-reserved', `The hierarchy must reserve ${MESSAGE_COUNT}.`);
  }
  try {
    const texts = readTexts(source);
    const levels = texts.Dimensions === undefined ? configured : checkDimensions(texts.Dimensions);
    const tradeId = checkTradeId(texts.id);
    const version = checkVersion(texts.Version);
    const value = checkNumber('Value', texts.Value);
    const { hierarchy, nodes } = readPlace(texts.Hierarchy, levels, configured);
    const timestamp = checkTimestamp(texts.Timestamp);
    const { dimensions } = levels;
    return { code: 'valid', trade: { tradeId, version, value, hierarchy, dimensions, nodes, timestamp } };
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
  const integer = Number(text);
  if (String(integer) === text && Number.isSafeInteger(integer) && integer >= 0) {
    return integer;
  }
  const value = checkNumber('Version', text);
  const version = toSafeInteger(value);
  if (version !== undefined && version >= 0) {
    return version;
  }
  const hasFraction = formatDecimal(value).includes('.');
  throw new TradeRefusal(hasFraction ? 'not-an-integer' : 'out-of-range', 'Version');
}

/** As {@link formatDecimal} writes it, and so nearly every one in the state table. */
const CANONICAL_TIMESTAMP = /^(?:0|[1-9]\d{0,17})(?:\.\d{0,11}[1-9])?$/;

/** Gives the canonical text. */
function checkTimestamp(text: string): string {
  return CANONICAL_TIMESTAMP.test(text) ? text : formatDecimal(checkNumber('Timestamp', text));
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

function checkPlace(text: string, levels: Hierarchy, configured: Hierarchy): Place {
  const segments = readSegments(text);
  const check = checkSegments(levels, segments);
  if (check.code === 'invalid') {
    // A dimension that only the item names is input, and input is not repeated in a refusal.
    const isConfigured = configured.dimensions.includes(check.dimension);
    throw new TradeRefusal(check.reason, isConfigured ? `Hierarchy.${check.dimension}` : 'Hierarchy');
  }
  for (const [dimension, segment] of segments) {
    if (!levels.dimensions.includes(dimension)) {
      checkExtraText(dimension);
      checkExtraText(segment);
    }
  }
  // The check above has seen that every value is a string.
  const hierarchy = segments as ReadonlyMap<string, string>;
  return { hierarchy, nodes: nodesOf(check.path, levels) };
}

/** By no levels, by which a message may be read to see what else is wrong with it, a trade is in no node. */
function nodesOf(path: readonly string[], levels: Hierarchy): readonly string[] {
  return path.length === 0 ? [] : [...rollUp(path, zero, levels).keys()];
}

/** A function has 10 MB to spare: about ten thousand places, and any program may write others. */
const REMEMBERED_BYTES_MAX = 10_000_000;
/** What a place takes beside its characters, and each member of its hierarchy. */
const BYTES_PER_PLACE = 1_000;
const BYTES_PER_MEMBER = 150;
const BYTES_PER_CHARACTER = 2;

/**
 * Makes a {@link ReadPlace} that remembers what it has read: there are far more trades than places, and to read the place is two thirds of
 * reading a trade. What it remembers depends on the text and the levels alone.
 */
export function createPlaceReader(): ReadPlace {
  const placesByLevels = new Map<Hierarchy, Map<string, Place>>();
  let bytes = 0;
  return (text, levels, configured) => {
    const known = placesByLevels.get(levels)?.get(text);
    if (known !== undefined) {
      return known;
    }
    const place = checkPlace(text, levels, configured);
    const characters = 2 * text.length + place.nodes.join('').length;
    bytes += BYTES_PER_PLACE + BYTES_PER_MEMBER * place.hierarchy.size + BYTES_PER_CHARACTER * characters;
    if (bytes > REMEMBERED_BYTES_MAX) {
      placesByLevels.clear();
      bytes = 0;
    }
    const places = placesByLevels.get(levels) ?? new Map<string, Place>();
    placesByLevels.set(levels, places.set(text, place));
    return place;
  };
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
