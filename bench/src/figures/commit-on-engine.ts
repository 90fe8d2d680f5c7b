import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { checkpoint, incrementEach } from '@oncefold/commit';
import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import { createLocalDynamoDb, freshCredentials, startDynamoDb } from '@oncefold/engines';
import { commitOnce } from '@oncefold/middleware';
import type { Figure, Pair } from '../figure.ts';
import { type SampleBatch, type SampleEvent, sampleBatch } from '../sample-batch.ts';
import { AGGREGATES, commitSumsByHand, LEDGER_TABLE, NAMES, POSITION_TABLE } from '../written-by-hand.ts';

/** The library reads nothing of it but the remaining time. */
type LambdaContext = Parameters<IdempotencyConfig['registerLambdaContext']>[0];

const RECORDS = 100;
const IDEMPOTENCY_TABLE = 'IdempotencyTable';

/** What an engine's own time is part of: one request against the three of a record around the same transaction. */
export const commitAgainstPowertools: Figure = {
  name: 'commit-against-powertools',
  title: `\`commitOnce\` with \`checkpoint\` per batch of ${RECORDS} records, on the local engine, wall`,
  reference: "Powertools' `makeIdempotent` around the same transaction",
  unit: 'ms a batch',
  goal: { of: 'ratio', max: 0.5 },
  async measure({ quick }) {
    const engine = await startDynamoDb();
    try {
      const { endpoint } = engine;
      const client = createLocalDynamoDb({ endpoint, credentials: freshCredentials(), maxAttempts: 1 });
      await createTables(client, {
        [AGGREGATES.table]: AGGREGATES.key,
        [POSITION_TABLE]: 'Position',
        [LEDGER_TABLE]: 'Marker',
        [IDEMPOTENCY_TABLE]: 'id',
      });
      return { pairs: await measureBatches(client, quick ? 15 : 150) };
    } finally {
      await engine.stop();
    }
  },
};

/** Each batch is committed both ways, one right after the other, and is another one than that before. */
async function measureBatches(client: DynamoDBClient, batches: number): Promise<readonly Pair[]> {
  const subject = createCommit(client);
  const reference = createIdempotentCommit(client);
  const pairs: Pair[] = [];
  // As many before, so that the engine has compiled what it does.
  for (let number = 0; number < 2 * batches; number += 1) {
    const batch = sampleBatch(RECORDS, number * RECORDS);
    const isSubjectFirst = number % 2 === 0;
    const first = await wallMs(() => (isSubjectFirst ? subject : reference)(batch));
    const second = await wallMs(() => (isSubjectFirst ? reference : subject)(batch));
    if (number >= batches) {
      pairs.push(
        isSubjectFirst ? { subject: first, reference: second } : { subject: second, reference: first },
      );
    }
  }
  return pairs;
}

function createCommit(client: DynamoDBClient): (batch: SampleBatch) => Promise<unknown> {
  let elements: SampleBatch['elements'] = [];
  const handler = commitOnce<SampleEvent>(
    {
      transactions: createDynamoDbTransactions(client),
      strategy: checkpoint({
        ...NAMES,
        table: POSITION_TABLE,
        startsTable: LEDGER_TABLE,
        parallelizationFactor: 1,
      }),
      effect: incrementEach(AGGREGATES),
    },
    () => elements,
  );
  return async (batch) => {
    elements = batch.elements;
    return await handler(batch.event, { awsRequestId: 'bench', getRemainingTimeInMillis: () => 60_000 });
  };
}

/** As its documentation advises: the batch is named by the ids of its records. */
function createIdempotentCommit(client: DynamoDBClient): (batch: SampleBatch) => Promise<unknown> {
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'ids', throwOnNoIdempotencyKey: true });
  const commit = makeIdempotent(
    async (_named: { ids: string[] }, batch: SampleBatch) => {
      await commitSumsByHand(batch, client);
      return { committed: true };
    },
    {
      persistenceStore: new DynamoDBPersistenceLayer({
        tableName: IDEMPOTENCY_TABLE,
        awsSdkV3Client: client,
      }),
      config,
      keyPrefix: NAMES.consumer,
    },
  );
  config.registerLambdaContext({ getRemainingTimeInMillis: () => 60_000 } as LambdaContext);
  return (batch) => commit({ ids: batch.event.Records.map(({ eventID }) => eventID) }, batch);
}

/** @param keys - the partition key of each table, by its name */
async function createTables(client: DynamoDBClient, keys: Readonly<Record<string, string>>): Promise<void> {
  for (const [TableName, AttributeName] of Object.entries(keys)) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName, AttributeType: 'S' }],
        KeySchema: [{ AttributeName, KeyType: 'HASH' }],
      }),
    );
  }
}

async function wallMs(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
