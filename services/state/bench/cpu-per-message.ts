/**
 * Measures the CPU that the state function needs per message, as a ratio against one conditional UpdateItem per
 * message with the same SDK, engine and process; logs and metrics included. Run it in this folder with
 * `pnpm run bench [messages] [batch size] >/dev/null`: the function's output goes to stdout, the result to stderr.
 * Times mean little on a busy machine, the ratio more.
 */
import { CreateTableCommand, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { createLocalDynamoDb, freshCredentials, startDynamoDb } from '@oncefold/engines';
import { parseTrade, tradeToItem } from '@oncefold/trades';
import { mapWithLimit } from '@oncefold/versioned-upsert';
import type { Context, KinesisStreamEvent } from 'aws-lambda';
import { hierarchy, kinesisRecord, messageOf } from '../test/support/stream.ts';
import { createTables } from '../test/support/tables.ts';

const messages = Number(process.argv[2] ?? 10_000);
const batchSize = Number(process.argv[3] ?? 100);
const WARM_UP = 2_000;
const REFERENCE_SHARE = 0.25;

const engine = await startDynamoDb();
try {
  const credentials = freshCredentials();
  const client = createLocalDynamoDb({ endpoint: engine.endpoint, credentials });
  await createTables(client);
  await createReferenceTable(client);
  const handler = await composeHandler(credentials);

  const stateBatches = batchesOf(WARM_UP + messages, batchSize);
  const warm = Math.ceil(WARM_UP / batchSize);
  const invoke = async (event: KinesisStreamEvent) => {
    const { batchItemFailures } = await handler(event, { getRemainingTimeInMillis: () => 60_000 } as Context);
    if (batchItemFailures.length > 0) {
      throw new Error('The benchmark had failures.');
    }
  };
  for (const event of stateBatches.slice(0, warm)) {
    await invoke(event);
  }
  const state = await measure(messages, async () => {
    for (const event of stateBatches.slice(warm)) {
      await invoke(event);
    }
  });

  const texts = Array.from({ length: WARM_UP + messages * REFERENCE_SHARE }, (_none, index) => textOf(index));
  await mapWithLimit(texts.slice(0, WARM_UP), 8, (text) => updateOne(client, text));
  const reference = await measure(texts.length - WARM_UP, async () => {
    await mapWithLimit(texts.slice(WARM_UP), 8, (text) => updateOne(client, text));
  });

  const ratio = (state.cpuMs / reference.cpuMs).toFixed(3);
  console.error(JSON.stringify({ batchSize, state, reference, ratio }, undefined, 2));
} finally {
  await engine.stop();
}

async function measure(count: number, run: () => Promise<void>) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run();
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpuMs: Number(((user + system) / 1_000 / count).toFixed(4)),
    messagesPerSecond: Math.round(count / ((performance.now() - start) / 1_000)),
  };
}

async function composeHandler(credentials: { accessKeyId: string; secretAccessKey: string }) {
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    POWERTOOLS_METRICS_NAMESPACE: 'Oncefold',
    POWERTOOLS_SERVICE_NAME: 'state',
    NAMESPACE: 'bench',
    CONSUMER: 'state',
    PARALLELIZATION_FACTOR: '1',
    HIERARCHY_DIMENSIONS: 'RiskType,TradeDesk,Region',
    STATE_TABLE: 'StateTable',
    QUARANTINE_TABLE: 'QuarantineTable',
    ACCOUNTING_TABLE: 'AccountingTable',
    RECOUNT_TABLE: 'RecountTable',
  });
  return (await import('../src/handler.ts')).handler;
}

/** The lab's mix: mostly new trades, some repeated messages, some new versions. */
function batchesOf(count: number, size: number): KinesisStreamEvent[] {
  const records = Array.from({ length: count }, (_none, index) => kinesisRecord(textOf(index), index));
  return Array.from({ length: Math.ceil(count / size) }, (_none, batch) => ({
    Records: records.slice(batch * size, (batch + 1) * size),
  }));
}

function textOf(index: number): string {
  const repeats = index % 8 === 7;
  const changes = index % 33 === 32;
  const of = repeats ? index - 3 : changes ? index - 20 : index;
  return messageOf({
    id: `5f0c2f5e-6f0e-4a53-8f43-${String(of).padStart(12, '0')}`,
    version: changes && !repeats ? 1 : 0,
    value: `${of % 100_000}.${10 + (of % 90)}`,
  });
}

async function updateOne(client: DynamoDBClient, text: string): Promise<void> {
  const parsed = parseTrade(text, hierarchy);
  if (parsed.code === 'invalid') {
    throw new Error('The benchmark has an invalid message.');
  }
  const item = tradeToItem(parsed.trade);
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: 'ReferenceTable',
        Key: { id: { S: item.id } },
        UpdateExpression:
          'SET #version = :version, #value = :value, #hierarchy = :hierarchy, #timestamp = :timestamp',
        ConditionExpression: 'attribute_not_exists(id) OR #version < :version',
        ExpressionAttributeNames: {
          '#version': 'Version',
          '#value': 'Value',
          '#hierarchy': 'Hierarchy',
          '#timestamp': 'Timestamp',
        },
        ExpressionAttributeValues: {
          ':version': { N: item.Version },
          ':value': { N: item.Value },
          ':hierarchy': { S: item.Hierarchy },
          ':timestamp': { N: item.Timestamp },
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ConditionalCheckFailedException')) {
      throw error;
    }
  }
}

async function createReferenceTable(client: DynamoDBClient): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: 'ReferenceTable',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
}
