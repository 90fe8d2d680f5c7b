import { parseDecimal } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import { distinctRecords } from './distinct-records.ts';
import { AmbiguousRecordsError } from './errors.ts';
import type { CommitRecord } from './strategy.ts';
import type { Put } from './transaction-port.ts';

const record = (id: string, more: Partial<CommitRecord> = {}): CommitRecord => ({
  id,
  sequenceNumber: '1',
  contribution: new Map([['a', parseDecimal('1')]]),
  ...more,
});
const put: Put = { type: 'put', table: 'T', key: { Id: { S: 'a' } }, attributes: {} };

describe('distinctRecords', () => {
  it('takes records with different ids for fresh ones, in their order', () => {
    const records = [record('b'), record('a'), record('c')];
    expect(distinctRecords(records, { identifiesBy: 'id' })).toEqual({ fresh: records, applied: [] });
  });

  it.each<[string, 'id' | 'position', Partial<CommitRecord>, Partial<CommitRecord>]>([
    ['that say the same', 'id', {}, {}],
    ['that say the same', 'position', {}, {}],
    ['that say the same at different places', 'id', {}, { sequenceNumber: '2', subSequenceNumber: 3 }],
    ['of which one tells no sub-sequence number and the other 0', 'position', {}, { subSequenceNumber: 0 }],
    ['of which the first tells no sub-sequence number', 'position', { subSequenceNumber: 0 }, {}],
    ['of which one says that it has no writes', 'id', {}, { writes: [], preparatoryWrites: [] }],
    ['with equal writes', 'id', { writes: [put] }, { writes: [{ ...put }] }],
  ])(
    'takes two records %s for one, where the guard knows a record by its %s',
    (_, identifiesBy, one, other) => {
      const records = [record('b'), record('a', one), record('a', other), record('c')];
      expect(distinctRecords(records, { identifiesBy })).toEqual({
        fresh: [records[0], records[1], records[3]],
        applied: [records[2]],
      });
    },
  );

  const places = 'and different places, and the strategy knows records by their place';
  it.each<[string, 'id' | 'position', Partial<CommitRecord>, Partial<CommitRecord>, string]>([
    [
      'amounts',
      'id',
      {},
      { contribution: new Map([['a', parseDecimal('2')]]) },
      'and different contributions',
    ],
    ['keys', 'id', {}, { contribution: new Map([['b', parseDecimal('1')]]) }, 'and different contributions'],
    ['writes', 'id', {}, { writes: [put] }, 'and different writes'],
    ['preparatory writes', 'id', {}, { preparatoryWrites: [put] }, 'and different writes'],
    ['lists for one write', 'id', { writes: [put] }, { preparatoryWrites: [put] }, 'and different writes'],
    ['sequence numbers', 'position', {}, { sequenceNumber: '2' }, places],
    ['sub-sequence numbers', 'position', { subSequenceNumber: 1 }, { subSequenceNumber: 2 }, places],
    ['sub-sequence numbers, one of them 0', 'position', {}, { subSequenceNumber: 2 }, places],
  ])(
    'refuses two records with one id and different %s, where the guard knows a record by its %s',
    (_, identifiesBy, one, other, reason) => {
      const records = [record('b'), record('a', one), record('c'), record('a', other)];
      const refused = new AmbiguousRecordsError(
        `records 1 and 3 of the batch have one id ${reason}: an id must name one record`,
        { indexes: [1, 3] },
      );
      expect(() => distinctRecords(records, { identifiesBy })).toThrow(refused);
      expect(() => distinctRecords(records, { identifiesBy })).toThrow(
        expect.objectContaining({ indexes: [1, 3] }),
      );
    },
  );
});
