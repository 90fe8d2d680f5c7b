import type { BatchStore } from '@oncefold/operations/redrive';
import { expect, it } from 'vitest';
import type { Entry } from './list-open.ts';
import { dismissEntry, type Sending } from './send-entries.ts';

it('does not dismiss a batch of the state stage, which no rebuild makes up for', async () => {
  const written: string[] = [];
  const store = { write: async (key: string) => void written.push(key) } as unknown as BatchStore;
  const entry: Entry = {
    kind: 'batch',
    id: 'b1',
    batch: {
      id: 'b1',
      key: 'aws/lambda/m/s/1',
      givenUpAt: '2026-01-01T00:00:00Z',
      condition: 'RetryAttemptsExhausted',
      functionError: undefined,
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:StateFunction:live',
      invocations: 3,
      streamArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/IncomingDataStream',
      shardId: 'shardId-000000000000',
      records: [{ kinesis: { data: 'e30=', partitionKey: 'p' } }],
    },
  };
  const sending = { store, access: { now: () => 0, by: 'me' }, options: { dryRun: false } };
  expect(await dismissEntry(entry, sending as unknown as Sending)).toMatchObject({ outcome: 'refused' });
  expect(written).toEqual([]);
});
