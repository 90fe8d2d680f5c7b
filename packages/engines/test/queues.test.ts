// Goal: the local queues do what Amazon SQS documents, as far as functions, producers and event source mappings rely on it.
// Method: the SDK's own client, which checks the MD5 of each message, against the engine. Timeouts are the shortest that SQS takes, and
// a message is made visible again by a visibility timeout of 0 wherever the timeout itself is not the question.
import { createHash, randomUUID } from 'node:crypto';
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  type Message,
  type MessageAttributeValue,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { useSqs } from '../src/vitest.ts';

const engine = useSqs();
const sqs = engine.client;

const MEBIBYTE = 1024 * 1024;

class Queue {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async send(body: string, more: Partial<SendMessageCommandInput> = {}) {
    return sqs.send(new SendMessageCommand({ QueueUrl: this.url, MessageBody: body, ...more }));
  }

  async receive(more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
        WaitTimeSeconds: 0,
        ...more,
      }),
    );
    return Messages;
  }

  /** The one message that is there. */
  async receiveOne(): Promise<Message> {
    const messages = await this.receive();
    expect(messages).toHaveLength(1);
    return messages[0] as Message;
  }

  async delete({ ReceiptHandle }: Message): Promise<void> {
    await sqs.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle }));
  }

  /** Ends the visibility timeout of a message, or sets it anew. */
  async changeVisibility({ ReceiptHandle }: Message, VisibilityTimeout = 0): Promise<void> {
    await sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: this.url, ReceiptHandle, VisibilityTimeout }),
    );
  }

  async attributes(): Promise<Readonly<Record<string, string>>> {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: ['All'] }),
    );
    return Attributes as Record<string, string>;
  }

  /** How many messages are visible, in flight and delayed. */
  async counts(): Promise<readonly number[]> {
    const attributes = await this.attributes();
    return ['', 'NotVisible', 'Delayed'].map((kind) =>
      Number(attributes[`ApproximateNumberOfMessages${kind}`]),
    );
  }
}

async function createQueue(Attributes: Record<string, string> = {}): Promise<Queue> {
  const QueueName = `queue-${randomUUID()}${Attributes['FifoQueue'] === 'true' ? '.fifo' : ''}`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return new Queue(QueueUrl ?? '');
}

const createFifo = (more: Record<string, string> = {}): Promise<Queue> =>
  createQueue({ FifoQueue: 'true', ContentBasedDeduplication: 'true', ...more });

async function withDeadLetters(
  maxReceiveCount: number,
  more: Record<string, string> = {},
): Promise<{ readonly queue: Queue; readonly deadLetters: Queue }> {
  const deadLetters = await createQueue(more);
  const { QueueArn: deadLetterTargetArn = '' } = await deadLetters.attributes();
  const queue = await createQueue({
    ...more,
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
  });
  return { queue, deadLetters };
}

const bodies = (messages: readonly Message[]): (string | undefined)[] => messages.map(({ Body }) => Body);

describe('a standard queue', () => {
  it('gives a message back with another receipt handle when its visibility timeout has passed', async () => {
    const queue = await createQueue({ VisibilityTimeout: '1' });
    const { MessageId } = await queue.send('one');
    const first = await queue.receiveOne();
    expect(first).toMatchObject({ MessageId, Body: 'one', Attributes: { ApproximateReceiveCount: '1' } });
    expect(await queue.receive()).toEqual([]);
    let second: Message | undefined;
    await expect
      .poll(async () => {
        [second] = await queue.receive({ VisibilityTimeout: 30 });
        return second;
      })
      .toMatchObject({
        MessageId,
        Attributes: {
          ApproximateReceiveCount: '2',
          SentTimestamp: first.Attributes?.SentTimestamp,
          ApproximateFirstReceiveTimestamp: first.Attributes?.ApproximateFirstReceiveTimestamp,
        },
      });
    expect(second?.ReceiptHandle).not.toBe(first.ReceiptHandle);
  });

  it('makes a message visible at once for a visibility timeout of 0, and keeps it longer for another', async () => {
    const queue = await createQueue({ VisibilityTimeout: '1' });
    await queue.send('one');
    await queue.changeVisibility(await queue.receiveOne());
    const again = await queue.receiveOne();
    await queue.changeVisibility(again, 30);
    const other = await createQueue({ VisibilityTimeout: '1' });
    await other.send('later');
    await other.receiveOne();
    await expect.poll(async () => (await other.receive()).length).toBe(1);
    expect(await queue.receive()).toEqual([]);
  });

  it('deletes by the newest receipt handle only, and says nothing about older ones', async () => {
    const queue = await createQueue();
    await queue.send('one');
    const first = await queue.receiveOne();
    await queue.changeVisibility(first);
    const second = await queue.receiveOne();
    await queue.delete(first);
    await queue.changeVisibility(second);
    const third = await queue.receiveOne();
    await queue.delete(third);
    await queue.delete(third);
    expect(await queue.counts()).toEqual([0, 0, 0]);
  });

  it('deletes a message after its visibility timeout if nobody else has received it', async () => {
    const queue = await createQueue();
    await queue.send('one');
    const message = await queue.receiveOne();
    await queue.changeVisibility(message);
    await queue.delete(message);
    expect(await queue.receive()).toEqual([]);
    expect(await queue.counts()).toEqual([0, 0, 0]);
  });

  it('refuses to change the visibility of what is not in flight', async () => {
    const queue = await createQueue();
    await queue.send('one');
    const message = await queue.receiveOne();
    await queue.changeVisibility(message);
    await expect(queue.changeVisibility(message, 5)).rejects.toMatchObject({ name: 'MessageNotInflight' });
  });

  it('counts what is visible, in flight and delayed', async () => {
    const queue = await createQueue();
    await queue.send('one');
    await queue.send('two');
    await queue.send('later', { DelaySeconds: 900 });
    await queue.receive({ MaxNumberOfMessages: 1 });
    expect(await queue.counts()).toEqual([1, 1, 1]);
  });

  it('gives out each message of a long queue once, at most ten at a time', async () => {
    const queue = await createQueue();
    const sent = Array.from({ length: 25 }, (_, index) => `message ${index}`);
    await Promise.all(sent.map((body) => queue.send(body)));
    const received: (string | undefined)[] = [];
    for (let round = 0; round < 25 && received.length < 25; round += 1) {
      const messages = await queue.receive();
      expect(messages.length).toBeLessThanOrEqual(10);
      received.push(...bodies(messages));
    }
    expect(received.sort()).toEqual(sent.sort());
    await expect(queue.receive({ MaxNumberOfMessages: 11 })).rejects.toThrow(/MaxNumberOfMessages/);
  });

  it('holds a message back for its own delay, or for that of the queue', async () => {
    const queue = await createQueue({ DelaySeconds: '1' });
    await queue.send('by the queue');
    await queue.send('at once', { DelaySeconds: 0 });
    expect(bodies(await queue.receive())).toEqual(['at once']);
    await expect.poll(async () => bodies(await queue.receive())).toEqual(['by the queue']);
  });

  it('waits for a message as long as a receive request says', async () => {
    const queue = await createQueue();
    const waiting = queue.receive({ WaitTimeSeconds: 20 });
    await queue.send('one');
    expect(bodies(await waiting)).toEqual(['one']);
    const slow = await createQueue({ ReceiveMessageWaitTimeSeconds: '20' });
    const byDefault = slow.receive({ WaitTimeSeconds: undefined });
    await slow.send('two');
    expect(bodies(await byDefault)).toEqual(['two']);
    expect(await slow.receive({ WaitTimeSeconds: 1 })).toEqual([]);
  });

  it('keeps message attributes of every type, their MD5, and the attributes of the system', async () => {
    const queue = await createQueue();
    const MessageAttributes: Record<string, MessageAttributeValue> = {
      text: { DataType: 'String', StringValue: 'é' },
      number: { DataType: 'Number.int', StringValue: '12' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255, 1]) },
    };
    const sent = await queue.send('body', { MessageAttributes });
    const message = await queue.receiveOne();
    expect(message.MessageAttributes).toEqual(MessageAttributes);
    expect(message.MD5OfMessageAttributes).toBe(md5OfAttributes(MessageAttributes));
    expect(sent.MD5OfMessageAttributes).toBe(message.MD5OfMessageAttributes);
    expect(message.MD5OfBody).toBe(createHash('md5').update('body').digest('hex'));
    expect(message.Attributes).toMatchObject({
      SenderId: expect.any(String),
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
      ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
      ApproximateReceiveCount: '1',
    });
  });

  it('takes a body of 1 MiB with its attributes and no more, and less where the queue says so', async () => {
    const queue = await createQueue();
    await queue.send('x'.repeat(MEBIBYTE));
    expect((await queue.receiveOne()).Body).toHaveLength(MEBIBYTE);
    await expect(queue.send('x'.repeat(MEBIBYTE + 1))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    await expect(
      queue.send('x'.repeat(MEBIBYTE - 4), {
        MessageAttributes: { name: { DataType: 'String', StringValue: 'value' } },
      }),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    const small = await createQueue({ MaximumMessageSize: '1024' });
    await expect(small.send('x'.repeat(1025))).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('takes every character of XML 1.0, those above U+FFFF too, and no other', async () => {
    const queue = await createQueue();
    const body = '\t\n\r \ud7ff\ue000\ufffd😀𝒳\u{10ffff}';
    await queue.send(body);
    expect((await queue.receiveOne()).Body).toBe(body);
    await expect(queue.send('\u0000')).rejects.toMatchObject({ name: 'InvalidMessageContents' });
    await expect(queue.send('\ufffe')).rejects.toMatchObject({ name: 'InvalidMessageContents' });
  });

  it('forgets everything when it is purged', async () => {
    const queue = await createQueue();
    await Promise.all(['one', 'two'].map((body) => queue.send(body)));
    await queue.send('later', { DelaySeconds: 900 });
    await queue.receive({ MaxNumberOfMessages: 1 });
    await sqs.send(new PurgeQueueCommand({ QueueUrl: queue.url }));
    await expect.poll(() => queue.counts()).toEqual([0, 0, 0]);
  });

  it('reports each entry of a batch by itself', async () => {
    const queue = await createQueue();
    const sent = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queue.url,
        Entries: [
          { Id: 'good', MessageBody: 'good' },
          { Id: 'bad', MessageBody: '\u0000' },
        ],
      }),
    );
    expect(sent.Successful).toMatchObject([{ Id: 'good' }]);
    expect(sent.Failed).toMatchObject([{ Id: 'bad', SenderFault: true }]);
  });

  it('refuses a batch that is empty, too long, or names an entry twice', async () => {
    const { url: QueueUrl } = await createQueue();
    const entry = (Id: string, MessageBody = 'x') => ({ Id, MessageBody });
    const sendBatch = (Entries: ReturnType<typeof entry>[]) =>
      sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    await expect(sendBatch([])).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
    await expect(sendBatch([entry('a'), entry('a')])).rejects.toMatchObject({
      name: 'BatchEntryIdsNotDistinct',
    });
    await expect(
      sendBatch(Array.from({ length: 11 }, (_, index) => entry(String(index)))),
    ).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
    await expect(
      sendBatch([entry('a', 'x'.repeat(MEBIBYTE)), entry('b', 'x'.repeat(10))]),
    ).rejects.toMatchObject({ name: 'BatchRequestTooLong' });
  });
});

describe('a queue', () => {
  it('has one address for each name, and is refused when it is made again with other attributes', async () => {
    const QueueName = `queue-${randomUUID()}`;
    const make = (VisibilityTimeout: string) =>
      sqs.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout } }));
    const { QueueUrl } = await make('5');
    expect((await make('5')).QueueUrl).toBe(QueueUrl);
    await expect(make('6')).rejects.toMatchObject({ name: 'QueueNameExists' });
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl).toBe(QueueUrl);
    expect((await new Queue(QueueUrl ?? '').attributes())['QueueArn']).toMatch(
      new RegExp(`^arn:aws:sqs:us-east-1:\\d{12}:${QueueName}$`),
    );
    await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'nowhere' }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  it('is one for clients of all regions', async () => {
    const queue = await createQueue();
    const QueueName = queue.url.split('/').at(-1) ?? '';
    const elsewhere = new SQSClient({
      endpoint: engine.endpoint,
      region: 'eu-west-1',
      credentials: engine.credentials,
    });
    expect((await elsewhere.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl).toBe(queue.url);
    await elsewhere.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'one' }));
    elsewhere.destroy();
    expect((await queue.receiveOne()).Body).toBe('one');
  });

  it.each(['standard', 'FIFO'])('moves a message of a %s queue to its dead-letter queue', async (kind) => {
    const isFifo = kind === 'FIFO';
    const more: Record<string, string> = isFifo
      ? { FifoQueue: 'true', ContentBasedDeduplication: 'true' }
      : {};
    const { queue, deadLetters } = await withDeadLetters(2, more);
    const { MessageId } = await queue.send('one', {
      ...(isFifo && { MessageGroupId: 'group' }),
      MessageAttributes: { name: { DataType: 'String', StringValue: 'value' } },
    });
    for (const count of ['1', '2']) {
      const message = await queue.receiveOne();
      expect(message.Attributes?.ApproximateReceiveCount).toBe(count);
      expect(await deadLetters.counts()).toEqual([0, 0, 0]);
      await queue.changeVisibility(message);
    }
    await expect.poll(() => queue.receive()).toEqual([]);
    expect(await deadLetters.receiveOne()).toMatchObject({
      MessageId,
      Body: 'one',
      MessageAttributes: { name: { StringValue: 'value' } },
      ...(isFifo && { Attributes: { MessageGroupId: 'group' } }),
    });
    expect(await queue.counts()).toEqual([0, 0, 0]);
  });
});

describe('a FIFO queue', () => {
  it('gives out several messages of a group in order, and nothing more of the group until they are done', async () => {
    const queue = await createFifo();
    for (const body of ['a1', 'a2', 'a3', 'a4', 'b1']) {
      await queue.send(body, { MessageGroupId: body.slice(0, 1) });
    }
    const first = await queue.receive({ MaxNumberOfMessages: 2 });
    expect(bodies(first)).toEqual(['a1', 'a2']);
    expect(bodies(await queue.receive())).toEqual(['b1']);
    expect(await queue.receive()).toEqual([]);
    for (const message of first) {
      await queue.delete(message);
    }
    expect(bodies(await queue.receive())).toEqual(['a3', 'a4']);
  });

  it('keeps the order of a group when its messages become visible again', async () => {
    const queue = await createFifo({ VisibilityTimeout: '1' });
    const sent = ['1', '2', '3', '4'];
    for (const body of sent) {
      await queue.send(body, { MessageGroupId: 'group' });
    }
    const messages = await queue.receive({ MaxNumberOfMessages: 3 });
    expect(bodies(messages)).toEqual(['1', '2', '3']);
    await expect.poll(async () => bodies(await queue.receive({ VisibilityTimeout: 30 }))).toEqual(sent);
    const again = await createFifo();
    for (const body of sent) {
      await again.send(body, { MessageGroupId: 'group' });
    }
    const taken = await again.receive({ MaxNumberOfMessages: 3 });
    await sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: again.url,
        Entries: taken.map(({ ReceiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle,
          VisibilityTimeout: 0,
        })),
      }),
    );
    expect(bodies(await again.receive())).toEqual(sent);
  });

  it('numbers its messages in ascending order and keeps their group and deduplication id', async () => {
    const queue = await createFifo();
    const sent = [];
    for (const MessageDeduplicationId of ['d1', 'd2']) {
      sent.push(await queue.send('same', { MessageGroupId: 'group', MessageDeduplicationId }));
    }
    const messages = await queue.receive();
    expect(messages.map(({ Attributes }) => Attributes)).toMatchObject(
      sent.map(({ SequenceNumber }, index) => ({
        MessageGroupId: 'group',
        MessageDeduplicationId: `d${index + 1}`,
        SequenceNumber,
      })),
    );
    const [first = 0n, second = 0n] = sent.map(({ SequenceNumber = '0' }) => BigInt(SequenceNumber));
    expect(second > first).toBe(true);
  });

  it('takes a message once in five minutes, also after the first has been deleted', async () => {
    const queue = await createFifo();
    const sent = await queue.send('one', { MessageGroupId: 'group', MessageDeduplicationId: 'id' });
    await queue.delete(await queue.receiveOne());
    const again = await queue.send('other', { MessageGroupId: 'group', MessageDeduplicationId: 'id' });
    expect(again.MessageId).toBe(sent.MessageId);
    expect(again.SequenceNumber).toBe(sent.SequenceNumber);
    expect(await queue.receive()).toEqual([]);
    await queue.send('by content', { MessageGroupId: 'group' });
    await queue.send('by content', { MessageGroupId: 'another-group' });
    expect(bodies(await queue.receive())).toEqual(['by content']);
  });

  it('refuses a message without a group or deduplication id, and a delay of its own', async () => {
    const queue = await createFifo({ ContentBasedDeduplication: 'false' });
    await expect(queue.send('x', { MessageDeduplicationId: 'id' })).rejects.toThrow(/MessageGroupId/);
    await expect(queue.send('x', { MessageGroupId: 'group' })).rejects.toThrow(/ContentBasedDeduplication/);
    const delayed = { MessageGroupId: 'group', MessageDeduplicationId: 'id', DelaySeconds: 5 };
    await expect(queue.send('x', delayed)).rejects.toThrow(/DelaySeconds/);
  });
});

describe('the local engine, other than Amazon SQS,', () => {
  it('takes any receipt handle for one of a message that is gone', async () => {
    const queue = await createQueue();
    await queue.delete({ ReceiptHandle: 'never given' });
    const Entries = [{ Id: 'bad', ReceiptHandle: 'never given' }];
    const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }));
    expect(Failed).toEqual([]);
  });

  it('keeps neither the trace header of a message, nor its group in a standard queue', async () => {
    const queue = await createQueue();
    await queue.send('body', {
      MessageGroupId: 'tenant',
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-2-3' } },
    });
    const { Attributes = {} } = await queue.receiveOne();
    expect(Object.keys(Attributes).sort()).toEqual([
      'ApproximateFirstReceiveTimestamp',
      'ApproximateReceiveCount',
      'SenderId',
      'SentTimestamp',
    ]);
  });

  it('does not say which queue a dead letter comes from', async () => {
    const { queue, deadLetters } = await withDeadLetters(1);
    await queue.send('one');
    await queue.changeVisibility(await queue.receiveOne());
    expect(await queue.receive()).toEqual([]);
    expect((await deadLetters.receiveOne()).Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
    await expect(
      sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: deadLetters.url })),
    ).rejects.toMatchObject({ name: 'InvalidAction' });
  });

  it('deduplicates in the whole queue, whatever the scope', async () => {
    const queue = await createFifo({
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
    for (const MessageGroupId of ['a', 'b']) {
      await queue.send('same', { MessageGroupId });
    }
    expect(await queue.receive()).toHaveLength(1);
  });
});

/** The digest that SQS documents: names in order, each part with its length, the transport type as a byte. */
function md5OfAttributes(attributes: Readonly<Record<string, MessageAttributeValue>>): string {
  const hash = createHash('md5');
  const add = (bytes: Uint8Array): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] ?? {};
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.from([BinaryValue === undefined ? 1 : 2]));
    add(BinaryValue ?? Buffer.from(StringValue ?? ''));
  }
  return hash.digest('hex');
}
