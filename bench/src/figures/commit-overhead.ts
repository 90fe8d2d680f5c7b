import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { checkpoint, incrementEach, ledger, type Strategy } from '@oncefold/commit';
import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import { commitOnce } from '@oncefold/middleware';
import { createAnsweredClient } from '../commit/answered-client.ts';
import { lambdaContext } from '../commit/lambda-context.ts';
import { type SampleBatch, type SampleEvent, sampleBatch } from '../commit/sample-batch.ts';
import {
  AGGREGATES,
  commitMarkersByHand,
  commitPositionByHand,
  LEDGER_TABLE,
  NAMES,
  POSITION_TABLE,
  RETENTION_SECONDS,
} from '../commit/written-by-hand.ts';
import type { Figure } from '../figure.ts';
import { measureCpuInTurn } from '../measure/measure-cpu-in-turn.ts';

const RECORDS = 100;
const MICROSECONDS_PER_MS = 1_000;

interface Compared {
  readonly name: string;
  readonly strategy: () => Strategy;
  readonly byHand: (batch: SampleBatch, client: DynamoDBClient) => Promise<unknown>;
}

const compared: readonly Compared[] = [
  {
    name: 'checkpoint',
    strategy: () =>
      checkpoint({ ...NAMES, table: POSITION_TABLE, startsTable: LEDGER_TABLE, parallelizationFactor: 1 }),
    byHand: commitPositionByHand,
  },
  {
    name: 'ledger',
    strategy: () => ledger({ ...NAMES, table: LEDGER_TABLE, retentionSeconds: RETENTION_SECONDS }),
    byHand: commitMarkersByHand,
  },
];

/** All that a commit does but for the engine, with the SDK's client, which answers itself. */
export const commitOverheads: readonly Figure[] = compared.map(({ name, strategy, byHand }) => ({
  name: `commit-once-overhead-${name}`,
  title: `\`commitOnce\` with \`${name}\` per batch of ${RECORDS} records, all but the engine`,
  reference: 'TransactWriteItems calls with the same actions, written by hand',
  unit: 'ms a batch',
  goal: { of: 'difference', max: 0.2 },
  async measure({ quick }) {
    const batch = sampleBatch(RECORDS);
    const ours = createAnsweredClient();
    const byHandClient = createAnsweredClient();
    const commit = createCommit(strategy(), ours.client, () => batch);
    const subject = () => commit(batch.event);
    const reference = () => byHand(batch, byHandClient.client);
    await subject();
    await reference();
    if (ours.sentBytes() !== byHandClient.sentBytes()) {
      throw new Error(`${ours.sentBytes()} bytes were sent, and ${byHandClient.sentBytes()} by hand`);
    }
    const settling = quick ? 60 : 200;
    return {
      pairs: await measureCpuInTurn({ subject, reference, per: MICROSECONDS_PER_MS, settling, quick }),
    };
  },
}));

function createCommit(strategy: Strategy, client: DynamoDBClient, batchOf: () => SampleBatch) {
  const handler = commitOnce<SampleEvent>(
    { transactions: createDynamoDbTransactions(client), strategy, effect: incrementEach(AGGREGATES) },
    () => batchOf().elements,
  );
  return (event: SampleEvent) => handler(event, lambdaContext);
}
