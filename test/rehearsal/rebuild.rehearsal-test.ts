// Goal: the steps of docs/operations.md make the sums right beside records that flow.
// Method: as in stages.rehearsal-test.ts. There is no CloudFormation here, so that the names of the tables are the command's defaults
// instead of those of a stack.
import { DeleteItemCommand, DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Production } from './support/production.ts';
import { quick, sumsOf, trade, trades, useRehearsal } from './support/rehearse.ts';
import { recipe } from './support/runbook.ts';
import { runRecipe } from './support/shell.ts';

const rehearsal = useRehearsal();

/** The two commands of the runbook, the dry run first. */
async function commands({ clients, access }: Production): Promise<readonly [string, string]> {
  const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: 'ReduceTable' }));
  const label = Table?.LatestStreamArn?.split('/').at(-1) ?? '';
  // The functions see an account of their own, of which the engine knows nothing.
  const source = `arn:aws:dynamodb:${access.region}:${access.accountId}:table/ReduceTable/stream/${label}`;
  const lines = recipe('Rebuilding the sums', 'rebuild')
    .replaceAll(' --stack oncefold-prod', ` --reduce-source ${source}`)
    .split('\n');
  const [dryRun = '', rebuild = ''] = lines;
  expect(lines).toHaveLength(2);
  expect(dryRun).toContain('--dry-run');
  // Nobody can be asked here.
  return [dryRun, `${rebuild} --yes`];
}

describe('Rebuilding the sums', () => {
  it('damaged sums are repaired beside records that flow, and a dry run says so before', async () => {
    const production = await rehearsal.start();
    await production.send(trades('a', 10));
    await production.whenIdle();
    const { dynamodb } = production.clients;
    const TableName = 'AggregateTable';
    await dynamodb.send(new DeleteItemCommand({ TableName, Key: { Identifier: { S: 'PV' } } }));
    await dynamodb.send(
      new PutItemCommand({ TableName, Item: { Identifier: { S: 'PV:FXSpot:EMEA' }, Value: { N: '77.5' } } }),
    );
    const [dryRun, rebuild] = await commands(production);
    const before = await production.sums();
    expect(await runRecipe(dryRun, production, rehearsal)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('WRONG: 2 aggregates'),
    });
    expect(await production.sums()).toEqual(before);
    const [repaired] = await Promise.all([
      runRecipe(rebuild, production, rehearsal),
      production.send(trades('b', 10)),
    ]);
    expect(repaired).toMatchObject({ status: 0, stdout: expect.stringContaining('repaired: 2 of') });
    await production.whenIdle();
    expect(await production.sums()).toEqual(sumsOf(20));
  });

  it('trades that have not changed move to the dimensions that were deployed', async () => {
    const production = await rehearsal.start();
    await production.send([...trades('old', 5), trade('moves by itself', '1')]);
    await production.whenIdle();
    await production.deploy(
      { parameters: { ...quick, HierarchyDimensions: 'RiskType,Region' } },
      { goesOn: true },
    );
    await production.send([...trades('new', 3), trade('moves by itself', '2', { version: 1 })]);
    await production.whenIdle();
    expect(await production.sums()).toMatchObject({ 'PV:FXSpot': '5', 'PV:EMEA': '5' });
    const [, rebuild] = await commands(production);
    const moved = await runRecipe(`${rebuild} --hierarchy-dimensions RiskType,Region`, production, rehearsal);
    expect(moved).toMatchObject({ status: 0, stdout: expect.stringContaining('no difference') });
    await production.whenIdle();
    expect(await production.sums()).toMatchObject({
      PV: '10',
      'PV:EMEA': '10',
      'PV:FXSpot': '0',
      'PV:FXSpot:EMEA': '0',
      message_count: '10',
    });
  });
});
