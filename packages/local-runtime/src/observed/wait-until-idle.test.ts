import type { Application, FunctionResource } from '@oncefold/sam-template';
import { describe, expect, it } from 'vitest';
import { type Awaited, waitUntilIdle } from './wait-until-idle.ts';

type FailedBatch = ReturnType<Awaited['record']['failedBatches']>[number];
type Backlog = ReturnType<Awaited['running']['backlog']>;

const nothing: Backlog = { records: 0, oldestReadAt: undefined, isReadToEnd: true };
const failed: FailedBatch = {
  functionId: 'Work',
  mappingId: 'WorkJobs',
  shardId: 'OrderedJobs.fifo',
  attempts: 11,
  lastError: { errorType: 'Error', errorMessage: 'boom' },
};
const boom = 'a batch of OrderedJobs.fifo has failed 11 times, last with Error: boom';

/** Waits in vain, and gives what is said to be open. */
function openOf(state: {
  readonly backlog?: Backlog;
  readonly failedBatches?: readonly FailedBatch[];
  readonly isIdle?: boolean;
}): Promise<unknown> {
  const { backlog = nothing, failedBatches = [], isIdle = false } = state;
  const functions = ['Other', 'Work'].map((logicalId) => ({ logicalId }) as FunctionResource);
  const application: Pick<Application, 'functions' | 'mappings'> = { functions, mappings: [] };
  const awaited: Awaited = {
    application,
    running: {
      isIdle: () => isIdle,
      isAtRest: () => false,
      isStopped: false,
      failure: undefined,
      backlog: (functionId) => (functionId === 'Work' ? backlog : nothing),
    },
    failed: new Promise(() => {}),
    record: { failedBatches: () => failedBatches },
  };
  return waitUntilIdle(awaited, { timeoutMs: 1 }).catch(({ open }: { readonly open?: unknown }) => open);
}

describe('what is not idle at the time limit', () => {
  it('is a function with what it has read, and why it is not done with it', async () => {
    const backlog = { ...nothing, records: 2 };
    expect(await openOf({ backlog, failedBatches: [failed] })).toEqual([
      `Work: 2 records read and not done with, ${boom}`,
    ]);
  });

  it('is a function that has failed at messages which wait for their visibility timeout', async () => {
    expect(await openOf({ failedBatches: [failed] })).toEqual([`Work: ${boom}`]);
  });

  it('is no function whose failed messages have become dead letters before', async () => {
    const before = { ...failed };
    expect(await openOf({ failedBatches: [before], isIdle: true })).toBeUndefined();
    const later = { ...failed, shardId: 'Jobs', attempts: 1 };
    expect(await openOf({ failedBatches: [before, later] })).toEqual([
      'Work: a batch of Jobs has failed once, last with Error: boom',
    ]);
  });

  it('is no function into whose attempts only faults were injected', async () => {
    expect(await openOf({ failedBatches: [{ ...failed, attempts: 0 }] })).toEqual([
      expect.stringContaining('or a message of a queue is delayed'),
    ]);
  });
});
