import { MESSAGE_COUNT } from '@oncefold/trades';
import type { ArithmeticVersion, InputRecord, StageInput } from './stage-input.ts';
import { streamRecord } from './stream-record.ts';
import { Sums } from './sums.ts';
import { sumChanges, type TradeChange } from './trade-changes.ts';

/**
 * The input of the reduce stage: rows of sums, as the map stage writes them.
 *
 * The changed arithmetic adds a tenth to every amount under the same row ids, as if another deployment of the map stage had
 * processed the same changes. It is in the records, not in the function's environment.
 */
export function reduceInput(
  rows: readonly (readonly TradeChange[])[],
  options: { readonly changesPerRow: string; readonly arrivedAtMs: number },
): Pick<StageInput, 'stage' | 'recordIs' | 'records' | 'environment'> {
  return {
    stage: 'reduce',
    recordIs: `row of sums of ${options.changesPerRow} changes`,
    records: rows.map((changes, index) => rowRecord(sumChanges(changes), index, options.arrivedAtMs)),
    environment: () => ({}),
  };
}

function rowRecord(first: Sums, index: number, arrivedAtMs: number): InputRecord {
  const sums: Record<ArithmeticVersion, Sums> = { 1: first, 2: plusOneTenth(first) };
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

/** Amounts of the lab have two decimals, so that a tenth of them is exact; the message count stays the same. */
function plusOneTenth(sums: Sums): Sums {
  const increased = new Sums();
  for (const [name, units] of sums.units) {
    increased.add(name, name === MESSAGE_COUNT ? units : (units / 10n) * 11n);
  }
  return increased;
}
