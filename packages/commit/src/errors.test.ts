import { describe, expect, it } from 'vitest';
import {
  AmbiguousRecordsError,
  CommitUndecidedError,
  GuardLostError,
  GuardViolationError,
  RecordTooLargeError,
  StrategyError,
  TransactionRefusedError,
  WriteRefusedError,
} from './errors.ts';

const cause = new Error('reset');

describe('errors', () => {
  it.each<[string, string, Error, object]>([
    [
      'TransactionRefusedError',
      'transaction-refused',
      new TransactionRefusedError('m', { cause }),
      { cause, retryable: false },
    ],
    [
      'CommitUndecidedError',
      'commit-undecided',
      new CommitUndecidedError('m', { attempts: 3, lastOutcome: 'throttled', cause }),
      { attempts: 3, lastOutcome: 'throttled', cause, retryable: true },
    ],
    [
      'RecordTooLargeError',
      'record-too-large',
      new RecordTooLargeError('m', { actual: 101, limit: 100 }),
      { actual: 101, limit: 100, retryable: false },
    ],
    ['StrategyError', 'strategy-unusable', new StrategyError('m'), { retryable: false }],
    [
      'AmbiguousRecordsError',
      'ambiguous-records',
      new AmbiguousRecordsError('m', { indexes: [0, 2] }),
      { indexes: [0, 2], retryable: false },
    ],
    [
      'WriteRefusedError',
      'write-refused',
      new WriteRefusedError('m', { recordIndex: 4, action: 'action' }),
      { recordIndex: 4, action: 'action', retryable: false },
    ],
    ['GuardLostError', 'guard-lost', new GuardLostError('m'), { retryable: false }],
    ['GuardViolationError', 'guard-violation', new GuardViolationError('m'), { retryable: false }],
  ])(
    '%s has the code %s, says what it is about, and whether a redelivery may succeed',
    (name, code, error, details) => {
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ name, code, message: 'm', ...details });
      expect((error as StrategyError).remedy).toMatch(/^[A-Z].{10,}\.$/);
    },
  );

  it('name the record, the key or table, and a remedy of their own where they are known', () => {
    expect(new StrategyError('m', { recordIndex: 2, key: 'k', remedy: 'Do it.' })).toMatchObject({
      recordIndex: 2,
      key: 'k',
      remedy: 'Do it.',
    });
    expect(new AmbiguousRecordsError('m', { indexes: [0, 2] }).recordIndex).toBe(2);
    expect(new WriteRefusedError('m', { recordIndex: 4, action: { table: 'T' } })).toMatchObject({
      recordIndex: 4,
      key: 'T',
    });
    expect(new WriteRefusedError('m', { recordIndex: 4, action: null }).key).toBeUndefined();
    expect(new RecordTooLargeError('m', { actual: 2, limit: 1, recordIndex: 1 }).recordIndex).toBe(1);
    expect('cause' in new StrategyError('m')).toBe(false);
  });
});
