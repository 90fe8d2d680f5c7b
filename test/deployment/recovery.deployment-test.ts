// Goal: tables that were damaged, lost or left behind by a deleted stack are restored and used again, and every sum is exact
// afterwards. These are the procedures of docs/operations.md (Restoring a table) and docs/deploying.md (Adopting tables).
// Method: as stacks.deployment-test.ts; backups are made and restored by the calls of DynamoDB, `sam delete` deletes the stack,
// and tables are imported by CloudFormation. Batches are cut anew afterwards, so that no guard can rely on their bounds.
import { DeleteItemCommand, PutItemCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteStreamCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployed, deployStack, emulatedTemplate } from './support/deployed.ts';
import { type Emulator, startEmulator } from './support/emulator.ts';
import { emulatedParameters } from './support/parameters.ts';
import { scanTable } from './support/pipeline.ts';
import { readStream } from './support/read-stream.ts';
import { runCheck, runRebuild } from './support/run-oncefold.ts';
import { adopt, backUp, putBack, restore } from './support/tables.ts';
import { until } from './support/until.ts';

/** What outlives the stack, but for the stream, which the emulator does not import. */
const kept = [
  'FailedBatchBucket',
  'StateTable',
  'ReduceTable',
  'AggregateTable',
  'LedgerTable',
  'PositionTable',
  'QuarantineTable',
  'AccountingTable',
];
let emulator: Emulator;
let template: string;
let deployed: Deployed;

const deploy = (name: string, parameters: Readonly<Record<string, string>> = {}): Promise<Deployed> =>
  deployStack(emulator, { name, template, parameters: { ...emulatedParameters, ...parameters } });

beforeAll(async () => {
  emulator = await startEmulator();
  template = (await emulatedTemplate(emulator)).path;
  deployed = await deploy('pipeline');
  await deployed.producer.sendWave();
  await deployed.producer.sendWave();
});

afterAll(() => emulator?.stop());

/** The first so many items of a table. */
async function someItems(table: string, count: number) {
  const items = await scanTable(emulator, table);
  expect(items.length).toBeGreaterThan(count);
  return items.slice(0, count);
}

describe('a table that was damaged', () => {
  it('StateTable: trades that were deleted are put back from a backup, and the sums follow', async () => {
    const { pipeline, producer } = deployed;
    await producer.expectExact();
    const table = pipeline.nameOf('StateTable');
    const backup = await backUp(emulator, table);
    const { messageCount } = await pipeline.sums();
    const lost = await someItems(table, 5);
    for (const { id } of lost) {
      await emulator.dynamodb.send(
        new DeleteItemCommand({ TableName: table, Key: { id: id ?? { S: 'no id' } } }),
      );
    }
    await untilChecked('pipeline');
    await expect(producer.expectSame(pipeline)).rejects.toThrow();
    await restore(emulator, backup, `${table}-restored`);
    await putBack(emulator, {
      table,
      items: await scanTable(emulator, `${table}-restored`),
      condition: 'attribute_not_exists(id) OR Version < :version',
      values: (item) => ({ ':version': item['Version'] ?? { N: '0' } }),
    });
    // The sums follow by themselves. Only the count of messages takes what was put back for new messages.
    await pipeline.untilCounted(messageCount + lost.length);
    await producer.expectSame(pipeline);
    await emulator.dynamodb.send(
      new PutItemCommand({
        TableName: pipeline.nameOf('ReduceTable'),
        ConditionExpression: 'attribute_not_exists(MessageId)',
        Item: {
          MessageId: { S: 'repair#2025-11-23#1' },
          Message: { S: JSON.stringify({ message_count: `-${lost.length}` }) },
          ExpiresAt: { N: String(Math.floor(Date.now() / 1000) + 691_200) },
        },
      }),
    );
    await untilChecked('pipeline');
    await producer.expectExact();
  });

  it('LedgerTable: markers that were deleted are put back from a backup', async () => {
    const { pipeline } = deployed;
    const table = pipeline.nameOf('LedgerTable');
    const backup = await backUp(emulator, table);
    const lost = await someItems(table, 10);
    for (const { Marker } of lost) {
      await emulator.dynamodb.send(
        new DeleteItemCommand({ TableName: table, Key: { Marker: Marker ?? { S: 'no marker' } } }),
      );
    }
    await restore(emulator, backup, `${table}-restored`);
    await putBack(emulator, {
      table,
      items: await scanTable(emulator, `${table}-restored`),
      condition: 'attribute_not_exists(Marker)',
    });
    // The next test redelivers everything: a marker that is missing would double a sum, or stop the stage.
  });
});

describe('a stack that was deleted', () => {
  it('is created again over its tables, gets everything again in other batches, and counts nothing twice', async () => {
    const { stack, pipeline, producer } = deployed;
    await producer.expectExact();
    const appliedBefore = await emulator.alreadyApplied();
    await stack.remove();
    // Created anew, it is empty: it held nothing that is not in StateTable.
    await emulator.kinesis.send(
      new DeleteStreamCommand({ StreamName: pipeline.nameOf('IncomingDataStream') }),
    );
    await adopt(emulator, {
      stack: 'pipeline',
      names: 'stack',
      bucket: pipeline.nameOf('FailedBatchBucket'),
      resources: kept,
    });
    await stack.deploy({ ...emulatedParameters, MapBatchSize: '7', ReduceBatchSize: '3' });
    await producer.sendWave();
    await producer.sendWave();
    await producer.expectExact();
    // The mappings of the new stack have begun with the oldest records of the tables' streams.
    expect((await emulator.alreadyApplied()) - appliedBefore).toBeGreaterThan(32);
  });
});

describe('a pipeline whose tables are lost', () => {
  it('is built anew from backups under other names, gets its sums by a rebuild and the stream again, and is exact', async () => {
    const { pipeline, producer } = deployed;
    const backups = new Map<string, string>();
    // The sums are made from the trades, and the guards are of streams that are lost, too.
    const restored = ['StateTable', 'QuarantineTable', 'AccountingTable'];
    // While records flow: the backups are at odds with each other, as those of different moments are.
    await producer.sendDuring(
      (async () => {
        for (const id of restored) {
          backups.set(id, await backUp(emulator, pipeline.nameOf(id)));
          await producer.sendWave();
        }
      })(),
    );
    await producer.sendWave({ all: true });
    await producer.expectExact();

    for (const [id, backup] of backups) {
      await restore(emulator, backup, `restored-${id}`);
    }
    await emulator.dynamodb.send(
      new UpdateTableCommand({
        TableName: 'restored-StateTable',
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      }),
    );
    await adopt(emulator, { stack: 'rebuilt', names: 'restored', bucket: 'none', resources: restored });
    const rebuilt = await deploy('rebuilt', { Names: 'restored' });
    expect(rebuilt.pipeline.nameOf('StateTable')).toBe('restored-StateTable');
    await runRebuild(emulator, 'rebuilt');
    await untilChecked('rebuilt', 'without count');

    const messages = await readStream(emulator, pipeline.nameOf('IncomingDataStream'));
    const accounted = Object.values(await rebuilt.pipeline.account()).reduce((sum, count) => sum + count);
    await rebuilt.pipeline.send(messages);
    await rebuilt.pipeline.untilAccounted(accounted + messages.length);
    await untilChecked('rebuilt', 'without count');
    await producer.expectSame(rebuilt.pipeline);
  });
});

/** Waits until `oncefold check` finds every sum exact, and the count of messages, too, unless it is at odds for good. */
async function untilChecked(
  stack: string,
  counts: 'with count' | 'without count' = 'with count',
): Promise<void> {
  const wrong = async () => {
    const { differences } = await runCheck(emulator, stack);
    return differences.filter(({ key }) => counts === 'with count' || key !== 'message_count');
  };
  await until(
    async () => ((await wrong()).length === 0 ? true : undefined),
    async () => `oncefold check says ${JSON.stringify(await wrong())}\n${await emulator.log()}`,
  );
}
