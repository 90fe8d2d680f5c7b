import { describe, expect, it } from 'vitest';
import { tradeOf } from '../test/support/stream.ts';
import { type AppliedMarks, appliedMark, MARKS_MAX, markSlot } from './applied-marks.ts';
import { compareVersion } from './compare-version.ts';
import type { StoredVersion } from './state-store.ts';

const stored: StoredVersion = {
  version: 1,
  recordId: 'first',
  trade: tradeOf({ version: 1, value: '10.50', region: 'EMEA' }),
  marks: [],
};

/** The marks of a trade whose versions were written by these records. */
function marksOf(...writes: readonly (readonly [number, string, string])[]): AppliedMarks {
  const marks: string[] = [];
  for (const [version, value, recordKey] of writes) {
    marks[markSlot(version)] = appliedMark(tradeOf({ version, value }), recordKey);
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
    expect(compareVersion({ trade: tradeOf(fields), recordKey }, stored)).toBe(comparison);
  });

  it('takes no payload for equal to an item that is no trade', () => {
    const arrived = { trade: tradeOf({ version: 1 }), recordKey: 'second' };
    expect(compareVersion(arrived, { ...stored, trade: undefined })).toBe('conflict');
  });

  it('recognises its own work by the key of tables that were written before identities had a namespace', () => {
    const trade = tradeOf({ version: 1, value: '7' });
    const old = { ...stored, recordId: 'shardId-0:1' };
    expect(compareVersion({ trade, recordKey: 'new', formerRecordKey: 'shardId-0:1' }, old)).toBe('applied');
    expect(compareVersion({ trade, recordKey: 'new', formerRecordKey: undefined }, old)).toBe('conflict');
    const foreign = { ...stored, recordId: undefined };
    expect(compareVersion({ trade, recordKey: 'new', formerRecordKey: undefined }, foreign)).toBe('conflict');
  });

  it.each([
    ['applied', 'a version that the same record wrote', '10', 'own'],
    ['duplicate', 'a version that another record wrote with the same payload', '10.0', 'other'],
    ['stale', 'a version that another record wrote with another payload', '11', 'other'],
  ])('says %s for %s, although it has been replaced', (comparison, _case, value, recordKey) => {
    const marks = marksOf([2, '10', 'own'], [3, '30', 'third'], [9, '90', 'ninth']);
    const arrived = { trade: tradeOf({ version: 2, value }), recordKey };
    expect(compareVersion(arrived, { ...stored, version: 9, marks })).toBe(comparison);
  });

  it('no longer knows a version whose mark was replaced: its own work is then counted as stale', () => {
    const arrived = { trade: tradeOf({ version: 1, value: '10' }), recordKey: 'own' };
    const known = marksOf([1, '10', 'own'], [MARKS_MAX, '80', 'other']);
    expect(compareVersion(arrived, { ...stored, version: MARKS_MAX, marks: known })).toBe('applied');
    const replaced = marksOf([1, '10', 'own'], [1 + MARKS_MAX, '90', 'other']);
    expect(compareVersion(arrived, { ...stored, version: 1 + MARKS_MAX, marks: replaced })).toBe('stale');
  });

  it('asks where the marks of the trade are not known', () => {
    const arrived = { trade: tradeOf({ version: 0 }), recordKey: 'own' };
    expect(compareVersion(arrived, { ...stored, marks: undefined })).toBe('ask');
  });

  it('takes a mark that another program has made for none', () => {
    const arrived = { trade: tradeOf({ version: 0 }), recordKey: 'own' };
    for (const mark of ['', '0', '0:own:own', 'NaN:AAAAAAAAAAAA:AAAAAAAAAAAA', `${'9'.repeat(400)}:::`]) {
      expect(compareVersion(arrived, { ...stored, marks: [mark] })).toBe('stale');
    }
  });
});
