import type { Hierarchy } from '@oncefold/reducer';
import {
  isInScope,
  isTradeBySomeDimensions,
  type Recount,
  type RecountMark,
  recountAttributes,
  recountMarkOf,
  recountOfPost,
  stateImageOf,
  type Trade,
  tradeFromImage,
  tradeToItem,
} from '@oncefold/trades';
import { scanTable, type TableAccess, type TableItem } from '../tables/scan-table.ts';
import { type ItemToMark, MARKS_MAX, markItems } from './mark-items.ts';
import { createPace, type Pace } from './pace.ts';
import type { RecountLimits } from './recount-options.ts';

/** What a recount needs to know of each item. */
const attributes: readonly string[] = [
  'id',
  'Version',
  'Value',
  'Hierarchy',
  'Timestamp',
  'Dimensions',
  recountAttributes.number,
  recountAttributes.wave,
];

/** How trades are to be summed. */
export interface TradesToMark {
  readonly table: string;
  readonly unrecordedHierarchy: Hierarchy;
  /** Dimensions that they are to be summed by from now on; absent: each by those that its item records. */
  readonly hierarchy?: Hierarchy | undefined;
}

/** One pass over the table of trades. */
export interface Pass {
  readonly items: number;
  /** Trades that the recount is to hold. */
  readonly trades: number;
  /** Items that are no trades; they add nothing. */
  readonly noTrades: number;
  /**
   * Items that record no dimensions and are no trades by those that were given, but by others: they are marked, and the map function
   * decides what they are.
   */
  readonly unrecognized: number;
  /** Trades that lack a dimension of the hierarchy that they are to be summed by; they stay where they are. */
  readonly unsummable: number;
  /** Trades that had to be moved to the dimensions that they are to be summed by. */
  readonly toMove: number;
  /** Items that had to be marked, those to move included. */
  readonly toMark: number;
  readonly marked: number;
  /** Trades that were moved. */
  readonly moved: number;
  readonly unknown: number;
}

/** An item of the table, and what is to be done about it. */
type ReadItem =
  | { readonly code: 'post' }
  | { readonly code: 'no-trade' }
  | { readonly code: 'unrecognized' }
  | {
      readonly code: 'trade';
      readonly trade: Trade;
      readonly dimensions: ItemToMark['dimensions'];
      readonly isUnsummable: boolean;
      /** Whether the item says by which dimensions it is summed. */
      readonly isRecorded: boolean;
    };

/**
 * Marks every trade that has not entered a recount, and moves it to the dimensions that it is to be summed by.
 *
 * Of an item that records no dimensions only the map function knows whether it is a trade, and at which nodes: it is marked whatever
 * the dimensions are that were given, and wherever they have it. A mark of what the recount is not to hold adds nothing.
 *
 * @param wave - absent: only looks what would be marked
 * @param onPage - told after each page
 */
export async function markTrades(
  access: TableAccess,
  trades: TradesToMark,
  options: {
    readonly recount: Recount;
    readonly wave: number | undefined;
    readonly limits: RecountLimits;
    readonly onPage: (pass: Pass) => void;
  },
): Promise<Pass> {
  const { recount, wave, limits, onPage } = options;
  const pass = {
    items: 0,
    trades: 0,
    noTrades: 0,
    unrecognized: 0,
    unsummable: 0,
    toMove: 0,
    toMark: 0,
    marked: 0,
    moved: 0,
    unknown: 0,
  };
  const pace = createPace(access.clock, limits.marksPerSecondMax);
  for await (const page of scanTable(access, { table: trades.table, attributes })) {
    const toMark = page.flatMap((item) => lookAt(item, { trades, recount, pass }) ?? []);
    pass.toMark += toMark.length;
    if (wave !== undefined) {
      const mark = { number: recount.number, wave };
      const { marked, moved, unknown } = await markAll(access, toMark, {
        table: trades.table,
        mark,
        limits,
        pace,
      });
      pass.marked += marked;
      pass.moved += moved;
      pass.unknown += unknown;
    }
    onPage(pass);
  }
  return pass;
}

/** In a table of so many items or fewer, all are sealed. */
const SEALED_WHOLE_MAX = 10_000;
/** In a larger one, each such item: a partition of the table has many more. */
const SEALED_EACH = 100;

/** How many items of a table are marked once more as its seal. */
export function sealMarksOf(items: number): number {
  return Math.ceil(items / sealedEach(items));
}

function sealedEach(items: number): number {
  return items <= SEALED_WHOLE_MAX ? 1 : SEALED_EACH;
}

/**
 * Marks items all over the table once more, after a pass that found nothing to mark.
 *
 * The stream of a table is in order within each of its partitions, and a scan goes through the partitions one after the other. So
 * when these marks have been counted, everything that was written before the pass ended has been processed, in every partition that
 * still holds so many items, or a post. All posts of the recount are marked; those of earlier recounts are told, to be deleted.
 */
export async function sealTable(
  access: TableAccess,
  table: string,
  options: {
    readonly mark: Required<RecountMark>;
    readonly items: number;
    readonly limits: RecountLimits;
  },
): Promise<{ readonly marked: number; readonly unknown: number; readonly formerPosts: readonly string[] }> {
  const { mark, items, limits } = options;
  const formerPosts: string[] = [];
  const each = sealedEach(items);
  const pace = createPace(access.clock, limits.marksPerSecondMax);
  const counts = { marked: 0, unknown: 0 };
  let index = 0;
  const wanted = ['id', 'Version', recountAttributes.number, recountAttributes.wave];
  for await (const page of scanTable(access, { table, attributes: wanted })) {
    const toMark: ItemToMark[] = [];
    for (const item of page) {
      const id = item['id']?.S;
      const post = recountOfPost(item);
      if (id !== undefined && post !== undefined && post < mark.number) {
        formerPosts.push(id);
      } else if (id !== undefined && (post === mark.number || index % each === 0)) {
        toMark.push({ id, before: recountMarkOf(item) });
      }
      index += 1;
    }
    const { marked, unknown } = await markAll(access, toMark, { table, mark, limits, pace });
    counts.marked += marked;
    counts.unknown += unknown;
  }
  return { ...counts, formerPosts };
}

async function markAll(
  access: TableAccess,
  items: readonly ItemToMark[],
  options: {
    readonly table: string;
    readonly mark: Required<RecountMark>;
    readonly limits: RecountLimits;
    readonly pace: Pace;
  },
): Promise<Pick<Pass, 'marked' | 'moved' | 'unknown'>> {
  const { table, mark, limits, pace } = options;
  const counts = { marked: 0, moved: 0, unknown: 0 };
  const chunks = Array.from({ length: Math.ceil(items.length / MARKS_MAX) }, (_, index) =>
    items.slice(index * MARKS_MAX, (index + 1) * MARKS_MAX),
  );
  let next = 0;
  const work = async (): Promise<void> => {
    for (;;) {
      const chunk = chunks[next];
      next += 1;
      if (chunk === undefined) {
        return;
      }
      await pace.wait(chunk.length);
      const { marked, moved, unknown } = await markItems(access, chunk, { table, mark });
      counts.marked += marked;
      counts.moved += moved;
      counts.unknown += unknown;
    }
  };
  await Promise.all(Array.from({ length: limits.requestsMax }, work));
  return counts;
}

/** Counts an item in a pass. Returns it if it is to be marked. */
function lookAt(
  item: TableItem,
  options: {
    readonly trades: TradesToMark;
    readonly recount: Recount;
    readonly pass: { -readonly [Count in keyof Pass]: Pass[Count] };
  },
): ItemToMark | undefined {
  const { trades, recount, pass } = options;
  const read = readItem(item, trades);
  if (read.code === 'post') {
    return undefined;
  }
  pass.items += 1;
  const id = item['id']?.S;
  if (read.code === 'no-trade' || id === undefined) {
    pass.noTrades += 1;
    return undefined;
  }
  const before = recountMarkOf(item);
  const hasEntered = before?.number === recount.number;
  if (read.code === 'unrecognized') {
    pass.unrecognized += 1;
    return hasEntered ? undefined : { id, before };
  }
  const { trade, dimensions, isUnsummable, isRecorded } = read;
  const inScope = isInScope(recount, trade);
  pass.trades += inScope ? 1 : 0;
  pass.unsummable += isUnsummable ? 1 : 0;
  pass.toMove += dimensions === undefined ? 0 : 1;
  const isToEnter = !hasEntered && (inScope || !isRecorded);
  return isToEnter || dimensions !== undefined ? { id, before, dimensions } : undefined;
}

function readItem(item: TableItem, { unrecordedHierarchy, hierarchy }: TradesToMark): ReadItem {
  const image = stateImageOf(item);
  const read = tradeFromImage(image, unrecordedHierarchy);
  if (read.code === 'invalid') {
    if (recountOfPost(item) !== undefined) {
      return { code: 'post' };
    }
    return { code: isTradeBySomeDimensions(image) ? 'unrecognized' : 'no-trade' };
  }
  const { trade } = read;
  const isRecorded = image.Dimensions !== undefined;
  const asItIs = { code: 'trade', trade, dimensions: undefined, isUnsummable: false, isRecorded } as const;
  if (hierarchy === undefined || (isRecorded && hasDimensions(trade, hierarchy))) {
    return asItIs;
  }
  const text = JSON.stringify(hierarchy.dimensions);
  const moved = tradeFromImage({ ...image, Dimensions: text }, unrecordedHierarchy);
  if (moved.code === 'invalid') {
    return { ...asItIs, isUnsummable: true };
  }
  const written = image.Hierarchy ?? tradeToItem(trade).Hierarchy;
  return { ...asItIs, dimensions: { text, hierarchy: written } };
}

function hasDimensions(trade: Trade, { dimensions }: Hierarchy): boolean {
  return (
    trade.dimensions.length === dimensions.length &&
    dimensions.every((dimension, level) => trade.dimensions[level] === dimension)
  );
}
