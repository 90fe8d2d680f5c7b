import { type Contribution, mergeContributions } from '@oncefold/reducer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aggregateTable,
  type CommitRecord,
  type ConditionFailure,
  type Put,
  type Replacement,
  type Sum,
} from '../src/index.ts';
import { createMemoryTransactions, type MemoryTransactions } from '../src/memory/index.ts';
import { deliver, lostAfterCommit, strategies, withFaults } from './support/deliver.ts';

const stock = aggregateTable({
  table: 'Stock',
  key: { Shelf: '{shelf}' },
  measures: ['pieces'],
  limits: { pieces: { min: 0 } },
});
const newStore = (): MemoryTransactions => createMemoryTransactions({ now: () => 0 });
const move = (sequence: number, shelf: string, pieces: number): CommitRecord => ({
  id: `r${sequence}`,
  sequenceNumber: String(sequence),
  contribution: stock.add({ shelf }, { pieces }),
});
const outbox = (id: string): Put => ({
  type: 'put',
  table: 'Refused',
  key: { Id: { S: id } },
  attributes: {},
});
const quarantine = ({ record }: ConditionFailure): Replacement => ({ writes: [outbox(record.id)] });
const piecesOf = (store: MemoryTransactions, shelf = 'a'): unknown =>
  store.get('Stock', { Shelf: { S: shelf } })?.['pieces'];
const refusedIn = (store: MemoryTransactions): string[] =>
  store.items('Refused').map(({ Id }) => (Id as { readonly S: string }).S);

describe.each(['ledger', 'checkpoint'] as const)('commitBatch with %s, where a condition fails', (code) => {
  const create = strategies[code];

  it('fails the batch by default, after the records before it, and names the record', async () => {
    const store = newStore();
    const batch = [move(0, 'a', 3), move(1, 'b', 1), move(2, 'a', -4), move(3, 'b', 1)];
    for (const onConditionFailed of [undefined, 'fail'] as const) {
      await expect(
        deliver(store, create(), batch, { effect: stock, onConditionFailed }),
      ).rejects.toMatchObject({
        code: 'write-refused',
        recordIndex: 2,
        message: 'the condition of a record failed: update on Stock',
      });
    }
    expect([piecesOf(store), piecesOf(store, 'b')]).toEqual([{ N: '3' }, { N: '1' }]);
  });

  it('commits what it is told in place of the record, with its guard, so that a redelivery decides nothing anew', async () => {
    const store = newStore();
    const failures: ConditionFailure[] = [];
    const options = {
      effect: stock,
      onConditionFailed: (failure: ConditionFailure) => {
        failures.push(failure);
        return quarantine(failure);
      },
    };
    const batch = [move(0, 'a', 3), move(1, 'a', -4), move(2, 'a', -2)];
    expect(await deliver(store, create(), batch, options)).toMatchObject({
      applied: ['r0', 'r1', 'r2'],
      conditionFailed: ['r1'],
    });
    await deliver(store, create(), [move(3, 'a', 10)], options);
    expect(await deliver(store, create(), batch, options)).toMatchObject({
      applied: [],
      alreadyApplied: ['r0', 'r1', 'r2'],
      conditionFailed: [],
    });
    expect([piecesOf(store), refusedIn(store)]).toEqual([{ N: '11' }, ['r1']]);
    expect(failures).toMatchObject([
      { index: 1, record: { id: 'r1' }, failures: [{ existing: { pieces: { N: '3' } } }] },
    ]);
  });

  it('takes a condition of a record’s own writes as one of the effect', async () => {
    const store = newStore();
    const once = (sequence: number): CommitRecord => ({
      ...move(sequence, 'a', 1),
      writes: [
        {
          type: 'put-if-absent',
          table: 'Invoices',
          key: { Id: { S: 'i1' } },
          attributes: { By: { N: `${sequence}` } },
        },
      ],
    });
    const report = await deliver(store, create(), [once(0), once(1)], {
      effect: stock,
      onConditionFailed: quarantine,
    });
    expect(report.conditionFailed).toEqual(['r1']);
    expect([piecesOf(store), refusedIn(store)]).toEqual([{ N: '1' }, ['r1']]);
  });

  it('fails when what is committed in place of the record has a condition that fails, or is refused', async () => {
    const batch = [move(0, 'a', -1)];
    const withReplacement = (replacement: Replacement) =>
      deliver(newStore(), create(), batch, { effect: stock, onConditionFailed: async () => replacement });
    await expect(withReplacement({ contribution: move(0, 'a', -1).contribution })).rejects.toMatchObject({
      code: 'write-refused',
      recordIndex: 0,
    });
    await expect(withReplacement({ writes: [{ type: 'put' } as never] })).rejects.toMatchObject({
      recordIndex: 0,
    });
    await expect(withReplacement({ contribution: new Map([['other', {}]]) })).rejects.toThrow(
      'record 0: the key is none',
    );
  });

  it('finds each of many records that fail in a large batch', async () => {
    const store = newStore();
    const batch = Array.from({ length: 90 }, (_, sequence) =>
      move(sequence, 'a', sequence % 3 === 0 ? 1 : -1),
    );
    const report = await deliver(store, create(), batch, { effect: stock, onConditionFailed: quarantine });
    expect(report.applied).toHaveLength(90);
    expect(piecesOf(store)).toEqual({ N: String(30 - (60 - report.conditionFailed.length)) });
    expect(report.conditionFailed.length).toBeGreaterThan(0);
  });
});

it.each(['none', 'request-token'] as const)(
  'commitBatch refuses to decide by a condition under %s',
  async (code) => {
    const sent = deliver(newStore(), strategies[code](), [move(0, 'a', 1)], {
      effect: stock,
      onConditionFailed: quarantine,
    });
    await expect(sent).rejects.toThrow(`needs a guard in the transaction, which ${code} has not`);
    const misspelt = { effect: stock, onConditionFailed: 'quarantine' as never };
    await expect(deliver(newStore(), strategies[code](), [move(0, 'a', 1)], misspelt)).rejects.toThrow(
      "must be 'fail' or a function",
    );
  },
);

// Goal: with limits and refusals, every record is decided once and for ever, as added or as refused, the sums are those of the added
// ones and never leave their limits. Method: record i moves ±10^i pieces on one of two shelves; batches of several cuts are delivered
// again and again, with answers that are lost.
it('commitBatch decides every record once, whatever is delivered again in whatever cut', async () => {
  const records = 8;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('ledger' as const, 'checkpoint' as const),
      fc.array(fc.record({ shelf: fc.constantFrom('a', 'b'), isAdded: fc.boolean() }), {
        minLength: records,
        maxLength: records,
      }),
      fc.array(fc.record({ back: fc.nat({ max: 4 }), length: fc.integer({ min: 1, max: 6 }) }), {
        minLength: 4,
        maxLength: 12,
      }),
      fc.array(fc.nat({ max: 30 }), { maxLength: 5 }),
      async (code, moves, deliveries, lost) => {
        const store = newStore();
        const port = withFaults(store, Object.fromEntries(lost.map((call) => [call, lostAfterCommit])));
        const stream = moves.map(({ shelf, isAdded }, index) =>
          move(index, shelf, (isAdded ? 1 : -1) * 10 ** index),
        );
        let at = 0;
        for (const { back, length } of [...deliveries, { back: records, length: records }]) {
          const from = Math.max(0, at - back);
          const batch = stream.slice(from, from + length);
          at = Math.max(at, from + batch.length);
          if (batch.length > 0) {
            await deliver(port, strategies[code](), batch, { effect: stock, onConditionFailed: quarantine });
            for (const item of store.items('Stock')) {
              expect(Number((item['pieces'] as { readonly N: string }).N)).toBeGreaterThanOrEqual(0);
            }
          }
        }
        await deliver(port, strategies[code](), stream.slice(at), {
          effect: stock,
          onConditionFailed: quarantine,
        });
        const refused = new Set(refusedIn(store));
        const added = stream
          .filter(({ id }) => !refused.has(id))
          .map(({ contribution }) => contribution as Contribution<Sum>);
        const expected = new Map(
          stock
            .actions(mergeContributions(added), { name: '', earliestTime: 0, latestTime: 0 })
            .map(({ key, ...action }) => [
              (key['Shelf'] as { readonly S: string }).S,
              'add' in action ? action.add?.['pieces'] : undefined,
            ]),
        );
        for (const [shelf, pieces] of expected) {
          expect([shelf, piecesOf(store, shelf)]).toEqual([shelf, { N: pieces }]);
        }
      },
    ),
  );
});
