import { type Hierarchy, HierarchyError } from '@oncefold/reducer';
import { createTradeHierarchy } from './hierarchy.ts';

/** Sixteen names of 255 bytes, each character escaped, fit; longer texts are refused unread. */
const TEXT_LENGTH_MAX = 32_768;
/** A pipeline knows a few lists of dimensions in its life; a table full of different ones must not fill the memory. */
const REMEMBERED_MAX = 64;

/** Checked lists by their text: a list is read for every image and is nearly always the same one. */
const remembered = new Map<string, Hierarchy>();

/**
 * Writes the dimensions that a trade is summed by in their one canonical spelling.
 *
 * @param dimensions - the names, from the root down
 * @returns a JSON array without spaces, which {@link readDimensions} reads back
 */
export function formatDimensions(dimensions: readonly string[]): string {
  return JSON.stringify(dimensions);
}

/**
 * Reads the dimensions that were recorded with a trade.
 *
 * The answer depends on the text alone and on no setting, so that a trade is retracted by what it was added by,
 * whatever the hierarchy is by then. Only `message_count` is reserved, as in every hierarchy of trades.
 *
 * @param text - a JSON array of 1 to 16 different names; anyone may have written it
 * @returns the hierarchy, or nothing when the text is no such array
 */
export function readDimensions(text: string): Hierarchy | undefined {
  const known = remembered.get(text);
  if (known !== undefined) {
    return known;
  }
  const hierarchy = text.length > TEXT_LENGTH_MAX ? undefined : parseDimensions(text);
  if (hierarchy !== undefined) {
    if (remembered.size >= REMEMBERED_MAX) {
      remembered.clear();
    }
    remembered.set(text, hierarchy);
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
