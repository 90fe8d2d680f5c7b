import type { StreamRecord } from './read-records.ts';
import type { StateStore } from './state-store.ts';
import {
  type ArrivedVersion,
  type UpsertOptions,
  type UpsertOutcome,
  upsertTrades,
} from './upsert-trades.ts';

/**
 * Writes the versions of the records that have one.
 *
 * @param records - the records of a batch in their order
 * @param store - where versions stand
 * @param options - {@link UpsertOptions}
 * @returns one outcome per record, in their order; `undefined` for a record whose content is invalid
 * @throws what {@link upsertTrades} throws
 */
export async function upsertRecords(
  records: readonly StreamRecord[],
  store: StateStore,
  options: UpsertOptions,
): Promise<(UpsertOutcome | undefined)[]> {
  const places: number[] = [];
  const versions: ArrivedVersion[] = [];
  for (const [place, { content, recordId }] of records.entries()) {
    if (content.code === 'invalid') continue;
    places.push(place);
    versions.push({ trade: content.trade, recordId });
  }
  const outcomes: (UpsertOutcome | undefined)[] = new Array(records.length);
  for (const [index, outcome] of (await upsertTrades(versions, store, options)).entries()) {
    outcomes[places[index] as number] = outcome;
  }
  return outcomes;
}
