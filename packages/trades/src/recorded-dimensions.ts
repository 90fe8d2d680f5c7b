import { type Hierarchy, HierarchyError } from '@oncefold/reducer';
import { createTradeHierarchy } from './hierarchy.ts';

/** Sixteen names of 255 bytes, each character escaped, fit; longer texts are refused unread. */
const TEXT_LENGTH_MAX = 32_768;
/** A pipeline has a few lists of dimensions in its life; a table full of different ones must not fill the memory. */
const CACHED_MAX = 64;

/** Checked lists by their text: a list is read for every image and is nearly always the same one. */
const cache = new Map<string, Hierarchy>();
/** That of the image before: to compare a text takes less than to look it up. */
let last: { readonly text: string; readonly hierarchy: Hierarchy } | undefined;

/**
 * Reads the dimensions that were recorded with a trade.
 *
 * The answer depends on the text alone and on no setting, so that a trade is retracted by what it was added by,
 * whatever the hierarchy is by then. Only `message_count` is reserved, as in every hierarchy of trades.
 *
 * @param text - a JSON array of 1 to 16 different names; any program may have written it
 * @returns the hierarchy, or nothing when the text is no such array
 */
export function readDimensions(text: string): Hierarchy | undefined {
  if (text === last?.text) {
    return last.hierarchy;
  }
  const cached = cache.get(text);
  if (cached !== undefined) {
    last = { text, hierarchy: cached };
    return cached;
  }
  const hierarchy = text.length > TEXT_LENGTH_MAX ? undefined : parseDimensions(text);
  if (hierarchy !== undefined) {
    if (cache.size >= CACHED_MAX) {
      cache.clear();
    }
    cache.set(text, hierarchy);
  }
  return hierarchy;
}

function parseDimensions(text: string): Hierarchy | undefined {
  try {
    const dimensions: unknown = JSON.parse(text);
    return Array.isArray(dimensions) ? createTradeHierarchy(dimensions) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof HierarchyError) {
      return undefined;
    }
    throw error;
  }
}
