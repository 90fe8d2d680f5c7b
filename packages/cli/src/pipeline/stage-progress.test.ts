import type { RuntimeEvent } from '@oncefold/local-runtime';
import { describe, expect, it } from 'vitest';
import { advanceStage, createStageProgress } from './stage-progress.ts';

const invocation = {
  functionId: 'MapFunction',
  requestId: 'r',
  mappingId: 'm',
  shardId: 's',
  records: 10,
  attempt: 1,
} as const;

const history: readonly RuntimeEvent[] = [
  { type: 'function-started', at: 1, functionId: 'MapFunction', pid: 1 },
  { type: 'invocation-started', at: 2, ...invocation },
  {
    type: 'invocation-failed',
    at: 3,
    ...invocation,
    durationMs: 1,
    errorType: 'InducedFailure',
    errorMessage: 'asked for',
  },
  // A batch that is cut in two starts as a new one.
  { type: 'invocation-started', at: 4, ...invocation, records: 5 },
  { type: 'invocation-succeeded', at: 5, ...invocation, attempt: 2, durationMs: 1, itemFailures: 0 },
  {
    type: 'invocation-failed',
    at: 6,
    ...invocation,
    durationMs: 1,
    errorType: 'TypeError',
    errorMessage: 'no',
  },
  { type: 'invocation-succeeded', at: 7, ...invocation, records: 4, durationMs: 1, itemFailures: 0 },
];

const after = (events: readonly RuntimeEvent[], source?: { readonly isQueue: boolean }) =>
  events.reduce((stage, event) => advanceStage(stage, event, source), createStageProgress('MapFunction'));

describe('advanceStage', () => {
  it('counts batches, records, failures by kind and redeliveries, and notes first and last commit', () => {
    expect(after(history)).toEqual({
      functionId: 'MapFunction',
      batches: 2,
      records: 14,
      failures: 2,
      inducedFailures: 1,
      retries: 1,
      failedShards: ['m s'],
      firstCommitAt: 5,
      lastCommitAt: 7,
      lastError: 'TypeError: no',
    });
  });

  it('is not touched by what other functions do', () => {
    const other = createStageProgress('ReduceFunction');
    expect(history.reduce((stage, event) => advanceStage(stage, event), other)).toBe(other);
  });

  const inPart: RuntimeEvent = {
    ...{ type: 'invocation-succeeded', at: 5, ...invocation, durationMs: 1, itemFailures: 1 },
  };
  const again: RuntimeEvent = { type: 'invocation-started', at: 6, ...invocation, attempt: 2 };

  it('counts nothing of a stream as processed that may be delivered again, however often it is', () => {
    expect(after([inPart, again, inPart, again])).toMatchObject({
      ...{ records: 0, batches: 0, failures: 2, inducedFailures: 0, retries: 2, failedShards: [] },
      ...{ firstCommitAt: undefined, lastCommitAt: undefined, lastError: undefined },
    });
  });

  it('counts what a queue does not deliver again, and no batch', () => {
    expect(after([inPart], { isQueue: true })).toMatchObject({
      ...{ records: 9, batches: 0, failures: 1, firstCommitAt: 5, lastCommitAt: 5 },
    });
    const more: RuntimeEvent = { ...inPart, itemFailures: 11 };
    expect(after([more], { isQueue: true })).toMatchObject({ records: 0, firstCommitAt: undefined });
  });
});
