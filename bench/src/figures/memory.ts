import type { Figure } from '../figure.ts';
import { reduceTableEventText } from '../functions/reduce-table-event.ts';
import { map, reduce, type Stage, state } from '../functions/stages.ts';
import { stateTableEventText } from '../functions/state-table-event.ts';
import { tradeMessagesEventText } from '../functions/trade-messages-event.ts';
import { measureMemory, onLastRecord } from '../measure/measure-memory.ts';

const RECORDS = 10_000;
/** To collect takes long, and what is alive does not change between one request and the next. */
const REQUESTS_BETWEEN_SAMPLES = 100;

/**
 * What each function keeps alive while it works on 10,000 records of about 1 kB, the event included: its whole code but for the client of
 * the store, in place of which one takes everything at once.
 */
export const memories: readonly Figure[] = [
  memoryOf('state', state, () => tradeMessagesEventText(RECORDS, { messageBytes: 1_000 })),
  memoryOf('map', map, () => stateTableEventText({ records: RECORDS })),
  memoryOf('reduce', reduce, () => reduceTableEventText(RECORDS)),
];

function memoryOf<Event extends { readonly Records: readonly object[] }>(
  name: string,
  stage: Stage<Event>,
  makeText: () => string,
): Figure {
  return {
    name: `memory-${name}`,
    title: `memory of ${name}: 10,000 records of 1 kB in a batch`,
    reference: 'the event itself',
    unit: 'MB',
    goal: { of: 'ratio', max: 3 },
    async measure({ quick }) {
      const text = makeText();
      const pairs = await measureMemory({
        make: (): Event => JSON.parse(text),
        use: (event, sample) => {
          let requests = 0;
          return stage(onLastRecord(event, sample), () => {
            if (requests % REQUESTS_BETWEEN_SAMPLES === 0) {
              sample();
            }
            requests += 1;
          });
        },
        quick,
      });
      return { pairs, details: { textBytesPerRecord: Math.round(text.length / RECORDS) } };
    },
  };
}
