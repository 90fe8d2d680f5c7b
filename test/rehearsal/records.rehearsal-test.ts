// Goal: whatever became of records, of their guards or of a table, the steps of docs/operations.md lead to exact sums.
// Method: as in stages.rehearsal-test.ts. Streams of local engines forget nothing, so records are lost by retries that are used up
// where AWS would let them expire.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { startAwsEndpoints } from './support/aws-endpoints.ts';
import type { Production } from './support/production.ts';
import {
  alarmState,
  check,
  denied,
  quick,
  sumsOf,
  trade,
  trades,
  until,
  useRehearsal,
} from './support/rehearse.ts';
import { recipe } from './support/runbook.ts';
import { runRecipe } from './support/shell.ts';

const rehearsal = useRehearsal();
const givesUp = { maximumRetryAttempts: 0 };

/** The batch that a mapping gives up next. */
async function failedBatch(production: Production): Promise<string> {
  // AWS counts it as `DroppedEventCount` and `OnFailureDestinationDeliveredEventCount` of the mapping.
  await until(production, ({ type }) => type === 'records-discarded');
  await until(production, ({ type }) => type === 'destination-document');
  return production.failedBatches().at(-1)?.key ?? '';
}

/** Puts the row that the runbook writes, with the differences that the check has found in place of its example. */
async function repair(production: Production): Promise<{ readonly status: number; readonly stderr: string }> {
  const asked = await runRecipe(
    'npm run --silent oncefold -- check --json > differences.json || [ $? = 1 ]',
    production,
    { folder: rehearsal.folder },
  );
  expect(asked.status, asked.stderr).toBe(0);
  const { differences } = JSON.parse(readFileSync(join(rehearsal.folder, 'differences.json'), 'utf8')) as {
    differences: { key: string; difference: string }[];
  };
  const missing = differences.map(({ key, difference }) => [key, negated(difference)]);
  const message = JSON.stringify(JSON.stringify(Object.fromEntries(missing)));
  const text = recipe('A stage that lost records', 'put-item').replace(
    /("Message": \{"S": )"(?:\\"|[^"])*"/,
    (_, before) => `${before}${message}`,
  );
  expect(text).toContain(message);
  const put = await runRecipe(text, production, { folder: rehearsal.folder });
  const again = await runRecipe(text, production, { folder: rehearsal.folder });
  // One row, however often.
  expect(again).toMatchObject({ stderr: expect.stringContaining('ConditionalCheckFailedException') });
  return put;
}

function negated(decimal: string): string {
  return decimal.startsWith('-') ? decimal.slice(1) : `-${decimal}`;
}

describe('Dropped events', () => {
  it('a map stage that lost records gets the sums that are missing as one row', async () => {
    const production = await rehearsal.start({ mappings: { MapFunctionChanges: givesUp } });
    production.refused.set('MapFunction TransactWriteItems', denied);
    await production.send(trades('lost', 5));
    await failedBatch(production);
    production.refused.clear();
    await production.send(trades('kept', 5));
    await production.whenIdle();
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: false });
    expect(await repair(production)).toMatchObject({ status: 0 });
    await production.whenIdle();
    expect(await production.sums()).toEqual(sumsOf(10));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });
});

describe('Failed batches', () => {
  it('of state are sent again through the stream', async () => {
    const production = await rehearsal.start({ mappings: { StateFunctionTrades: givesUp } });
    production.refused.set('StateFunction BatchExecuteStatement', denied);
    await production.send(trades('state', 1));
    const Key = await failedBatch(production);
    production.refused.clear();
    await production.whenIdle();
    expect(await production.sums()).toEqual({});
    const endpoints = await startAwsEndpoints(production);
    try {
      const variables = { ...endpoints.variables, KEY: Key };
      const sent = await runRecipe(recipe('Failed batches', 'put-records'), production, {
        folder: rehearsal.folder,
        variables,
      });
      expect(sent, sent.stderr).toMatchObject({ status: 0, stdout: '0\n' });
    } finally {
      await endpoints.close();
    }
    await production.whenIdle();
    expect(await production.sums()).toEqual(sumsOf(1));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });

  it('of reduce with a ledger are handed to the function, however often', async () => {
    const production = await rehearsal.start({ mappings: { ReduceFunctionRowsOfSums: givesUp } });
    production.refused.set('ReduceFunction TransactWriteItems', denied);
    await production.send(trades('row', 5));
    await failedBatch(production);
    production.refused.clear();
    await production.whenIdle();
    const endpoints = await startAwsEndpoints(production);
    const [first] = production.failedBatches();
    try {
      for (const batch of [...production.failedBatches(), first]) {
        const handed = await runRecipe(recipe('Failed batches', 'lambda invoke'), production, {
          folder: rehearsal.folder,
          variables: { ...endpoints.variables, KEY: batch?.key ?? '', FUNCTION: 'ReduceFunction' },
        });
        expect(handed, handed.stderr).toMatchObject({ status: 0 });
        const answer = readFileSync(join(rehearsal.folder, 'answer.json'), 'utf8');
        expect(JSON.parse(answer)).toEqual({ batchItemFailures: [] });
      }
    } finally {
      await endpoints.close();
    }
    expect(await production.sums()).toEqual(sumsOf(5));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });
});

describe('Quarantine', () => {
  it('raises the alarm, shows the reasons, and what is mended counts', async () => {
    const production = await rehearsal.start();
    await production.send([trade('good', '1'), '{"TradeID": "bad"', trade('mended', '"much"')]);
    await production.whenIdle();
    expect(await alarmState('StateAlarms/QuarantineAlarm', production.points())).toBe('ALARM');
    const shown = await runRecipe(recipe('Quarantine', 'dynamodb scan'), production, {
      folder: rehearsal.folder,
    });
    expect(shown, shown.stderr).toMatchObject({ status: 0 });
    const { Items } = JSON.parse(shown.stdout) as {
      Items: { Reason: { S: string }; Detail?: { S: string } }[];
    };
    expect(Items.map(({ Reason }) => Reason.S).sort()).toEqual(['broken-json', 'not-a-number']);
    await production.send([trade('mended', '1')]);
    await production.whenIdle();
    expect(await production.sums()).toEqual(sumsOf(2));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });
});

describe('Conflicts', () => {
  it('raise the alarm, and the version that is right is sent with a higher number', async () => {
    const production = await rehearsal.start();
    await production.send([trade('a', '3')]);
    await production.whenIdle();
    await production.send([trade('a', '1')]);
    await production.whenIdle();
    const overrides = { ConflictAlarmThreshold: '1' };
    expect(await alarmState('StateAlarms/ConflictsAlarm', production.points(), { overrides })).toBe('ALARM');
    expect(await production.sums()).toMatchObject({ PV: '3' });
    const [conflict] = await production.scan('QuarantineTable');
    expect(conflict?.['Reason']).toEqual({ S: 'version-conflict' });
    await production.send([trade('a', '1', { version: 1 })]);
    await production.whenIdle();
    expect(await production.sums()).toMatchObject({ PV: '1', message_count: '2' });
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });
});

describe('Deployment', () => {
  it('is stopped by a version that quarantines what it gets, though it has no errors', async () => {
    const production = await rehearsal.start({
      parameters: { DeploymentType: 'Linear10PercentEvery1Minute' },
    });
    await production.send(['no trade', 'neither']);
    await production.whenIdle();
    // Local functions have no published version.
    const points = new Map(
      [...production.points()].map(([key, values]) => [key.replace('version=$LATEST', 'version=1'), values]),
    );
    expect(await alarmState('StateQuarantineDeploymentAlarm', points)).toBe('ALARM');
    expect(await alarmState('StateConflictDeploymentAlarm', points)).toBe('OK');
    expect(production.events.filter(({ type }) => type === 'invocation-failed')).toEqual([]);
  });
});

describe('Token mismatches', () => {
  it('raise the alarm when a record makes something else than before, and the check says what it came to', async () => {
    const parameters = { ...quick, MapStrategy: 'request-token' };
    const production = await rehearsal.start({ parameters });
    await production.send([trade('a', '1')]);
    await production.whenIdle();
    // The row expires at another time now; everything is redelivered.
    await production.deploy({ parameters: { ...parameters, LedgerRetentionSeconds: '864000' } });
    await production.whenIdle();
    expect(await alarmState('MapAlarms/TokenMismatchAlarm', production.points())).toBe('ALARM');
    expect(await production.sums()).toEqual(sumsOf(1));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });
});

describe('A guard that is gone', () => {
  it('the position of a shard is put back from the last row of the shard', async () => {
    const production = await rehearsal.start();
    await production.send(trades('before', 5));
    await production.whenIdle();
    const { dynamodb } = production.clients;
    const [position, ...others] = await production.scan('PositionTable');
    const key = position?.['Position'];
    if (key?.S === undefined || others.length > 0) {
      throw new Error('map must have the only position');
    }
    await dynamodb.send(new DeleteItemCommand({ TableName: 'PositionTable', Key: { Position: key } }));
    await production.send(trades('after', 5));
    await until(
      production,
      (event) =>
        event.type === 'invocation-failed' && event.errorType === 'GuardLostError' && event.attempt > 1,
    );
    expect(await production.sums()).toEqual(sumsOf(5));

    const markers = (await production.scan('LedgerTable')).map((item) => item['Marker']?.S ?? '');
    const [start] = markers.filter((marker) => marker.endsWith('#start'));
    const shard = start?.replace(/#start$/, '') ?? '';
    expect(shard).toBe(key.S);
    const rows = (await production.scan('ReduceTable')).map((item) => item['MessageId']?.S ?? '');
    const sequenceNumbers = rows
      .filter((row) => row.startsWith(`${shard}#`))
      .map((row) => row.slice(shard.length + 1).padStart(129, '0'))
      .sort();
    const value = `${sequenceNumbers.at(-1)}.${'0'.repeat(10)}`;
    expect(value).toBe(position?.['SequenceNumber']?.S);
    const Item = { Position: { S: shard }, SequenceNumber: { S: value } };
    await dynamodb.send(new PutItemCommand({ TableName: 'PositionTable', Item }));
    await production.whenIdle();
    expect(await production.sums()).toEqual(sumsOf(10));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });
});

describe('Changing a strategy', () => {
  it('while nothing is in flight and mappings are paused, both stages at once', async () => {
    const production = await rehearsal.start();
    await production.send(trades('old', 10));
    await production.whenIdle();
    const strategies = { MapStrategy: 'ledger', ReduceStrategy: 'checkpoint' };
    await production.deploy({ parameters: { ...quick, MappingsEnabled: 'false' } });
    await production.deploy({ parameters: { ...quick, ...strategies, MappingsEnabled: 'false' } });
    await production.deploy({ parameters: { ...quick, ...strategies } }, { goesOn: true });
    await production.send(trades('new', 10));
    await production.whenIdle();
    expect(await production.sums()).toEqual(sumsOf(20));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });
});

describe('Restoring a table', () => {
  it('AggregateTable is repaired from StateTable', async () => {
    const production = await rehearsal.start();
    await production.send([...trades('a', 5), trade('other', '0.000000000001', { region: 'APAC' })]);
    await production.whenIdle();
    const before = await production.sums();
    const { dynamodb } = production.clients;
    const TableName = 'AggregateTable';
    await dynamodb.send(new DeleteItemCommand({ TableName, Key: { Identifier: { S: 'PV' } } }));
    await dynamodb.send(
      new PutItemCommand({ TableName, Item: { Identifier: { S: 'PV:FXSpot:EMEA' }, Value: { N: '77.5' } } }),
    );
    await dynamodb.send(new DeleteItemCommand({ TableName, Key: { Identifier: { S: 'message_count' } } }));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: false });
    expect(await repair(production)).toMatchObject({ status: 0 });
    await production.whenIdle();
    expect(await production.sums()).toEqual(before);
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });
});
