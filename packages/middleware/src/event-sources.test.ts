// Goal: each event source gives records the identity that redeliveries keep, and an answer that loses and doubles nothing.
import { createHash } from 'node:crypto';
import {
  checkpoint,
  incrementEach,
  ledger,
  type Put,
  type RetryLimits,
  type TransactionPort,
} from '@oncefold/commit';
import { createMemoryTransactions, type MemoryTransactions } from '@oncefold/commit/memory';
import { deaggregate } from '@oncefold/kinesis-aggregation';
import { one } from '@oncefold/reducer';
import type {
  Context,
  DynamoDBStreamEvent,
  KinesisStreamEvent,
  KinesisStreamRecord,
  SQSEvent,
  SQSRecord,
} from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import { type CommitOnceOptions, commitOnce } from './commit-once.ts';
import type { SourceEvent } from './record-identity.ts';

const effect = incrementEach({ table: 'Sums', key: 'Name', attribute: 'Count' });
const nowMs = 1_700_000_000_000;
const names = { namespace: 'n', consumer: 'c' };
const strategy = ledger({ ...names, table: 'Ledger', retentionSeconds: 1_296_000, now: () => nowMs });
const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
const limits: RetryLimits = { attemptsMax: 2, backoffBaseMs: 0, backoffMaxMs: 0, requestTimeoutMs: 10 };

/** More keys than two transactions take, so that a batch of three messages is committed message by message. */
const manyKeys = (name: string) => new Map(Array.from({ length: 60 }, (_, key) => [`${name}-${key}`, one]));
const fold = (event: SourceEvent) =>
  event.Records.map((record) => ({ contribution: manyKeys(textOf(record)) }));
const textOf = (record: SourceEvent['Records'][number]): string =>
  record.messageId === undefined ? 'key' : record.body;
const count = (store: MemoryTransactions, name: string) =>
  store.get('Sums', { Name: { S: `${name}-0` } })?.['Count'];

const standard = 'arn:aws:sqs:us-east-1:000000000000:orders';
function queueEvent(bodies: readonly string[], arn = standard): SQSEvent {
  return {
    Records: bodies.map(
      (body, index) =>
        ({
          messageId: `message-${index}-${body}`,
          body,
          eventSource: 'aws:sqs',
          eventSourceARN: arn,
          attributes: { SentTimestamp: String(nowMs) },
        }) as SQSRecord,
    ),
  };
}

/** Refuses every transaction that has an action on a key of the given message. */
function refusing(store: MemoryTransactions, name: string): TransactionPort {
  return {
    transact: async (request) =>
      request.actions.some(({ key }) => JSON.stringify(key).includes(`"${name}-`))
        ? { code: 'conflict' }
        : store.transact(request),
  };
}

function setUp(options: Partial<CommitOnceOptions<SQSEvent, 'id'>> & { readonly refused?: string } = {}) {
  const { refused, ...others } = options;
  const store = createMemoryTransactions({ now: () => nowMs });
  const transactions = refused === undefined ? store : refusing(store, refused);
  const handler = commitOnce({ transactions, strategy, effect, limits, ...others }, (event: SQSEvent) =>
    fold(event),
  );
  return {
    store,
    handler,
    healed: commitOnce({ transactions: store, strategy, effect }, (event: SQSEvent) => fold(event)),
  };
}

describe('commitOnce with SQS', () => {
  it('names a message by its messageId and its queue, and counts a redelivery once, in any grouping', async () => {
    const { store, handler } = setUp();
    const event = queueEvent(['a', 'b', 'c']);
    expect(await handler(event, context)).toEqual({ batchItemFailures: [] });
    await handler({ Records: event.Records.slice(1) }, context);
    expect([count(store, 'a'), count(store, 'b')]).toEqual([{ N: '1' }, { N: '1' }]);
    expect(store.items('Ledger')[0]?.['Marker']).toEqual({ S: `v2#n#c#${standard}#message-0-a` });
    expect(store.items('Ledger')[0]?.['ExpiresAt']).toEqual({ N: String(nowMs / 1000 + 1_296_000) });
  });

  it('counts two messages with one business key once', async () => {
    const { store, handler } = setUp({ recordId: ({ body }) => body });
    await handler(queueEvent(['a', 'a']), context);
    await handler(queueEvent(['x', 'a']), context);
    expect(count(store, 'a')).toEqual({ N: '1' });
  });

  it('takes the age of a message from SentTimestamp, and refuses one that is older than the ledger', async () => {
    const { handler } = setUp({
      strategy: ledger({ ...names, table: 'L', retentionSeconds: 60, now: () => nowMs }),
    });
    const event = queueEvent(['a']);
    (event.Records[0] as SQSRecord).attributes.SentTimestamp = String(nowMs - 60_000);
    await expect(handler(event, context)).rejects.toMatchObject({ code: 'guard-lost' });
    (event.Records[0] as SQSRecord).attributes.SentTimestamp = String(nowMs - 59_000);
    expect(await handler(event, context)).toEqual({ batchItemFailures: [] });
  });

  it('fails the invocation by default, so that no message is deleted without ReportBatchItemFailures', async () => {
    const { store, handler } = setUp({ refused: 'b' });
    await expect(handler(queueEvent(['a', 'b', 'c']), context)).rejects.toMatchObject({
      code: 'commit-undecided',
    });
    expect(count(store, 'a')).toEqual({ N: '1' });
  });

  it.each([
    ['standard', standard],
    ['FIFO', `${standard}.fifo`],
  ])('reports what is not known to be applied of a %s queue, and tells of the error', async (_, arn) => {
    const onFailed = vi.fn();
    const { store, handler, healed } = setUp({ refused: 'b', partialResponses: true, onFailed });
    const event = queueEvent(['a', 'b', 'c'], arn);
    const answer = await handler(event, context);
    expect(answer.batchItemFailures).toEqual([
      { itemIdentifier: 'message-1-b' },
      { itemIdentifier: 'message-2-c' },
    ]);
    expect(onFailed.mock.calls[0]?.[0]).toMatchObject({
      error: { code: 'commit-undecided' },
      messageIds: ['message-1-b', 'message-2-c'],
      batch: { source: arn },
    });
    await healed({ Records: event.Records.slice(1) }, context);
    expect(['a', 'b', 'c'].map((name) => count(store, name))).toEqual([{ N: '1' }, { N: '1' }, { N: '1' }]);
  });

  it('reports a message that repeats one which was not applied, too', async () => {
    const { handler } = setUp({
      refused: 'b',
      partialResponses: true,
      onFailed: () => {},
      recordId: ({ body }) => body,
    });
    const { batchItemFailures } = await handler(queueEvent(['a', 'b', 'b', 'a']), context);
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'message-1-b' }, { itemIdentifier: 'message-2-b' }]);
  });

  it('reports a message that is refused, and whose quarantine was not committed', async () => {
    const store = createMemoryTransactions({ now: () => nowMs });
    const options = { strategy, effect, limits, recordId: ({ body }: SQSRecord) => body };
    const writes = Array.from(manyKeys('b').keys(), (name): Put => {
      return { type: 'put', table: 'Sums', key: { Name: { S: name } }, attributes: {} };
    });
    const handler = commitOnce(
      { ...options, transactions: refusing(store, 'b'), partialResponses: true, onFailed: () => {} },
      (event: SQSEvent) =>
        event.Records.map(({ body }) => ({
          contribution: body === 'b' ? new Map([['', one]]) : manyKeys(body),
          onRefused: () => ({ writes }),
        })),
    );
    const { batchItemFailures } = await handler(queueEvent(['a', 'b', 'c']), context);
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'message-1-b' }, { itemIdentifier: 'message-2-c' }]);
  });

  it('reports all messages of a FIFO queue behind the first that failed, even one that was applied before', async () => {
    const { handler, healed } = setUp({ refused: 'b', partialResponses: true, onFailed: () => {} });
    const event = queueEvent(['a', 'b', 'c'], `${standard}.fifo`);
    await healed({ Records: event.Records.slice(2) }, context);
    const { batchItemFailures } = await handler(event, context);
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      'message-1-b',
      'message-2-c',
    ]);
  });

  it.each([
    ['standard queue', standard, ['message-1-b']],
    ['FIFO queue', `${standard}.fifo`, ['message-1-b', 'message-2-a']],
    ['queue that has no ARN', undefined, ['message-1-b']],
  ])(
    'reports for a %s what a failure leaves: on FIFO also a message behind it that repeats an applied one',
    async (_, arn, reported) => {
      const { handler } = setUp({
        refused: 'b',
        partialResponses: true,
        onFailed: () => {},
        recordId: ({ body }) => body,
        source: 'orders',
      });
      const { Records } = queueEvent(['a', 'b', 'a']);
      const event = { Records: Records.map((message) => ({ ...message, eventSourceARN: arn as string })) };
      const { batchItemFailures } = await handler(event, context);
      expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(reported);
    },
  );

  it('throws the error when nothing was applied', async () => {
    const onFailed = vi.fn();
    const { handler } = setUp({ refused: 'a', partialResponses: true, onFailed });
    await expect(handler(queueEvent(['a', 'b']), context)).rejects.toMatchObject({
      code: 'commit-undecided',
    });
    expect(onFailed).not.toHaveBeenCalled();
  });

  it('prints one line with the code of the error and without content when nobody is told', async () => {
    const print = vi.spyOn(console, 'error').mockReturnValue();
    const { handler } = setUp({ refused: 'b', partialResponses: true });
    await handler(queueEvent(['a', 'b']), context);
    expect(print.mock.calls).toEqual([
      ['commitOnce: 1 of 2 messages are reported as failed: commit-undecided'],
    ]);
    print.mockRestore();
  });

  it('names an error without a code by its name', async () => {
    const print = vi.spyOn(console, 'error').mockReturnValue();
    const store = createMemoryTransactions({ now: () => nowMs });
    let sent = 0;
    const transactions: TransactionPort = {
      transact: async (request) => {
        sent += 1;
        if (sent > 1) {
          throw new TypeError('secret');
        }
        return store.transact(request);
      },
    };
    const { handler } = setUp({ transactions, partialResponses: true });
    await handler(queueEvent(['a', 'b']), context);
    expect(print.mock.calls[0]?.[0]).toMatch(/TypeError$/);
    print.mockRestore();
  });

  it('refuses checkpoint: a message has no place in a shard', async () => {
    const guard = checkpoint({
      ...names,
      table: 'Positions',
      startsTable: 'Ledger',
      parallelizationFactor: 1,
    });
    const { handler } = setUp({ strategy: guard as never });
    await expect(handler(queueEvent(['a']), context)).rejects.toThrow(/checkpoint .* use ledger/);
  });

  it('refuses partial responses for a stream, which delivers the whole batch again', async () => {
    const { handler } = setUp({ partialResponses: true });
    await expect(handler(kinesisEvent('shardId-1:7') as never, context)).rejects.toThrow(
      /partialResponses is for SQS/,
    );
  });

  it('takes a message without a time, and answers an event without messages', async () => {
    const { handler } = setUp({ partialResponses: true });
    const event = queueEvent(['a']);
    delete (event.Records[0] as Partial<SQSRecord>).attributes;
    expect(await handler(event, context)).toEqual({ batchItemFailures: [] });
    expect(await handler(queueEvent([]), context)).toEqual({ batchItemFailures: [] });
  });
});

const stream = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
function kinesisEvent(eventID: string, data = 'e30='): KinesisStreamEvent {
  const kinesis = {
    sequenceNumber: eventID.split(':')[1],
    data,
    partitionKey: 'p',
    approximateArrivalTimestamp: nowMs / 1000,
  };
  return {
    Records: [
      { eventID, eventSource: 'aws:kinesis', eventSourceARN: stream, kinesis } as KinesisStreamRecord,
    ],
  };
}

/** An aggregate of the Kinesis Producer Library: one partition key, and two user records with the data `{}`. */
function aggregateOfTwo(): string {
  const userRecord = [0x1a, 6, 0x08, 0, 0x1a, 2, 0x7b, 0x7d];
  const message = Uint8Array.from([0x0a, 1, 0x70, ...userRecord, ...userRecord]);
  const digest = createHash('md5').update(message).digest();
  return Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, digest]).toString('base64');
}

describe('commitOnce with streams', () => {
  const oneKey = (event: SourceEvent) =>
    event.Records.map(() => ({ contribution: new Map([['key-0', one]]) }));

  it('counts the user records of the Kinesis Producer Library one by one', async () => {
    const store = createMemoryTransactions({ now: () => nowMs });
    const handler = commitOnce({ transactions: store, strategy, effect }, (event: KinesisStreamEvent) =>
      oneKey(event),
    );
    const event = deaggregate(kinesisEvent('shardId-1:7', aggregateOfTwo()));
    await handler(event, context);
    await handler(event, context);
    expect(count(store, 'key')).toEqual({ N: '2' });
  });

  it('takes records of a table with a tumbling window and without one, which alone tells the shard', async () => {
    const store = createMemoryTransactions({ now: () => nowMs });
    const Records = ['1', '2'].map((SequenceNumber) => ({
      eventID: `event-${SequenceNumber}`,
      eventSource: 'aws:dynamodb',
      eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/Orders/stream/2026-01-01T00:00:00.000',
      dynamodb: { SequenceNumber, ApproximateCreationDateTime: nowMs / 1000 },
    }));
    const guard = checkpoint({
      ...names,
      table: 'Positions',
      startsTable: 'Starts',
      parallelizationFactor: 1,
    });
    const fold = (event: DynamoDBStreamEvent) => oneKey(event);
    const byId = commitOnce({ transactions: store, strategy, effect }, fold);
    const byPosition = commitOnce({ transactions: store, strategy: guard, effect }, fold);
    const windowed = { Records, shardId: 'shardId-1', window: {}, state: { a: 1 } };
    await byId({ Records }, context);
    expect(await byId(windowed, context)).toEqual({ batchItemFailures: [], state: { a: 1 } });
    expect(count(store, 'key')).toEqual({ N: '2' });
    await expect(byPosition({ Records }, context)).rejects.toThrow(/needs the shard id/);
    await byPosition(windowed, context);
    await byPosition(windowed, context);
    expect(count(store, 'key')).toEqual({ N: '4' });
  });
});

describe('commitOnce with other events', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'aws:kafka',
      { eventSource: 'aws:kafka', records: {} },
      /Records: events of aws:kafka .*commitBatch.*offset/,
    ],
    ['SelfManagedKafka', { eventSource: 'SelfManagedKafka', records: {} }, /SelfManagedKafka .*commitBatch/],
    [
      'aws:sns',
      { Records: [{ EventSource: 'aws:sns', Sns: {} }] },
      /Records\[0\]: events of aws:sns .*SQS queue/,
    ],
    [
      'aws:s3',
      { Records: [{ eventSource: 'aws:s3', s3: {} }] },
      /Records\[0\]: events of aws:s3 .*SQS queue/,
    ],
    ['EventBridge', { 'detail-type': 'Order', detail: {} }, /events of EventBridge .*SQS queue/],
    ['API Gateway', { requestContext: {}, body: '' }, /events of API Gateway .*SQS queue/],
    ['nobody', {}, /Records: not a record of Kinesis, DynamoDB Streams or SQS/],
    ['nothing', undefined, /Records: not a record/],
    ['records that are null', { Records: [null] }, /Records\[0\]: not a record/],
    ['records that are undefined', { Records: [undefined] }, /Records\[0\]: not a record/],
    ['records that are text', { Records: ['text'] }, /Records\[0\]: not a record/],
    ['a message without a body', { Records: [{ messageId: 'm' }] }, /Records\[0\]: not a record/],
  ])('refuses an event of %s by name, and says what to do instead', async (_, event, message) => {
    const store = createMemoryTransactions({ now: () => nowMs });
    const handler = commitOnce({ transactions: store, strategy, effect }, fold);
    await expect(handler(event as never, context)).rejects.toThrow(message);
    await expect(handler(event as never, context)).rejects.toMatchObject({ code: 'strategy-unusable' });
  });

  it.each([
    ['aws:sns', 'send it to an SQS queue first, and give the function the queue'],
    [undefined, 'Correct the option, or the event source, that the message names.'],
  ])('tells which record is of the service %s, and the remedy', async (eventSource, remedy) => {
    const store = createMemoryTransactions({ now: () => nowMs });
    const handler = commitOnce({ transactions: store, strategy, effect }, fold);
    const { Records } = queueEvent(['a']);
    const service = eventSource === undefined ? 'not a record' : `events of ${eventSource}`;
    await expect(handler({ Records: [...Records, { eventSource }] } as never, context)).rejects.toMatchObject(
      {
        message: expect.stringContaining(`Records[1]: ${service}`),
        recordIndex: 1,
        remedy,
      },
    );
  });
});
