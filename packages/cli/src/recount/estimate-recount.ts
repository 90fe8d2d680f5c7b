import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { defaultPosts, ROW_KEYS_MAX, sealMarksOf } from '@oncefold/operations/recount';

/** Prices of docs/costs.md, in US dollars for a million request units. */
const WRITE_DOLLARS = 0.625;
const READ_DOLLARS = 0.125;

/** Records in a batch of the map stage, by the template's default. */
const MAP_BATCH = 1_000;
/** Passes over the table of trades: one that marks, one that finds nothing to mark, and the seal. */
const PASSES = 3;
/** Bytes of a trade's item where the engine does not say. */
const ITEM_BYTES = 500;
const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;

/** Figures of a table, as DynamoDB describes it. */
export interface TableFigures {
  readonly items: number;
  readonly bytes: number;
}

/** What a recount is expected to take. */
export interface Estimate {
  readonly trades: number;
  /** Whether the trades were counted now, or are as DynamoDB counted them, every six hours or so. */
  readonly isCounted: boolean;
  readonly marks: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly dollars: number;
  /** Absent where no rate is kept. */
  readonly seconds: number | undefined;
}

/** Takes the figures out of a table's description; they are about six hours old on AWS. */
export function figuresOf({ ItemCount = 0, TableSizeBytes = 0 }: TableDescription): TableFigures {
  return { items: ItemCount, bytes: TableSizeBytes > 0 ? TableSizeBytes : ItemCount * ITEM_BYTES };
}

/**
 * Estimates what a recount writes and reads.
 *
 * @param options.counted - trades that were counted now, with those that will be marked
 * @param options.rate - marks in a second; 0 for as many as the table takes
 */
export function estimateRecount(options: {
  readonly state: TableFigures;
  readonly reduce: TableFigures;
  readonly aggregates: number;
  readonly counted?: { readonly trades: number; readonly marks: number } | undefined;
  readonly rate: number;
}): Estimate {
  const { state, reduce, counted, rate } = options;
  const trades = counted?.trades ?? state.items;
  const posts = defaultPosts().length;
  const marks = (counted?.marks ?? trades) + sealMarksOf(trades) + posts;
  const perItem =
    state.items === 0 ? 1 : Math.max(1, Math.ceil(state.bytes / state.items / WRITE_UNIT_BYTES));
  const batches = Math.ceil(marks / MAP_BATCH);
  const keys = Math.max(1, options.aggregates);
  const rows = batches * Math.ceil(keys / ROW_KEYS_MAX);
  // A row and a position or marker; a marker, and each key of the recount.
  const perRow = 4 + 2 + 2 * Math.min(keys, ROW_KEYS_MAX);
  // A post is put, marked and deleted.
  const writeUnits = (marks - posts) * perItem + 3 * posts + rows * perRow;
  const scanned = PASSES * state.bytes + reduce.bytes;
  const readUnits = Math.ceil(scanned / READ_UNIT_BYTES) + reduce.items + rows;
  return {
    trades,
    isCounted: counted !== undefined,
    marks,
    writeUnits,
    readUnits,
    dollars: (writeUnits * WRITE_DOLLARS + readUnits * READ_DOLLARS) / 1e6,
    seconds: rate === 0 ? undefined : marks / rate,
  };
}
