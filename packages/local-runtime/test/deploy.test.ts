import { fileURLToPath } from 'node:url';
import { DescribeTableCommand, DescribeTimeToLiveCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand as DescribeTableStreamCommand } from '@aws-sdk/client-dynamodb-streams';
import { DescribeStreamCommand } from '@aws-sdk/client-kinesis';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import {
  createLocalClients,
  type Engine,
  freshCredentials,
  startDynamoDb,
  startKinesis,
} from '@oncefold/engines';
import { useSqs } from '@oncefold/engines/vitest';
import { type QueueResource, readTemplate } from '@oncefold/sam-template';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deploy } from '../src/deployment/deploy.ts';

describe.each(['dynamodb-local', 'dynoxide'] as const)('deploy to %s', (engine) => {
  let engines: Engine[];
  let clients: ReturnType<typeof createLocalClients>;

  beforeAll(async () => {
    const [dynamodb, kinesis] = await Promise.all([startDynamoDb({ engine }), startKinesis()]);
    engines = [dynamodb, kinesis];
    clients = createLocalClients({
      dynamodbEndpoint: dynamodb.endpoint,
      kinesisEndpoint: kinesis.endpoint,
      credentials: freshCredentials(),
    });
  });
  afterAll(async () => {
    for (const client of Object.values(clients)) {
      client.destroy();
    }
    await Promise.all(engines.map((started) => started.stop()));
  });

  it('creates tables, indexes, streams and time to live, and says where they are', async () => {
    const file = fileURLToPath(import.meta.resolve('@oncefold/sam-template/every-feature.yaml'));
    const application = await readTemplate({ file });
    const { tables, streams } = await deploy({ ...application, queues: [] }, clients);

    const totals = tables.get('Totals');
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: 'Totals' }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: totals?.tableArn,
      LatestStreamArn: totals?.streamArn,
    });
    expect(Table?.GlobalSecondaryIndexes?.[0]?.IndexName).toBe('by-region');
    expect(Table?.LocalSecondaryIndexes?.[0]?.IndexName).toBe('by-time');
    const { TimeToLiveDescription } = await clients.dynamodb.send(
      new DescribeTimeToLiveCommand({ TableName: 'Totals' }),
    );
    expect(TimeToLiveDescription?.AttributeName).toBe('expires');
    const { StreamDescription } = await clients.dynamodbStreams.send(
      new DescribeTableStreamCommand({ StreamArn: totals?.streamArn ?? '' }),
    );
    expect(StreamDescription).toMatchObject({ StreamViewType: 'NEW_IMAGE', TableName: 'Totals' });

    expect(tables.get('Settings')).toEqual({
      tableName: 'settings-test',
      tableArn: expect.stringMatching(/settings-test$/),
    });
    await clients.dynamodb.send(
      new PutItemCommand({ TableName: 'settings-test', Item: { name: { N: '1' } } }),
    );

    expect(streams.get('Orders')?.streamArn).toMatch(/stream\/Orders$/);
    const kinesis = await clients.kinesis.send(new DescribeStreamCommand({ StreamName: 'Orders' }));
    expect(kinesis.StreamDescription?.Shards).toHaveLength(4);
  });

  it('takes nothing over that exists already', async () => {
    const table = {
      logicalId: 'Taken',
      tableName: 'taken',
      definition: {
        TableName: 'taken',
        BillingMode: 'PAY_PER_REQUEST' as const,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
      },
    };
    const stream = { logicalId: 'Flow', streamName: 'flow', shardCount: 1, retentionHours: 24 };
    await deploy({ tables: [table], streams: [stream], queues: [] }, clients);
    await expect(deploy({ tables: [table], streams: [], queues: [] }, clients)).rejects.toMatchObject({
      code: 'exists',
      message: 'Taken: there is a table taken already',
    });
    await expect(deploy({ tables: [], streams: [stream], queues: [] }, clients)).rejects.toMatchObject({
      code: 'exists',
      message: 'Flow: there is a stream flow already',
    });
  });

  it('says what the engine refuses', async () => {
    const table = {
      logicalId: 'Wrong',
      tableName: 'wrong',
      definition: { TableName: 'wrong', AttributeDefinitions: [], KeySchema: [] },
    };
    await expect(deploy({ tables: [table], streams: [], queues: [] }, clients)).rejects.toMatchObject({
      code: 'refused',
      logicalId: 'Wrong',
    });
  });
});

describe('deploy to SQS', () => {
  const { client: sqs } = useSqs();
  // Nothing here is a table or a stream.
  const clients = { sqs, dynamodb: undefined as never, kinesis: undefined as never };
  const queue = (logicalId: string, more: Partial<QueueResource> = {}): QueueResource => ({
    logicalId,
    queueName: logicalId.toLowerCase(),
    isFifo: false,
    contentBasedDeduplication: false,
    visibilityTimeoutSeconds: 45,
    messageRetentionSeconds: 600,
    delaySeconds: 5,
    receiveMessageWaitSeconds: 3,
    ...more,
  });
  const arn = (name: string): string => `arn:aws:sqs:eu-west-1:123456789012:${name}`;
  const deployQueues = (...queues: QueueResource[]) => deploy({ tables: [], streams: [], queues }, clients);

  it('creates queues with all that the template says, also before their dead-letter queue', async () => {
    const { queues } = await deployQueues(
      queue('Jobs', {
        maximumMessageSize: 2_048,
        redrivePolicy: { deadLetterTargetArn: arn('letters'), maxReceiveCount: 4 },
      }),
      queue('Letters'),
      queue('Steps', { queueName: 'steps.fifo', isFifo: true, contentBasedDeduplication: true }),
    );
    const attributesOf = async (logicalId: string) => {
      const QueueUrl = queues.get(logicalId)?.queueUrl;
      return (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })))
        .Attributes;
    };
    const { RedrivePolicy = '', ...jobs } = (await attributesOf('Jobs')) ?? {};
    expect(jobs).toMatchObject({
      VisibilityTimeout: '45',
      MessageRetentionPeriod: '600',
      DelaySeconds: '5',
      ReceiveMessageWaitTimeSeconds: '3',
      MaximumMessageSize: '2048',
    });
    // The engine's own account.
    expect(JSON.parse(RedrivePolicy)).toEqual({
      deadLetterTargetArn: queues.get('Letters')?.queueArn,
      maxReceiveCount: 4,
    });
    expect(await attributesOf('Steps')).toMatchObject({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
    });
  });

  it('says which queue exists already, is refused, or has its dead-letter queue elsewhere', async () => {
    await deployQueues(queue('Taken'));
    await expect(deployQueues(queue('Taken'))).rejects.toMatchObject({
      code: 'exists',
      message: 'Taken: there is a queue taken already',
    });
    await expect(deployQueues(queue('Long', { visibilityTimeoutSeconds: 1e9 }))).rejects.toMatchObject({
      code: 'refused',
      logicalId: 'Long',
    });
    const redrivePolicy = { deadLetterTargetArn: arn('elsewhere'), maxReceiveCount: 1 };
    await expect(deployQueues(queue('Lonely', { redrivePolicy }))).rejects.toThrow(
      `Lonely: its dead-letter queue ${arn('elsewhere')} is not in this template`,
    );
  });

  it('names a queue for which there is no SQS', async () => {
    const { sqs: _, ...others } = clients;
    await expect(deploy({ tables: [], streams: [], queues: [queue('Jobs')] }, others)).rejects.toMatchObject({
      code: 'refused',
      logicalId: 'Jobs',
    });
  });
});
