import { labDimensions } from '@oncefold/workshop';
import type { StageCode, TransactionsCode } from '../report/comparison-report.ts';
import { mapInput } from './map-input.ts';
import { reduceInput } from './reduce-input.ts';
import type { StageInput } from './stage-input.ts';
import { type TradeChange, tradeChanges } from './trade-changes.ts';
import { wideChanges, wideDimensions } from './wide-changes.ts';

/** Rows of a reduce input, at least: as behind a real map stage, its batches hold few rows each. */
const ROWS_MIN = 42;
const NARROW_RECORDS_MAX: Readonly<Record<StageCode, number>> = { map: 25, reduce: 3 };
/** Two wide records fit into a transaction, three do not: a batch of three needs two, and a regrouped one ends elsewhere. */
const WIDE_RECORDS_MAX = 3;
/** 14 batches, however many messages there are: more would only take longer. */
const WIDE_RECORDS = 14 * WIDE_RECORDS_MAX;

const labDimensionNames = labDimensions.map(({ name }) => name);

/**
 * Makes the input of a stage from a seed.
 *
 * @param options.messages - trade messages, 60 or more; an input for several transactions has a fixed length
 */
export function createStageInput(options: {
  readonly stage: StageCode;
  readonly transactions: TransactionsCode;
  readonly messages: number;
  readonly seed: number;
  readonly arrivedAtMs: number;
}): StageInput {
  const { stage, transactions, seed, arrivedAtMs } = options;
  if (transactions === 'one') {
    return narrowInput(tradeChanges(options), { stage, rowsMin: ROWS_MIN, arrivedAtMs });
  }
  const shared = { transactions, batchRecordsMax: WIDE_RECORDS_MAX };
  if (stage === 'map') {
    const changes = wideChanges({ count: WIDE_RECORDS, seed });
    return { ...shared, ...mapInput(changes, { dimensions: wideDimensions, arrivedAtMs }) };
  }
  const rows = rowsOfOneOrTwo(wideChanges({ count: 1.5 * WIDE_RECORDS, seed }));
  return { ...shared, ...reduceInput(rows, { changesPerRow: '1 or 2', arrivedAtMs }) };
}

/** Trade messages of an overhead input; their contributions are repeated under new record ids. */
const OVERHEAD_MESSAGES = 400;

/**
 * Makes an input of any length for measuring: the same contributions repeatedly, each time as another record.
 *
 * @param options.records - how many records, 1 or more
 */
export function createOverheadInput(options: {
  readonly stage: StageCode;
  readonly seed: number;
  readonly records: number;
  readonly arrivedAtMs: number;
}): StageInput {
  const { stage, seed, records, arrivedAtMs } = options;
  const changes = tradeChanges({ messages: OVERHEAD_MESSAGES, seed });
  const perRecord = stage === 'map' ? 1 : Math.floor(changes.length / ROWS_MIN);
  const repeated = Array.from({ length: records * perRecord }, (_, at) => changes[at % changes.length]);
  const present = repeated.filter((change) => change !== undefined);
  return narrowInput(present, { stage, rowsMin: records, arrivedAtMs });
}

function narrowInput(
  changes: readonly TradeChange[],
  options: { readonly stage: StageCode; readonly rowsMin: number; readonly arrivedAtMs: number },
): StageInput {
  const { stage, rowsMin, arrivedAtMs } = options;
  const shared = { transactions: 'one', batchRecordsMax: NARROW_RECORDS_MAX[stage] } as const;
  if (stage === 'map') {
    return { ...shared, ...mapInput(changes, { dimensions: labDimensionNames, arrivedAtMs }) };
  }
  const perRow = Math.max(1, Math.floor(changes.length / rowsMin));
  const rows = Array.from({ length: Math.ceil(changes.length / perRow) }, (_, row) =>
    changes.slice(row * perRow, (row + 1) * perRow),
  );
  return { ...shared, ...reduceInput(rows, { changesPerRow: String(perRow), arrivedAtMs }) };
}

/** Rows of about 30 and about 60 aggregates, alternating. */
function rowsOfOneOrTwo(changes: readonly TradeChange[]): TradeChange[][] {
  const rows: TradeChange[][] = [];
  for (let from = 0; from < changes.length; ) {
    const length = 1 + (rows.length % 2);
    rows.push(changes.slice(from, from + length));
    from += length;
  }
  return rows;
}
