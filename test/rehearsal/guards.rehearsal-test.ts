// Goal: whatever became of a guard, the steps of docs/operations.md lead to exact sums.
// Method: as in stages.rehearsal-test.ts. Apart from the others because Lambda skips no record that is younger than a minute: the local
// mapping waits as long.
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Production } from './support/production.ts';
import { check, denied, quick, sumsOf, trades, until, useRehearsal } from './support/rehearse.ts';
import { repair } from './support/repair.ts';

/** Most of it is the wait for records to grow old: a limit against hanging. */
const SKIP_TIMEOUT_MS = 400_000;
const rehearsal = useRehearsal();
/** The least that Lambda takes. */
const skipsOld = { maximumRecordAgeInSeconds: 60 };

/** Waits until a stage has failed for a guard that is gone, and says that at every delivery. */
function untilGuardLost(production: Production, functionId: string): Promise<void> {
  return until(
    production,
    (event) =>
      event.type === 'invocation-failed' &&
      event.functionId === functionId &&
      event.errorType === 'GuardLostError' &&
      event.attempt > 1,
  );
}

describe('A guard that is gone', { timeout: SKIP_TIMEOUT_MS }, () => {
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
    await untilGuardLost(production, 'MapFunction');
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

  it('records that are older than the retention are skipped, and what was not applied of them is repaired', async () => {
    const production = await rehearsal.start();
    await production.send(trades('applied', 5));
    await production.whenIdle();
    production.refused.set('ReduceFunction TransactWriteItems', denied);
    await production.send(trades('not', 5));
    await until(
      production,
      (event) => event.type === 'invocation-failed' && event.functionId === 'ReduceFunction',
    );
    // A retention that is over for what is there, as if days had passed; everything is redelivered.
    const expired = { ReduceFunction: { LEDGER_RETENTION_SECONDS: '1' } };
    await production.deploy({ parameters: quick, environment: expired });
    await untilGuardLost(production, 'ReduceFunction');
    production.refused.clear();
    // What was applied is in the sums, and what was not is not.
    expect(await check(production, rehearsal.folder)).toMatchObject({
      exact: false,
      differences: expect.arrayContaining([
        expect.objectContaining({ key: 'PV', expected: '10', actual: '5' }),
      ]),
    });
    await production.deploy({
      parameters: quick,
      environment: expired,
      mappings: { ReduceFunctionRowsOfSums: skipsOld },
    });
    await production.whenIdle();
    expect(await production.sums()).toEqual(sumsOf(5));
    await production.deploy({ parameters: quick }, { goesOn: true });
    expect(await repair(production, rehearsal.folder)).toMatchObject({ status: 0 });
    await production.send(trades('after', 5));
    await production.whenIdle();
    expect(await production.sums()).toEqual(sumsOf(15));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });

  it('a row of sums without the markers of its records is found applied, and its batch is skipped', async () => {
    const parameters = { ...quick, MapStrategy: 'ledger' };
    const production = await rehearsal.start({ parameters });
    // One record, so that it is redelivered in the same batch: in another one it would count twice.
    await production.send(trades('applied', 1));
    await production.whenIdle();
    const { dynamodb } = production.clients;
    const markers = (await production.scan('LedgerTable')).flatMap(({ Marker }) => Marker ?? []);
    const ofMap = markers.filter(({ S = '' }) => S.includes('#map#'));
    expect(ofMap).toHaveLength(1);
    for (const Marker of ofMap) {
      await dynamodb.send(new DeleteItemCommand({ TableName: 'LedgerTable', Key: { Marker } }));
    }
    await production.deploy({ parameters });
    await untilGuardLost(production, 'MapFunction');
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
    await production.deploy({ parameters, mappings: { MapFunctionChanges: skipsOld } });
    await production.whenIdle();
    await production.deploy({ parameters }, { goesOn: true });
    await production.send(trades('after', 5));
    await production.whenIdle();
    expect(await production.sums()).toEqual(sumsOf(6));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });
});
