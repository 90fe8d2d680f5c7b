// Goal: show the documented rules of one page by examples. Method: the machine runs on a virtual clock against shards in
// memory; the tests look at what the function and the destination got to see.
import { describe, expect, it } from 'vitest';
import { batches, checkpoint, discarded, reportOn, runMapping } from './run-mapping.ts';
import { respond, sequenceNumber, shardWith, success } from './virtual-driver.ts';

describe('createMapping: partial batch response', () => {
  const functionResponseTypes = ['ReportBatchItemFailures'] as const;

  it('begins again at the lowest reported record', () => {
    let isFirst = true;
    const driver = runMapping({ functionResponseTypes }, shardWith(5), () => {
      const answer = isFirst
        ? respond({ batchItemFailures: [4, 3].map((n) => ({ itemIdentifier: sequenceNumber(n) })) })
        : success;
      isFirst = false;
      return answer;
    });
    expect(batches(driver)).toEqual([
      [1, 2, 3, 4, 5],
      [3, 4, 5],
    ]);
    expect(checkpoint(driver)).toBe(5);
  });

  it('moves the checkpoint up to the reported record', () => {
    const driver = runMapping({ functionResponseTypes }, shardWith(5), reportOn(4), { forMs: 300 });
    expect(checkpoint(driver)).toBe(3);
  });

  it('counts a partial failure as a failed attempt of the rest', () => {
    const driver = runMapping({ functionResponseTypes, maximumRetryAttempts: 2 }, shardWith(3), reportOn(2));
    expect(batches(driver)).toEqual([
      [1, 2, 3],
      [2, 3],
      [2, 3],
    ]);
    expect(discarded(driver)).toEqual([{ from: 2, to: 3, condition: 'RetryAttemptsExhausted' }]);
  });

  it('begins to count anew after progress where that is chosen', () => {
    const settings = {
      functionResponseTypes,
      maximumRetryAttempts: 1,
      behaviour: { retriesAfterProgress: 'restart' },
    } as const;
    const driver = runMapping(settings, shardWith(3), ({ sequenceNumbers }) =>
      sequenceNumbers.length === 1
        ? success
        : respond({ batchItemFailures: [{ itemIdentifier: sequenceNumbers[1] }] }),
    );
    expect(batches(driver)).toEqual([[1, 2, 3], [2, 3], [3]]);
  });

  it('is ignored without the setting', () => {
    const driver = runMapping({}, shardWith(3), reportOn(2));
    expect(batches(driver)).toEqual([[1, 2, 3]]);
  });

  it('treats an answer that is not JSON as a failure', () => {
    const answer = { outcome: { code: 'succeeded', responseText: '{' } } as const;
    expect(
      batches(runMapping({ functionResponseTypes, maximumRetryAttempts: 1 }, shardWith(1), () => answer)),
    ).toHaveLength(2);
  });
});
