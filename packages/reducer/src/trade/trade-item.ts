import { formatDecimal } from '../decimal.ts';
import type { Hierarchy } from '../hierarchy.ts';
import { checkTrade, TradeRefusal, type TradeResult, type TradeTexts } from './check-trade.ts';
import type { Trade } from './trade.ts';

/** A row of the state table with each attribute as text: what stands in DynamoDB's `S` or `N`. */
export interface StateImage {
  readonly id: string;
  readonly Version: string;
  readonly Value: string;
  /** A JSON object whose keys are sorted. */
  readonly Hierarchy: string;
  readonly Timestamp: string;
}

/** A row as it was read: attributes may be absent, because anyone may have written it. */
export type PartialStateImage = { readonly [Name in keyof StateImage]?: string | undefined };

/**
 * Gives a trade the form in which the state table keeps it.
 *
 * @param trade - A checked trade.
 * @returns The attributes as texts; equal trades give equal texts.
 */
export function tradeToItem(trade: Trade): StateImage {
  return {
    id: trade.tradeId,
    Version: String(trade.version),
    Value: formatDecimal(trade.value),
    Hierarchy: formatSegments(trade.hierarchy),
    Timestamp: trade.timestamp,
  };
}

/**
 * Reads a trade back from a row of the state table, old or new image of its stream included.
 *
 * @param image - The attributes as texts; others are ignored.
 * @param hierarchy - The levels that each trade must have.
 * @returns The trade, or the first reason for refusal.
 */
export function tradeFromImage(image: PartialStateImage, hierarchy: Hierarchy): TradeResult {
  return checkTrade(hierarchy, () => readTexts(image));
}

function readTexts(image: PartialStateImage): TradeTexts {
  const textOf = (name: keyof StateImage): string => {
    const text = image[name];
    if (text === undefined) {
      throw new TradeRefusal('missing-field', name === 'id' ? 'TradeID' : name);
    }
    return text;
  };
  return {
    tradeId: textOf('id'),
    version: textOf('Version'),
    value: textOf('Value'),
    hierarchy: textOf('Hierarchy'),
    timestamp: textOf('Timestamp'),
  };
}

/** Written by hand, because an object would put integer-like names first and take `__proto__` for something else. */
function formatSegments(segments: ReadonlyMap<string, string>): string {
  const members: string[] = [];
  for (const dimension of [...segments.keys()].sort()) {
    members.push(`${JSON.stringify(dimension)}:${JSON.stringify(segments.get(dimension))}`);
  }
  return `{${members.join(',')}}`;
}
