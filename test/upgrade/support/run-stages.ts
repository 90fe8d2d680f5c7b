import { formatDecimal, parseSum } from '@oncefold/reducer';
import { kinesisRecords, type Pipeline, type Release } from './pipeline.ts';
import { changesOfTrades, totalOfTrades, tradeRecords } from './trades.ts';

export const trades: ReturnType<typeof kinesisRecords> = kinesisRecords(tradeRecords);

/** What is delivered from a list, in batches of so many records. */
interface Part {
  readonly from?: number;
  readonly to?: number;
  readonly batch: number;
}

/** Delivers trades up to, but without, `to` in batches of so many records of one shard. */
export async function sendTrades(
  pipeline: Pipeline,
  release: Release,
  { to = trades.length, batch }: Omit<Part, 'from'>,
): Promise<void> {
  for (const shard of [0, 1]) {
    const records = trades.slice(0, to).flatMap((trade) => (trade.shard === shard ? [trade.event] : []));
    for (const part of inBatches(records, batch)) {
      await pipeline.process('state', release, part);
    }
  }
}

/** Delivers what feeds map or reduce, from `from` up to, but without, `to`. */
export async function fold(
  pipeline: Pipeline,
  stage: 'map' | 'reduce',
  release: Release,
  { from = 0, to, batch }: Part,
): Promise<void> {
  const records = (await pipeline.changes(stage)).slice(from, to);
  for (const part of inBatches(records, batch)) {
    await pipeline.process(stage, release, part);
  }
}

function inBatches<Value>(values: readonly Value[], size: number): Value[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, at) =>
    values.slice(at * size, (at + 1) * size),
  );
}

/** Every row of the aggregates. */
export async function sums(pipeline: Pipeline): Promise<Record<string, string>> {
  const items = await pipeline.scan('AggregateTable');
  return Object.fromEntries(
    items.map((item) => [item['Identifier']?.S ?? '', formatDecimal(parseSum(item['Value']?.N ?? ''))]),
  );
}

/** What {@link sums} must be when all is done. */
export const exactSums: Readonly<Record<string, string>> = {
  PV: totalOfTrades,
  'PV:FXSpot': totalOfTrades,
  'PV:FXSpot:EMEA': totalOfTrades,
  message_count: String(changesOfTrades),
};

/** How many records of the stream the accounts tell of. */
export async function accounted(pipeline: Pipeline): Promise<number> {
  const outcomes = ['Applied', 'Duplicate', 'Stale', 'Conflict', 'Quarantined'];
  const items = (await pipeline.scan('AccountingTable')).filter((item) => item['MovedTo'] === undefined);
  return items
    .flatMap((item) => outcomes.map((outcome) => Number(item[outcome]?.N ?? 0)))
    .reduce((sum, count) => sum + count, 0);
}
