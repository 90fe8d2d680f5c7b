import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPosition, type Item, type ItemReader } from '../src/index.ts';
import { sumOf } from './support/deliver.ts';
import {
  doorOfLedger,
  playShard,
  type RequestFate,
  type Step,
  strategiesOf,
} from './support/shard-with-redrive.ts';

/** Each record adds a power of ten of its own, so that a wrong digit names the record that is lost or doubled. */
const everyRecordOnce = '1111111111110';

const fate = fc.constantFrom<RequestFate>('answered', 'answered', 'lost', 'late', 'dies-late');
const fates = fc.array(fate, { maxLength: 6 });
const size = fc.integer({ min: 1, max: 8 });
const steps = fc.array(
  fc.oneof(
    fc.record<Step & { type: 'batch' }>({
      type: fc.constant('batch'),
      size,
      attempts: fc.array(fates, { maxLength: 3 }),
    }),
    fc.record<Step & { type: 'redelivery' }>({
      type: fc.constant('redelivery'),
      from: fc.nat(12),
      size,
      fates,
    }),
    fc.record<Step & { type: 'late-arrival' }>({ type: fc.constant('late-arrival'), which: fc.nat(20) }),
    fc.record<Step & { type: 'redrive' }>({
      type: fc.constant('redrive'),
      which: fc.nat(5),
      from: fc.nat(7),
      size,
      fates,
    }),
  ),
  { minLength: 1, maxLength: 14 },
);

describe('redrive', () => {
  it.each(['checkpoint', 'ledger'] as const)(
    'counts every record once under %s: given up with any prefix applied, late requests at any time, redriven in any cut, several times',
    async (stage) => {
      let withBatches = 0;
      await fc.assert(
        fc.asyncProperty(steps, fc.constantFrom(1, 30, 60), async (history, width) => {
          const { store, givenUp } = await playShard(stage, history, { width });
          withBatches += givenUp > 0 ? 1 : 0;
          expect(sumOf(store)).toBe(everyRecordOnce);
        }),
        { numRuns: 1_500 },
      );
      expect(withBatches).toBeGreaterThan(500);
    },
    120_000,
  );

  it.each([
    ['does not raise the position first', doorWithoutFence],
    ['hands the batch to checkpoint itself', doorIsCheckpoint],
    ['looks for no ranges', doorWithoutRanges],
    ['looks for ranges that end in the batch only', doorWithRangesEndingInBatch],
  ])(
    'would not be exact if it %s',
    async (_defect, strategies) => {
      const found = await fc.check(
        fc.asyncProperty(steps, async (history) => {
          const { store } = await playShard('checkpoint', history, { width: 30, strategies });
          return sumOf(store) === everyRecordOnce;
        }),
        { numRuns: 20_000 },
      );
      expect(found.failed).toBe(true);
    },
    120_000,
  );
});

const doorWithoutFence: typeof strategiesOf = (stage, reader) => ({
  own: strategiesOf(stage, reader).own,
  // The start marker alone does not tell: the door of a stage under ledger reads ranges, too, and closes nothing.
  door: doorOfLedger(reader),
});

const doorIsCheckpoint: typeof strategiesOf = (stage, reader) => {
  const { own } = strategiesOf(stage, reader);
  return { own, door: own };
};

const doorWithoutRanges: typeof strategiesOf = (stage, reader) =>
  strategiesOf(stage, {
    read: async (keys) =>
      (await reader.read(keys)).map((item) => (item !== undefined && 'Last' in item ? undefined : item)),
  });

const doorWithRangesEndingInBatch: typeof strategiesOf = (stage, reader) => ({
  own: strategiesOf(stage, reader).own,
  door: {
    ...strategiesOf(stage, reader).door,
    open: (batch, invocation) => {
      const ends = batch.records.map(({ sequenceNumber = '' }) => formatPosition(sequenceNumber));
      const endsInBatch = (item: Item): boolean =>
        item['Last'] === undefined || ends.includes('S' in item['Last'] ? item['Last'].S : '');
      const read: ItemReader['read'] = async (keys) =>
        (await reader.read(keys)).map((item) => (item !== undefined && endsInBatch(item) ? item : undefined));
      return strategiesOf(stage, { read }).door.open(batch, invocation);
    },
  },
});
