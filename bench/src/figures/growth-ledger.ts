import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { incrementEach, ledger } from '@oncefold/commit';
import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import { commitOnce } from '@oncefold/middleware';
import { createIdentityKeys } from '@oncefold/request-token';
import { lambdaContext } from '../commit/lambda-context.ts';
import { SAMPLE_SOURCE, type SampleEvent, sampleBatch } from '../commit/sample-batch.ts';
import { withCommitTables } from '../commit/with-commit-tables.ts';
import { AGGREGATES, LEDGER_TABLE, NAMES, RETENTION_SECONDS } from '../commit/written-by-hand.ts';
import type { Figure } from '../figure.ts';
import { measureWallInTurn, type Turn } from '../measure/measure-wall-in-turn.ts';

/** A million takes the engine some minutes to write. */
const ROWS = 100_000;
const RECORDS = 100;
/** Few, so that the other table stays nearly empty. */
const TURNS = 25;
const FULL_TABLE = `Full${LEDGER_TABLE}`;
/** Most that one BatchWriteItem takes. */
const ROWS_PER_REQUEST = 25;
const REQUESTS_AT_ONCE = 8;

/** A marker is written by its key, and nothing is read: a full ledger is no slower, or something scans. */
export const growthOfLedger: Figure = {
  name: 'growth-ledger',
  title: `\`commitOnce\` with \`ledger\` and ${ROWS.toLocaleString('en-US')} markers in its table, per batch of ${RECORDS} that is delivered twice, on the local engine, wall`,
  reference: 'the same with an empty table at first',
  unit: 'ms a batch',
  goal: { of: 'ratio', max: 1.3 },
  fullOnly: true,
  async measure() {
    const further = { [FULL_TABLE]: 'Marker' };
    return await withCommitTables({ engine: 'dynoxide', further }, async (client) => {
      await fill(client);
      const [subject, reference] = [createTurn(client, FULL_TABLE), createTurn(client, LEDGER_TABLE)];
      return { pairs: await measureWallInTurn({ subject, reference, turns: TURNS }) };
    });
  },
};

/** Commits a batch, and finds all of it applied when it is delivered again. */
function createTurn(client: DynamoDBClient, table: string): Turn {
  const strategy = ledger({ ...NAMES, table, retentionSeconds: RETENTION_SECONDS });
  const options = {
    transactions: createDynamoDbTransactions(client),
    strategy,
    effect: incrementEach(AGGREGATES),
  };
  return async (turn) => {
    const { event, elements } = sampleBatch(RECORDS, turn * RECORDS);
    let found = 0;
    const onCommitted = ({ alreadyApplied }: { readonly alreadyApplied: readonly string[] }) => {
      found = alreadyApplied.length;
    };
    const deliver = commitOnce<SampleEvent>({ ...options, onCommitted }, () => elements);
    await deliver(event, lambdaContext);
    await deliver(event, lambdaContext);
    if (found !== RECORDS) {
      throw new Error(`${found} of ${RECORDS} records were found applied`);
    }
  };
}

/** Markers of records that came long before, as many as a busy stream leaves. */
async function fill(client: DynamoDBClient): Promise<void> {
  const keyOf = createIdentityKeys({ ...NAMES, source: SAMPLE_SOURCE });
  const ExpiresAt = { N: String(Math.ceil(Date.now() / 1000) + RETENTION_SECONDS) };
  let row = 0;
  const fillOn = async () => {
    while (row < ROWS) {
      const first = row;
      row += ROWS_PER_REQUEST;
      const requests = Array.from({ length: ROWS_PER_REQUEST }, (_none, index) => ({
        PutRequest: { Item: { Marker: { S: keyOf(`former-${first + index}`) }, ExpiresAt } },
      }));
      await client.send(new BatchWriteItemCommand({ RequestItems: { [FULL_TABLE]: requests } }));
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, fillOn));
}
