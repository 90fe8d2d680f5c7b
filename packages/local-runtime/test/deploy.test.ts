import { fileURLToPath } from 'node:url';
import { DescribeTableCommand, DescribeTimeToLiveCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand as DescribeTableStreamCommand } from '@aws-sdk/client-dynamodb-streams';
import { DescribeStreamCommand } from '@aws-sdk/client-kinesis';
import {
  createLocalClients,
  type Engine,
  freshCredentials,
  startDynamoDb,
  startKinesis,
} from '@oncefold/engines';
import { readTemplate } from '@oncefold/sam-template';
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
    const { tables, streams } = await deploy(application, clients);

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
    await deploy({ tables: [table], streams: [stream] }, clients);
    await expect(deploy({ tables: [table], streams: [] }, clients)).rejects.toMatchObject({
      code: 'exists',
      message: 'Taken: there is a table taken already',
    });
    await expect(deploy({ tables: [], streams: [stream] }, clients)).rejects.toMatchObject({
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
    await expect(deploy({ tables: [table], streams: [] }, clients)).rejects.toMatchObject({
      code: 'refused',
      logicalId: 'Wrong',
    });
  });
});
