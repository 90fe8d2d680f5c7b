import { describe, expect, it } from 'vitest';
import { BlockedBatches } from './blocked-batches.ts';

const shard = {
  functionId: 'F',
  mappingId: 'M',
  shardId: 'S',
  requestId: 'r',
  records: 2,
  durationMs: 1,
  at: 0,
};
const payload = (...numbers: string[]): string =>
  JSON.stringify({
    Records: numbers.map((sequenceNumber) => ({
      eventID: `S:${sequenceNumber}`,
      kinesis: { sequenceNumber },
    })),
  });

function failing(blocked: BlockedBatches, attempt: number, first = '1'): void {
  blocked.noteEnd(
    { type: 'invocation-failed', errorType: 'Error', errorMessage: 'boom', attempt, ...shard },
    { payload: payload(first, '9'), response: 'null' },
  );
}

function answering(blocked: BlockedBatches, reported: readonly string[], first = '1'): void {
  blocked.noteEnd(
    { type: 'invocation-succeeded', itemFailures: reported.length, attempt: 1, ...shard },
    { payload: payload(first, '9'), response: JSON.stringify(reported) },
  );
}

describe('BlockedBatches', () => {
  it('counts the attempts at a batch until one succeeds', () => {
    const blocked = new BlockedBatches();
    failing(blocked, 1);
    failing(blocked, 2);
    const lastError = { errorType: 'Error', errorMessage: 'boom' };
    expect(blocked.failed()).toMatchObject([{ functionId: 'F', shardId: 'S', attempts: 2, lastError }]);
    answering(blocked, [], '7');
    expect(blocked.failed()).toHaveLength(1);
    answering(blocked, []);
    expect(blocked.failed()).toEqual([]);
  });

  it('forgets what the code did that was replaced', () => {
    const blocked = new BlockedBatches();
    failing(blocked, 1);
    blocked.noteReloaded({ functionId: 'Other' });
    expect(blocked.failed()).toHaveLength(1);
    blocked.noteReloaded({ functionId: 'F' });
    expect(blocked.failed()).toEqual([]);
  });

  it('does not count an attempt into which a fault was injected', () => {
    const blocked = new BlockedBatches();
    blocked.noteFault({
      type: 'fault-injected',
      kind: 'kill-after-commit',
      at: 0,
      functionId: 'F',
      mappingId: 'M',
      batch: { shardId: 'S', firstSequenceNumber: '1', lastSequenceNumber: '9', records: 2, attempt: 1 },
    });
    failing(blocked, 1);
    expect(blocked.failed()).toMatchObject([{ attempts: 0 }]);
    failing(blocked, 2);
    expect(blocked.failed()).toMatchObject([{ attempts: 1 }]);
  });

  it('takes a partial response for progress unless it reports the first record', () => {
    const blocked = new BlockedBatches();
    answering(blocked, ['1']);
    answering(blocked, ['1']);
    expect(blocked.failed()).toMatchObject([
      { attempts: 2, lastError: { errorType: 'ReportBatchItemFailures' } },
    ]);
    answering(blocked, ['9']);
    expect(blocked.failed()).toEqual([]);
  });

  it('forgets what a mapping has given up', () => {
    const blocked = new BlockedBatches();
    failing(blocked, 1);
    blocked.noteDiscarded({ mappingId: 'M', shardId: 'another' });
    expect(blocked.failed()).toHaveLength(1);
    blocked.noteDiscarded({ mappingId: 'M', shardId: 'S' });
    expect(blocked.failed()).toEqual([]);
  });
});
