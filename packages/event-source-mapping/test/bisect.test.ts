// Goal: show the documented rules of one page by examples. Method: the machine runs on a virtual clock against shards in
// memory; the tests look at what the function and the destination got to see.
import { describe, expect, it } from 'vitest';
import { batches, discarded, failOn, reportOn, runMapping } from './run-mapping.ts';
import { shardWith } from './virtual-driver.ts';

describe('createMapping: bisect', () => {
  it('halves a failed batch until the bad record is alone, without using up retries', () => {
    const settings = { bisectBatchOnFunctionError: true, maximumRetryAttempts: 1, batchSize: 8 };
    const driver = runMapping(settings, shardWith(8), failOn(6));
    expect(batches(driver)).toEqual([
      [1, 2, 3, 4, 5, 6, 7, 8],
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [5, 6],
      [5],
      [6],
      [6],
      [7, 8],
    ]);
    expect(discarded(driver)).toEqual([{ from: 6, to: 6, condition: 'RetryAttemptsExhausted' }]);
  });

  it('halves whatever the response setting when the invocation fails', () => {
    const settings = {
      bisectBatchOnFunctionError: true,
      functionResponseTypes: ['ReportBatchItemFailures'],
      maximumRetryAttempts: 0,
    } as const;
    expect(batches(runMapping(settings, shardWith(3), failOn(3)))).toEqual([[1, 2, 3], [1, 2], [3]]);
  });

  it('splits at the reported record when both settings are on, and sends only the rest again', () => {
    const settings = {
      bisectBatchOnFunctionError: true,
      functionResponseTypes: ['ReportBatchItemFailures'],
      maximumRetryAttempts: 0,
    } as const;
    const driver = runMapping(settings, shardWith(5), reportOn(3));
    expect(batches(driver)).toEqual([[1, 2, 3, 4, 5], [3, 4, 5], [3, 4], [3], [4], [5]]);
    expect(discarded(driver)).toEqual([{ from: 3, to: 3, condition: 'RetryAttemptsExhausted' }]);
  });

  it('sends a batch again whole where a report of its first record is chosen to split nothing', () => {
    const settings = {
      bisectBatchOnFunctionError: true,
      functionResponseTypes: ['ReportBatchItemFailures'],
      maximumRetryAttempts: 1,
      behaviour: { reportAtFirstRecord: 'retry-whole' },
    } as const;
    expect(batches(runMapping(settings, shardWith(3), reportOn(2)))).toEqual([
      [1, 2, 3],
      [2, 3],
      [2, 3],
    ]);
  });
});
