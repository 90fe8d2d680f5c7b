import type { ArithmeticVersion, InputRecord, StageInput } from './stage-input.ts';
import { streamRecord } from './stream-record.ts';
import { MESSAGE_COUNT, Sums, sumChanges } from './sums.ts';
import type { TradeChange } from './trade-changes.ts';

/**
 * The work of the reduce stage: rows of sums, as the map stage writes them.
 *
 * The changed arithmetic is a tenth more in every amount under the same row ids: what the map stage of another deploy makes
 * of the same changes. It is in the records, not in the function's environment.
 *
 * @param rows - the changes of each row
 * @param options.changesPerRow - says how many they are
 * @param options.arrivedAtMs - when the first row was written
 */
export function reduceInput(
  rows: readonly (readonly TradeChange[])[],
  options: { readonly changesPerRow: string; readonly arrivedAtMs: number },
): Pick<StageInput, 'stage' | 'recordIs' | 'records' | 'environment'> {
  return {
    stage: 'reduce',
    recordIs: `row of sums of ${options.changesPerRow} changes`,
    records: rows.map((changes, index) =>
      rowRecord(
        sumChanges(changes, (path) => path),
        index,
        options.arrivedAtMs,
      ),
    ),
    environment: () => ({}),
  };
}

function rowRecord(first: Sums, index: number, arrivedAtMs: number): InputRecord {
  const sums: Record<ArithmeticVersion, Sums> = { 1: first, 2: tenthMore(first) };
  const MessageId = { S: `map#shardId-00000001763884700000-7f0a5c3d#1${String(index).padStart(20, '0')}` };
  return {
    event: (version) =>
      streamRecord({
        table: 'ReduceTable',
        index,
        arrivedAtMs,
        eventName: 'INSERT',
        keys: { MessageId },
        newImage: {
          MessageId,
          Message: { S: JSON.stringify(Object.fromEntries(sums[version].format())) },
        },
      }),
    sums: (version) => sums[version],
  };
}

/** Amounts of the lab have two decimals, so that a tenth of them is exact; the count stays what it is. */
function tenthMore(sums: Sums): Sums {
  const more = new Sums();
  for (const [name, units] of sums.units) {
    more.add(name, name === MESSAGE_COUNT ? units : (units / 10n) * 11n);
  }
  return more;
}
