import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { checkpoint, incrementEach } from '@oncefold/commit';
import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import { commitOnce } from '@oncefold/middleware';
import { lambdaContext } from '../commit/lambda-context.ts';
import { type SampleBatch, type SampleEvent, sampleBatch } from '../commit/sample-batch.ts';
import { withCommitTables } from '../commit/with-commit-tables.ts';
import {
  AGGREGATES,
  commitSumsByHand,
  LEDGER_TABLE,
  NAMES,
  POSITION_TABLE,
} from '../commit/written-by-hand.ts';
import type { Figure } from '../figure.ts';
import { measureWallInTurn } from '../measure/measure-wall-in-turn.ts';

/** The library reads nothing of it but the remaining time. */
type IdempotencyContext = Parameters<IdempotencyConfig['registerLambdaContext']>[0];

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
    const further = { [IDEMPOTENCY_TABLE]: 'id' };
    return await withCommitTables({ further }, async (client) => {
      const subject = createCommit(client);
      const reference = createIdempotentCommit(client);
      const batchOf = (turn: number) => sampleBatch(RECORDS, turn * RECORDS);
      return {
        pairs: await measureWallInTurn({
          subject: (turn) => subject(batchOf(turn)),
          reference: (turn) => reference(batchOf(turn)),
          turns: quick ? 15 : 150,
        }),
      };
    });
  },
};

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
    return await handler(batch.event, lambdaContext);
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
  config.registerLambdaContext(lambdaContext as IdempotencyContext);
  return (batch) => commit({ ids: batch.event.Records.map(({ eventID }) => eventID) }, batch);
}
