import { tradeToItem } from '@oncefold/trades';
import { describe, expect, it } from 'vitest';
import { referenceOf, tradeOf } from '../test/support/stream.ts';
import { compareVersion } from './compare-version.ts';
import type { StoredVersion } from './state-store.ts';
import {
  formatHistoryEntry,
  HISTORY_MAX,
  historySlot,
  type RecordReference,
  type VersionHistory,
} from './version-history.ts';

const stored: StoredVersion = {
  version: 1,
  recordId: 'first',
  trade: tradeOf({ version: 1, value: '10.50', region: 'EMEA' }),
  history: [],
};
const reference = referenceOf(5);

/** The history of a trade whose versions have these values and were written by these records. */
function historyOf(...writes: readonly (readonly [number, string, RecordReference])[]): VersionHistory {
  const history: string[] = [];
  for (const [version, value, of] of writes) {
    history[historySlot(version)] = formatHistoryEntry(tradeToItem(tradeOf({ version, value })), of);
  }
  return history;
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
    expect(compareVersion({ trade: tradeOf(fields), recordKey, reference }, stored)).toBe(comparison);
  });

  it('says conflict for an item that is no trade', () => {
    const arrived = { trade: tradeOf({ version: 1 }), recordKey: 'second', reference };
    expect(compareVersion(arrived, { ...stored, trade: undefined })).toBe('conflict');
  });

  it('recognises its own work by the key of release 0.1.0', () => {
    const arrived = { trade: tradeOf({ version: 1, value: '7' }), recordKey: 'new', reference };
    const old = { ...stored, recordId: 'shardId-0:1' };
    expect(compareVersion({ ...arrived, formerRecordKey: 'shardId-0:1' }, old)).toBe('applied');
    expect(compareVersion(arrived, old)).toBe('conflict');
    const foreign = { ...stored, recordId: undefined };
    expect(compareVersion({ ...arrived, formerRecordKey: undefined }, foreign)).toBe('conflict');
  });

  it.each([
    ['applied', 'its own work', '10', referenceOf(5), referenceOf(9)],
    [
      'duplicate',
      'a repetition that a record behind it has overtaken',
      '10.0',
      referenceOf(1),
      referenceOf(6),
    ],
    [
      'conflict',
      'another payload that a record behind it has overtaken',
      '11',
      referenceOf(1),
      referenceOf(6),
    ],
    ['stale', 'a repetition that a record before it has overtaken', '10', referenceOf(1), referenceOf(4)],
    ['stale', 'a repetition that another shard has overtaken', '10', referenceOf(1), referenceOf(6, 1)],
    ['stale', 'another payload that another shard has overtaken', '11', referenceOf(1), referenceOf(6, 1)],
  ])('says %s for %s', (comparison, _case, value, writer, next) => {
    const history = historyOf([2, '10', writer], [3, '30', next], [7, '70', referenceOf(0, 2)]);
    const arrived = { trade: tradeOf({ version: 2, value }), recordKey: 'own', reference };
    expect(compareVersion(arrived, { ...stored, version: 7, history })).toBe(comparison);
  });

  it('compares sequence numbers in a shard as numbers, user records of one aggregate among them', () => {
    const compare = (own: RecordReference, next: RecordReference) => {
      const history = historyOf([2, '10', referenceOf(1)], [3, '30', next]);
      const arrived = { trade: tradeOf({ version: 2, value: '10' }), recordKey: 'own', reference: own };
      return compareVersion(arrived, { ...stored, version: 3, history });
    };
    expect(compare(referenceOf(35), referenceOf(36))).toBe('duplicate');
    expect(compare(referenceOf(36), referenceOf(35))).toBe('stale');
    expect(compare({ ...reference, subSequence: 9 }, { ...reference, subSequence: 10 })).toBe('duplicate');
    expect(compare({ ...reference, subSequence: 10 }, { ...reference, subSequence: 9 })).toBe('stale');
  });

  it('no longer knows a version whose entry was replaced: its own work is then counted as stale', () => {
    const arrived = { trade: tradeOf({ version: 1, value: '10' }), recordKey: 'own', reference };
    const known = historyOf([1, '10', reference], [HISTORY_MAX, '80', referenceOf(6)]);
    expect(compareVersion(arrived, { ...stored, version: HISTORY_MAX, history: known })).toBe('applied');
    const replaced = historyOf([1, '10', reference], [1 + HISTORY_MAX, '90', referenceOf(6)]);
    expect(compareVersion(arrived, { ...stored, version: 1 + HISTORY_MAX, history: replaced })).toBe('stale');
  });

  it('ignores an entry that another program has made', () => {
    const arrived = { trade: tradeOf({ version: 0 }), recordKey: 'own', reference };
    for (const entry of [
      '',
      '0',
      '0:own:own',
      `0:${reference.shard}:5:NaN:AAAAAAAAAAAA`,
      `${'9'.repeat(400)}:::`,
    ]) {
      expect(compareVersion(arrived, { ...stored, history: [entry] })).toBe('stale');
    }
  });
});
