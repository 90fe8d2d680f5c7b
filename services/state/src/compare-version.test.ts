import { tradeToItem } from '@oncefold/trades';
import { describe, expect, it } from 'vitest';
import { placeOf, tradeOf } from '../test/support/stream.ts';
import { type AppliedMarks, appliedMark, MARKS_MAX, markSlot, type RecordPlace } from './applied-marks.ts';
import { compareVersion } from './compare-version.ts';
import type { StoredVersion } from './state-store.ts';

const stored: StoredVersion = {
  version: 1,
  recordId: 'first',
  trade: tradeOf({ version: 1, value: '10.50', region: 'EMEA' }),
  marks: [],
};
const place = placeOf(5);

/** The marks of a trade whose versions have these values and were written by these records. */
function marksOf(...writes: readonly (readonly [number, string, RecordPlace])[]): AppliedMarks {
  const marks: string[] = [];
  for (const [version, value, of] of writes) {
    marks[markSlot(version)] = appliedMark(tradeToItem(tradeOf({ version, value })), of);
  }
  return marks;
}

describe('compareVersion', () => {
  it.each([
    ['newer', 'a higher version', { version: 2, value: '10.50' }, 'second'],
    ['stale', 'a lower version that nobody wrote', { version: 0, value: '7' }, 'second'],
    ['applied', 'an equal version that the same record wrote', { version: 1, value: '10.50' }, 'first'],
    ['duplicate', 'an equal version and payload of another record', { version: 1, value: '10.5' }, 'second'],
    ['conflict', 'an equal version with another value', { version: 1, value: '10.51' }, 'second'],
    [
      'conflict',
      'an equal version with other dimensions',
      { version: 1, value: '10.5', region: 'APAC' },
      'second',
    ],
  ])('says %s for %s', (comparison, _case, fields, recordKey) => {
    expect(compareVersion({ trade: tradeOf(fields), recordKey, place }, stored)).toBe(comparison);
  });

  it('takes no payload for equal to an item that is no trade', () => {
    const arrived = { trade: tradeOf({ version: 1 }), recordKey: 'second', place };
    expect(compareVersion(arrived, { ...stored, trade: undefined })).toBe('conflict');
  });

  it('recognises its own work by the key of tables that were written before identities had a namespace', () => {
    const arrived = { trade: tradeOf({ version: 1, value: '7' }), recordKey: 'new', place };
    const old = { ...stored, recordId: 'shardId-0:1' };
    expect(compareVersion({ ...arrived, formerRecordKey: 'shardId-0:1' }, old)).toBe('applied');
    expect(compareVersion(arrived, old)).toBe('conflict');
    const foreign = { ...stored, recordId: undefined };
    expect(compareVersion({ ...arrived, formerRecordKey: undefined }, foreign)).toBe('conflict');
  });

  it.each([
    ['applied', 'its own work', '10', placeOf(5), placeOf(9)],
    ['duplicate', 'a repetition that a record behind it has overtaken', '10.0', placeOf(1), placeOf(6)],
    ['conflict', 'another payload that a record behind it has overtaken', '11', placeOf(1), placeOf(6)],
    ['stale', 'a repetition that a record before it has overtaken', '10', placeOf(1), placeOf(4)],
    ['stale', 'a repetition that another shard has overtaken', '10', placeOf(1), placeOf(6, 1)],
    ['stale', 'another payload that another shard has overtaken', '11', placeOf(1), placeOf(6, 1)],
  ])('says %s for %s', (comparison, _case, value, writer, next) => {
    const marks = marksOf([2, '10', writer], [3, '30', next], [7, '70', placeOf(0, 2)]);
    const arrived = { trade: tradeOf({ version: 2, value }), recordKey: 'own', place };
    expect(compareVersion(arrived, { ...stored, version: 7, marks })).toBe(comparison);
  });

  it('compares places in a shard as numbers, user records of one aggregate among them', () => {
    const compare = (own: RecordPlace, next: RecordPlace) => {
      const marks = marksOf([2, '10', placeOf(1)], [3, '30', next]);
      const arrived = { trade: tradeOf({ version: 2, value: '10' }), recordKey: 'own', place: own };
      return compareVersion(arrived, { ...stored, version: 3, marks });
    };
    expect(compare(placeOf(35), placeOf(36))).toBe('duplicate');
    expect(compare(placeOf(36), placeOf(35))).toBe('stale');
    expect(compare({ ...place, subSequence: 9 }, { ...place, subSequence: 10 })).toBe('duplicate');
    expect(compare({ ...place, subSequence: 10 }, { ...place, subSequence: 9 })).toBe('stale');
  });

  it('no longer knows a version whose mark was replaced: its own work is then counted as stale', () => {
    const arrived = { trade: tradeOf({ version: 1, value: '10' }), recordKey: 'own', place };
    const known = marksOf([1, '10', place], [MARKS_MAX, '80', placeOf(6)]);
    expect(compareVersion(arrived, { ...stored, version: MARKS_MAX, marks: known })).toBe('applied');
    const replaced = marksOf([1, '10', place], [1 + MARKS_MAX, '90', placeOf(6)]);
    expect(compareVersion(arrived, { ...stored, version: 1 + MARKS_MAX, marks: replaced })).toBe('stale');
  });

  it('takes a mark that another program has made for none', () => {
    const arrived = { trade: tradeOf({ version: 0 }), recordKey: 'own', place };
    for (const mark of [
      '',
      '0',
      '0:own:own',
      `0:${place.shard}:5:NaN:AAAAAAAAAAAA`,
      `${'9'.repeat(400)}:::`,
    ]) {
      expect(compareVersion(arrived, { ...stored, marks: [mark] })).toBe('stale');
    }
  });
});
