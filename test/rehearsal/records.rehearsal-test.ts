// Goal: whatever became of records or of a table, the steps of docs/operations.md lead to exact sums.
// Method: as in stages.rehearsal-test.ts. Streams of local engines forget nothing, so records are lost by retries that are used up
// where AWS would let them expire.
import { readFileSync, writeFileSync } from 'node:fs';
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
import { repair } from './support/repair.ts';
import { recipe } from './support/runbook.ts';
import { runRecipe } from './support/shell.ts';

const rehearsal = useRehearsal();
const givesUp = { maximumRetryAttempts: 0 };

/**
 * Runs a recipe of `oncefold redrive`. There is no stack here whose resources could be listed: the folder takes the place of the
 * bucket, and names are those of the lab.
 */
async function redrive(
  text: string,
  production: Production,
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const local = text.replaceAll('--stack oncefold-prod', '--failed-batches "$FAILED_BATCHES"');
  expect(local).not.toBe(text);
  const ended = await runRecipe(local, production, {
    folder: rehearsal.folder,
    variables: { ...variables, FAILED_BATCHES: production.failedBatches },
  });
  expect(ended, ended.stderr).toMatchObject({ status: 0 });
  return ended.stdout;
}

/** Lets a function fail until its mapping has given a batch up. */
async function giveUp(production: Production, request: string, send: () => Promise<void>): Promise<void> {
  const isGivenUp = (type: string): number => production.events.filter((event) => event.type === type).length;
  const before = isGivenUp('destination-document');
  production.refused.set(request, denied);
  await send();
  // AWS counts it as `DroppedEventCount` and `OnFailureDestinationDeliveredEventCount` of the mapping.
  await until(production, () => isGivenUp('destination-document') > before);
  production.refused.clear();
  await production.whenIdle();
}

describe('Dropped events', () => {
  it('a map stage that lost records gets the sums that are missing as one row', async () => {
    const production = await rehearsal.start({ mappings: { MapFunctionChanges: givesUp } });
    await giveUp(production, 'MapFunction TransactWriteItems', () => production.send(trades('lost', 5)));
    await production.send(trades('kept', 5));
    await production.whenIdle();
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: false });
    expect(await repair(production, rehearsal.folder)).toMatchObject({ status: 0 });
    await production.whenIdle();
    expect(await production.sums()).toEqual(sumsOf(10));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });
});

describe('Failed batches', () => {
  it('that state, map and reduce gave up are redriven, and count once however often', async () => {
    const mappings = {
      StateFunctionTrades: { ...givesUp, bisectBatchOnFunctionError: false },
      MapFunctionChanges: givesUp,
      ReduceFunctionRowsOfSums: givesUp,
    };
    const production = await rehearsal.start({ mappings });
    await giveUp(production, 'StateFunction BatchExecuteStatement', () =>
      production.send(trades('state', 3)),
    );
    await giveUp(production, 'MapFunction TransactWriteItems', () => production.send(trades('map', 3)));
    await giveUp(production, 'ReduceFunction TransactWriteItems', () => production.send(trades('reduce', 3)));
    await production.send(trades('after', 3));
    await production.whenIdle();
    const endpoints = await startAwsEndpoints(production);
    const { variables } = endpoints;
    try {
      const show = recipe('Failed batches', '--show');
      const [list = ''] = show.split('\n');
      const { open } = JSON.parse(await redrive(`${list} --json`, production, variables));
      expect(new Set(open.map(({ stage }: { stage: string }) => stage))).toEqual(
        new Set(['StateFunction', 'MapFunction', 'ReduceFunction']),
      );
      const shown = await redrive(show.replace(/--show \S+/, `--show ${open[0].id}`), production, variables);
      expect(shown).toContain(open[0].name);
      for (const _ of ['once', 'twice']) {
        await redrive(recipe('Failed batches', '--all'), production, variables);
      }
      await production.whenIdle();
    } finally {
      await endpoints.close();
    }
    expect(await production.sums()).toEqual(sumsOf(12));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });
});

describe('Quarantine', () => {
  it('raises the alarm, shows the reasons, and what is mended counts', async () => {
    const production = await rehearsal.start();
    await production.send([trade('good', '1'), '{"TradeID": "bad"', trade('mended', '"much"')]);
    await production.whenIdle();
    expect(await alarmState('StateAlarms/QuarantineAlarm', production.points())).toBe('ALARM');
    const show = recipe('Quarantine', '--show');
    const [list = ''] = show.split('\n');
    const { open } = JSON.parse(await redrive(`${list} --json`, production, {}));
    expect(open.map(({ why }: { why: string }) => why.split(' ')[0]).sort()).toEqual([
      'broken-json',
      'not-a-number',
    ]);
    const { id } = open.find(({ why }: { why: string }) => why.startsWith('not-a-number'));
    await redrive(show.replace(/--show \S+/, `--show ${id}`), production, {});
    const file = join(rehearsal.folder, 'record.json');
    expect(readFileSync(file, 'utf8')).toBe(trade('mended', '"much"'));
    writeFileSync(file, trade('mended', '1'));
    await redrive(
      recipe('Quarantine', '--fix')
        .replace(/--send \S+/, `--send ${id}`)
        .replace('record.json', file),
      production,
      {},
    );
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
    expect(await repair(production, rehearsal.folder)).toMatchObject({ status: 0 });
    await production.whenIdle();
    expect(await production.sums()).toEqual(before);
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });
});
