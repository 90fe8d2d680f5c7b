// Goal: what no event source mapping sends is refused by name, and a window gets its state back.
import { incrementEach, ledger } from '@oncefold/commit';
import { createMemoryTransactions } from '@oncefold/commit/memory';
import type { parseDecimal } from '@oncefold/reducer';
import type { Context, KinesisStreamEvent, KinesisStreamTumblingWindowEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { commitOnce } from './commit-once.ts';

const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
const options = {
  transactions: createMemoryTransactions({ now: () => 0 }),
  strategy: ledger({ namespace: 'n', consumer: 'c', table: 'Ledger', retentionSeconds: 60, now: () => 0 }),
  effect: incrementEach({ table: 'Sums', key: 'Name', attribute: 'Value' }),
};
const nothing = () => [];

describe('commitOnce', () => {
  it.each([
    ['no event', undefined],
    ['an event without records', {}],
    ['records that are no list', { Records: 'r' }],
  ])('refuses %s', async (_, event) => {
    await expect(
      commitOnce(options, nothing)(event as unknown as KinesisStreamEvent, context),
    ).rejects.toThrow('Records: not a record of Kinesis, DynamoDB Streams or SQS');
  });

  it('gives an event of a window that brings no state an empty one', async () => {
    const event = {
      Records: [],
      window: { start: '0', end: '1' },
    } as unknown as KinesisStreamTumblingWindowEvent;
    expect(await commitOnce(options, nothing)(event, context)).toEqual({ batchItemFailures: [], state: {} });
  });

  it('names a value that has no prototype', async () => {
    const contribution = new Map([['a', Object.create(null) as ReturnType<typeof parseDecimal>]]);
    const event = {
      Records: [
        {
          eventID: 'shardId-000000000000:1',
          eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders',
          kinesis: { sequenceNumber: '1' },
        },
      ],
    } as unknown as KinesisStreamEvent;
    await expect(commitOnce(options, () => [{ contribution }])(event, context)).rejects.toThrow(
      'not an object (without a prototype)',
    );
  });
});
