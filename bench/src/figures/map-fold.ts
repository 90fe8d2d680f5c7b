import type { Figure } from '../figure.ts';
import { foldChangesToDelta } from '../functions/fold-to-delta.ts';
import { stateTableEventText } from '../functions/state-table-event.ts';
import { measureAfter } from '../measure/measure-after.ts';

/**
 * From an event that Lambda has parsed to one delta against the parsing.
 *
 * In it: the fold of the map function as it is (images compared with keys and view, both images of each change read and checked, what
 * each record adds) and the sum of these. Not in it: reading which recount runs, which is a request; identities of the records, the
 * checks of what a fold returns, and cutting the batch, all of which `commitOnce` does for any fold, and of which there is a figure.
 */
export const mapFolds: readonly Figure[] = [1_000, 10_000].map((count) => ({
  name: `map-fold-${count}`,
  title: `map: event of ${count.toLocaleString('en-US')} stream records to one delta`,
  reference: '`JSON.parse` of the event',
  unit: 'µs a record',
  goal: { of: 'ratio', max: 0.3 },
  async measure({ quick }) {
    const text = stateTableEventText({ records: count });
    const pairs = await measureAfter(
      { make: () => JSON.parse(text), use: foldChangesToDelta, per: count },
      { quick },
    );
    return { pairs, details: { eventBytesPerRecord: Math.round(text.length / count) } };
  },
}));
