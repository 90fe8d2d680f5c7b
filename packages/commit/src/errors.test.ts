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
  it.each([
    [
      new TransactionRefusedError('m', { cause }),
      'TransactionRefusedError',
      'transaction-refused',
      { cause },
    ],
    [
      new CommitUndecidedError('m', { attempts: 3, lastOutcome: 'throttled', cause }),
      'CommitUndecidedError',
      'commit-undecided',
      { attempts: 3, lastOutcome: 'throttled', cause },
    ],
    [
      new RecordTooLargeError('m', { actual: 101, limit: 100 }),
      'RecordTooLargeError',
      'record-too-large',
      { actual: 101, limit: 100 },
    ],
    [new StrategyError('m'), 'StrategyError', 'strategy-unusable', {}],
    [
      new AmbiguousRecordsError('m', { indexes: [0, 2] }),
      'AmbiguousRecordsError',
      'ambiguous-records',
      { indexes: [0, 2] },
    ],
    [
      new WriteRefusedError('m', { recordIndex: 4, action: 'action' }),
      'WriteRefusedError',
      'write-refused',
      { recordIndex: 4, action: 'action' },
    ],
    [new GuardLostError('m'), 'GuardLostError', 'guard-lost', {}],
    [new GuardViolationError('m'), 'GuardViolationError', 'guard-violation', {}],
  ])('%s has its name, its code and what it is about', (error, name, code, details) => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name, code, message: 'm', ...details });
  });

  it('says of an undecided commit alone that the batch may succeed when it is delivered again', () => {
    expect(new CommitUndecidedError('m', { attempts: 1, lastOutcome: 'none' }).retryable).toBe(true);
    expect(new GuardLostError('m').retryable).toBe(false);
  });
});
