import { formatDecimal, type Hierarchy, readJsonMembers } from '@oncefold/reducer';
import {
  checkTrade,
  createPlaceReader,
  DIMENSIONS_MAX,
  type ReadPlace,
  TradeRefusal,
  type TradeResult,
  type TradeTexts,
} from './check-trade.ts';
import { readDimensions } from './recorded-dimensions.ts';
import type { Trade } from './trade.ts';

/** A row of the state table with each attribute as text: the value of DynamoDB's `S` or `N`. */
export interface StateImage extends TradeTexts {
  readonly Dimensions: string;
}

/** A row as it was read: attributes may be absent, because any program may have written it. */
export type PartialStateImage = { readonly [Name in keyof StateImage]?: string | undefined };

/** As the SDK and stream events give it. */
interface Attribute {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
}

/**
 * Takes the attributes of a trade out of an item, each only in the type of the data contract.
 *
 * Everyone who reads items reads them by this function: the aggregates can be checked only if the check takes for a
 * trade exactly what was added as one.
 *
 * @param item - an item of the state table, or an image of its stream
 * @returns the attributes as texts; one of another type is absent, but `Dimensions` of another type are no dimensions
 */
export function stateImageOf(item: Readonly<Record<string, Attribute>>): PartialStateImage {
  const dimensions = item['Dimensions'];
  return {
    id: item['id']?.S,
    Version: item['Version']?.N,
    Value: item['Value']?.N,
    Hierarchy: item['Hierarchy']?.S,
    Timestamp: item['Timestamp']?.N,
    // Taken as absent, it would be summed by a setting that changes.
    Dimensions: dimensions === undefined ? undefined : (dimensions.S ?? ''),
  };
}

/** Gives a trade the form in which the state table keeps it; equal trades give equal texts. */
export function tradeToItem(trade: Trade): StateImage {
  return {
    id: trade.tradeId,
    Version: String(trade.version),
    Value: formatDecimal(trade.value),
    Hierarchy: formatSegments(trade.hierarchy),
    Timestamp: trade.timestamp,
    Dimensions: JSON.stringify(trade.dimensions),
  };
}

/**
 * Reads a trade back from a row of the state table, old or new image of its stream included.
 *
 * A row records by which dimensions its trade is summed, and the answer depends on no setting then: what was added
 * when the row was written is what is retracted when it changes. Rows of other programs, and rows that were written
 * before dimensions were recorded, have none.
 *
 * @param hierarchy - the levels by which trades are summed whose rows record none; `message_count` must be reserved
 * @param readPlace - one that remembers what it has read, where many rows are read
 * @returns the trade, or the first reason for refusal
 * @throws {@link HierarchyError} when the hierarchy would let a node be called `message_count`
 */
export function tradeFromImage(
  image: PartialStateImage,
  hierarchy: Hierarchy,
  readPlace?: ReadPlace,
): TradeResult {
  return checkTrade(hierarchy, image, readTexts, readPlace);
}

/** Reads a row as {@link tradeFromImage} does. */
export type ReadImage = (image: PartialStateImage) => TradeResult;

/** Makes a {@link ReadImage} for many rows: it remembers the places of their trades, within a limit. */
export function createImageReader(hierarchy: Hierarchy): ReadImage {
  const readPlace = createPlaceReader();
  return (image) => tradeFromImage(image, hierarchy, readPlace);
}

/**
 * Whether a row that records no dimensions is a trade by some list of them. By which ones it is summed, or whether it is, only the
 * function knows that sums it.
 */
export function isTradeBySomeDimensions(image: PartialStateImage): boolean {
  const json = image.Dimensions === undefined ? readJsonMembers(image.Hierarchy ?? '') : undefined;
  if (json?.code !== 'valid' || json.members.size > DIMENSIONS_MAX) {
    return false;
  }
  // By a longer list it is one only if it is by each name of it.
  return [...json.members.keys()].some((dimension) => {
    const hierarchy = readDimensions(JSON.stringify([dimension]));
    return hierarchy !== undefined && tradeFromImage(image, hierarchy).code === 'valid';
  });
}

const NEEDED_ATTRIBUTES = ['id', 'Version', 'Value', 'Hierarchy', 'Timestamp'] as const;

function readTexts(image: PartialStateImage): TradeTexts {
  for (const name of NEEDED_ATTRIBUTES) {
    if (image[name] === undefined) {
      throw new TradeRefusal('missing-field', name === 'id' ? 'TradeID' : name);
    }
  }
  return image as TradeTexts;
}

/** Written by hand, because an object would put integer-like names first and take `__proto__` for something else. */
function formatSegments(segments: ReadonlyMap<string, string>): string {
  const members: string[] = [];
  for (const dimension of [...segments.keys()].sort()) {
    members.push(`${JSON.stringify(dimension)}:${JSON.stringify(segments.get(dimension))}`);
  }
  return `{${members.join(',')}}`;
}
