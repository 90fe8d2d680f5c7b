// Goal: a user with the permissions that docs/operations.md asks for, and no others, can run the commands on a stack; each of them is used.
// Method: as stacks.deployment-test.ts; the tables of the runbook become the policies of users, the commands run with the access
// keys of these, and the emulator prints each permission that it has found or missed.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployed, deployStack, emulatedTemplate } from './support/deployed.ts';
import { type Permission, readPermissions } from './support/documented-permissions.ts';
import { type Emulator, startEmulator } from './support/emulator.ts';
import { emulatedParameters } from './support/parameters.ts';
import { scanTable } from './support/pipeline.ts';
import { runOncefold } from './support/run-oncefold.ts';
import { arnsOf, createUser, runAws, type User } from './support/user.ts';

const STACK = 'pipeline';
const DAY_SECONDS = 86_400;
/** Of the one record of each batch that is put into the bucket. */
const SEQUENCE_NUMBER = '1';
/** Permissions that are used after a lost answer or beside other writers only, as a reading of the requests says. */
const seldomUsed: readonly string[] = ['dynamodb:GetItem StateTable'];

let emulator: Emulator;
let deployed: Deployed;
let mappings: ReadonlyMap<string, { readonly functionArn: string; readonly streamArn: string }>;

beforeAll(async () => {
  emulator = await startEmulator();
  const { path: template } = await emulatedTemplate(emulator);
  deployed = await deployStack(emulator, { name: STACK, template, parameters: emulatedParameters });
  const { EventSourceMappings = [] } = await emulator.lambda.send(new ListEventSourceMappingsCommand({}));
  mappings = new Map(
    ['MapFunction', 'ReduceFunction'].map((id) => {
      const name = deployed.pipeline.nameOf(id);
      const mapping = EventSourceMappings.find(({ FunctionArn }) => FunctionArn?.split(':')[6] === name);
      return [id, { functionArn: mapping?.FunctionArn ?? '', streamArn: mapping?.EventSourceArn ?? '' }];
    }),
  );
  // It refuses requests without TLS, and the emulator has none.
  await runAws(
    emulator,
    's3api',
    'delete-bucket-policy',
    '--bucket',
    deployed.pipeline.nameOf('FailedBatchBucket'),
  );
  await deployed.producer.sendWave();
  await deployed.producer.expectExact();
});

afterAll(() => emulator?.stop());

/** @param column - the title of what the user may run, in the tables of the runbook */
async function documentedUser(name: string, column: string): Promise<User> {
  const aliases = new Map([...mappings].map(([id, { functionArn }]) => [id, functionArn]));
  return await createUser(emulator, {
    name,
    permissions: readPermissions(column),
    arnOf: arnsOf(deployed.pipeline, STACK, aliases),
  });
}

const textOf = ({ action, on }: Permission): string => `${action} ${on}`;

async function expectAllUsed(user: User, column: string): Promise<void> {
  const { allowed, denied } = await user.used();
  expect.soft(denied).toEqual([]);
  const used = new Set(allowed.map(textOf));
  const unused = readPermissions(column)
    .map(textOf)
    .filter((text) => !used.has(text));
  expect.soft(unused.filter((text) => !seldomUsed.includes(text))).toEqual([]);
}

/** Runs a command as the user, and expects an answer. */
async function run(user: User, ...words: readonly string[]) {
  const { status, stdout, stderr } = await runOncefold(user, [...words, '--stack', STACK, '--json']);
  expect(stdout, `${stderr}\n${await emulator.log()}`).toMatch(/^\{/);
  return { status, answer: JSON.parse(stdout) };
}

/** Puts a batch into the bucket, as Lambda would: the emulator does not. */
async function giveUp(key: string, batch: { functionArn: string; streamArn: string; records: object[] }) {
  const { functionArn, streamArn, records } = batch;
  const isKinesis = streamArn.split(':')[2] === 'kinesis';
  const file = join(emulator.folder, 'batch.json');
  const info = {
    shardId: 'shardId-000000000000',
    streamArn,
    batchSize: records.length,
    startSequenceNumber: SEQUENCE_NUMBER,
    endSequenceNumber: SEQUENCE_NUMBER,
  };
  const document = {
    requestContext: { requestId: 'r', functionArn, condition: 'RetryAttemptsExhausted' },
    timestamp: '2025-11-23T08:00:00.000Z',
    [isKinesis ? 'KinesisBatchInfo' : 'DDBStreamBatchInfo']: info,
    payload: { Records: records },
  };
  await writeFile(file, JSON.stringify(document));
  const bucket = deployed.pipeline.nameOf('FailedBatchBucket');
  await runAws(
    emulator,
    ...['s3api', 'put-object', '--bucket', bucket, '--body', file, '--key', `aws/lambda/${key}`],
  );
}

/** A change of an item that changes nothing, so that no sum depends on it. */
async function changeOf(table: string, key: string, streamArn: string): Promise<object> {
  const [item] = await scanTable(emulator, deployed.pipeline.nameOf(table));
  return {
    eventID: `change of ${table}`,
    eventName: 'MODIFY',
    eventSourceARN: streamArn,
    awsRegion: 'us-east-1',
    dynamodb: {
      Keys: { [key]: item?.[key] },
      OldImage: item,
      NewImage: item,
      SequenceNumber: SEQUENCE_NUMBER,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      ApproximateCreationDateTime: Math.floor(Date.now() / 1_000),
    },
  };
}

describe('a user with the permissions of docs/operations.md', () => {
  it('lists and shows what was given up, and sends it', async () => {
    const map = mappings.get('MapFunction') ?? { functionArn: '', streamArn: '' };
    const reduce = mappings.get('ReduceFunction') ?? { functionArn: '', streamArn: '' };
    await giveUp('map', { ...map, records: [await changeOf('StateTable', 'id', map.streamArn)] });
    await giveUp('reduce', {
      ...reduce,
      records: [await changeOf('ReduceTable', 'MessageId', reduce.streamArn)],
    });
    const streamArn = `arn:aws:kinesis:us-east-1:000000000000:stream/${deployed.pipeline.nameOf('IncomingDataStream')}`;
    const kinesis = { data: Buffer.from('{}').toString('base64'), partitionKey: 'a' };
    await giveUp('state', {
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:state',
      streamArn,
      records: [{ kinesis }],
    });

    const reader = await documentedUser('reader', 'list, `--show`');
    const { answer } = await run(reader, 'redrive');
    const kinds = answer.open.map(({ kind }: { kind: string }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['batch', 'quarantined']));
    const quarantined = answer.open.find(({ kind }: { kind: string }) => kind === 'quarantined');
    const shown = await runOncefold(reader, ['redrive', '--stack', STACK, '--show', quarantined.id]);
    expect(shown).toMatchObject({ status: 0, stdout: expect.stringContaining('TradeID') });
    await expectAllUsed(reader, 'list, `--show`');

    const sender = await documentedUser('sender', '`--send`, `--all`, `--dismiss`');
    const sent = await run(sender, 'redrive', '--all', '--delete', '--yes');
    expect(sent.answer.entries.filter(({ outcome }: { outcome: string }) => outcome !== 'sent')).toEqual([]);
    expect(sent.status).toBe(0);
    await expectAllUsed(sender, '`--send`, `--all`, `--dismiss`');
  });

  it('checks and rebuilds the sums', async () => {
    const { pipeline } = deployed;
    await add('PV', '1');
    await loseRow();
    await emulator.dynamodb.send(
      new PutItemCommand({
        TableName: pipeline.nameOf('QuarantineTable'),
        Item: {
          Source: { S: 'change' },
          Part: { N: '0' },
          Consumer: { S: 'map' },
          Reason: { S: 'missing-field' },
        },
      }),
    );

    const checker = await documentedUser('checker', '`check`');
    expect(await run(checker, 'check', '--wait', '30')).toMatchObject({
      status: 1,
      answer: { givenUp: { count: 0 } },
    });
    await expectAllUsed(checker, '`check`');

    const planner = await documentedUser('planner', '`rebuild --dry-run`');
    expect(await run(planner, 'rebuild', '--dry-run')).toMatchObject({ status: 1 });
    await expectAllUsed(planner, '`rebuild --dry-run`');

    const comparer = await documentedUser('comparer', '`check --live`');
    expect(await run(comparer, 'check', '--live', '--yes')).toMatchObject({
      status: 1,
      answer: { differences: [{ key: 'PV', difference: '1' }] },
    });
    await expectAllUsed(comparer, '`check --live`');

    const rebuilder = await documentedUser('rebuilder', '`rebuild`');
    expect(await run(rebuilder, 'rebuild', '--yes')).toMatchObject({
      status: 0,
      answer: { differences: [{ key: 'PV', difference: '1' }], lostRows: [expect.any(String)] },
    });
    await expectAllUsed(rebuilder, '`rebuild`');

    expect(await run(checker, 'check', '--path', 'PV')).toMatchObject({ status: 0, answer: { exact: true } });
    await deployed.producer.expectSame(pipeline);
    // What enforces nothing shows nothing.
    const { status, stderr } = await runOncefold(checker, ['rebuild', '--stack', STACK, '--yes']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/not authorized/);
  });
});

async function add(key: string, by: string): Promise<void> {
  await emulator.dynamodb.send(
    new UpdateItemCommand({
      TableName: deployed.pipeline.nameOf('AggregateTable'),
      Key: { Identifier: { S: key } },
      UpdateExpression: 'ADD #value :by',
      ExpressionAttributeNames: { '#value': 'Value' },
      ExpressionAttributeValues: { ':by': { N: by } },
    }),
  );
}

/** Makes a row of sums look as if its stream had lost it: it has no marker, and is older than a day. */
async function loseRow(): Promise<void> {
  const { pipeline } = deployed;
  const ledger = pipeline.nameOf('LedgerTable');
  const table = pipeline.nameOf('ReduceTable');
  const rows = await scanTable(emulator, table);
  const markers = (await scanTable(emulator, ledger)).map(({ Marker }) => Marker?.S ?? '');
  const markerOf = (id: string): string | undefined =>
    markers.find((marker) => marker.endsWith(`#${id.replaceAll('%', '%25').replaceAll('#', '%23')}`));
  const row = rows.find(({ MessageId }) => markerOf(MessageId?.S ?? '') !== undefined);
  const id = row?.['MessageId']?.S ?? '';
  await emulator.dynamodb.send(
    new DeleteItemCommand({ TableName: ledger, Key: { Marker: { S: markerOf(id) ?? '' } } }),
  );
  await emulator.dynamodb.send(
    new UpdateItemCommand({
      TableName: table,
      Key: { MessageId: { S: id } },
      UpdateExpression: 'SET ExpiresAt = :at',
      ExpressionAttributeValues: { ':at': { N: String(Number(row?.['ExpiresAt']?.N) - 2 * DAY_SECONDS) } },
    }),
  );
}
