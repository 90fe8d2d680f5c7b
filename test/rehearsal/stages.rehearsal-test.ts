// Goal: for each alarm of a stage, its fault raises what the alarm looks at, and the steps of docs/operations.md lead to exact sums.
// Method: the functions as they are deployed, on local engines; the fault is caused, the alarm is evaluated over what the functions
// have published, and the recipes are run as they are written. What only AWS publishes is named.
import { throttlingException } from '@oncefold/local-runtime';
import { describe, expect, it } from 'vitest';
import { startAwsEndpoints } from './support/aws-endpoints.ts';
import { alarmState, check, denied, quick, sumsOf, trades, until, useRehearsal } from './support/rehearse.ts';
import { recipe } from './support/runbook.ts';
import { runRecipe } from './support/shell.ts';

const rehearsal = useRehearsal();

describe('Stopped', () => {
  it('a mapping that was disabled by hand raises the alarm of its stage alone, and is enabled again', async () => {
    const isDisabled = { MapFunctionChanges: { enabled: false } };
    const production = await rehearsal.start({ mappings: isDisabled });
    await production.send(trades('stopped', 20));
    await production.whenIdle();
    const points = new Map([
      ...production.points(),
      // AWS's own.
      ['AWS/Kinesis StreamName=IncomingDataStream IncomingRecords', [{ minute: 0, value: 20 }]],
    ]);
    const state = (stage: string): Promise<string> =>
      alarmState(`${stage}StoppedAlarm`, points, { minutes: 20 });
    expect([await state('State'), await state('Map'), await state('Reduce')]).toEqual(['OK', 'ALARM', 'OK']);
    expect(await production.sums()).toEqual({});

    const endpoints = await startAwsEndpoints(production, {
      enable: () => production.deploy({ parameters: quick }),
    });
    try {
      const { folder } = rehearsal;
      const looked = await runRecipe(recipe('Stopped', 'list-event-source-mappings'), production, {
        folder,
        variables: { ...endpoints.variables, FUNCTION: 'MapFunction' },
      });
      expect(looked, looked.stderr).toMatchObject({ status: 0 });
      const [Mapping = '', mappingState] = looked.stdout.split('\t');
      expect(mappingState).toBe('Disabled');
      const enabled = await runRecipe(recipe('Stopped', 'update-event-source-mapping'), production, {
        folder,
        variables: { ...endpoints.variables, MAPPING: Mapping },
      });
      expect(enabled, enabled.stderr).toMatchObject({ status: 0 });
      await production.whenIdle();
      expect(await production.sums()).toEqual(sumsOf(20));
      expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
    } finally {
      await endpoints.close();
    }
  });
});

describe('Iterator age', () => {
  it('a stage that is behind gets other batch sizes while it has batches in flight, and nothing is lost or counted twice', async () => {
    const production = await rehearsal.start({ parameters: { MapBatchSize: '1', ReduceBatchSize: '1' } });
    await production.send(trades('behind', 60));
    // The age of the oldest record is AWS's own metric; here the stage has begun and is not done.
    await until(
      production,
      (event) => event.type === 'invocation-started' && event.functionId === 'ReduceFunction',
    );
    await production.deploy({
      parameters: { ...quick, StateBatchSize: '50', MapBatchSize: '50', ReduceBatchSize: '50' },
    });
    await production.whenIdle();
    expect(await production.sums()).toEqual(sumsOf(60));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });
});

describe('Errors', () => {
  it('a right that is missing stops the stage, is named in the log, and is given back', async () => {
    const production = await rehearsal.start();
    production.refused.set('ReduceFunction TransactWriteItems', denied);
    await production.send(trades('denied', 10));
    // AWS counts these as `Errors` of the function.
    await until(
      production,
      (event) =>
        event.type === 'invocation-failed' && event.functionId === 'ReduceFunction' && event.attempt > 2,
    );
    const failed = production.events.filter((event) => event.type === 'invocation-failed');
    expect(new Set(failed.map(({ errorType }) => errorType))).toEqual(new Set(['TransactionRefusedError']));
    expect(failed[0]?.errorMessage).toContain('AccessDenied');
    expect(await production.sums()).toEqual({});
    production.refused.clear();
    await production.whenIdle();
    expect(await production.sums()).toEqual(sumsOf(10));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });

  it('a variable that is wrong keeps the function from starting, is named, and is put right', async () => {
    const production = await rehearsal.start();
    await production.send(trades('before', 5));
    await production.whenIdle();
    const broken = { parameters: quick, environment: { MapFunction: { STRATEGY: '' } } };
    await expect(production.deploy(broken)).rejects.toThrow(/EnvironmentError: STRATEGY is not set/);
    await production.send(trades('meanwhile', 5));
    await production.deploy({ parameters: quick });
    await production.whenIdle();
    expect(await production.sums()).toEqual(sumsOf(10));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });
});

describe('Throttles', () => {
  it('a function without concurrency leaves its batches in the stream, and goes on when it has some', async () => {
    const production = await rehearsal.start({ concurrency: { ReduceFunction: 0 } });
    await production.send(trades('throttled', 10));
    await until(
      production,
      (event) => event.type === 'invocation-succeeded' && event.functionId === 'MapFunction',
    );
    expect(await production.sums()).toEqual({});
    await production.deploy({ parameters: quick });
    await production.whenIdle();
    expect(await production.sums()).toEqual(sumsOf(10));
  });
});

describe('Failed events', () => {
  it('records that state cannot write are reported one by one, and are written when it can', async () => {
    const production = await rehearsal.start({ parameters: { FunctionTimeoutSeconds: '5' } });
    production.refused.set('StateFunction BatchExecuteStatement', throttlingException());
    await production.send(trades('failing', 4));
    // AWS counts them as `FailedInvokeEventCount`; the stage's own count is on the dashboard.
    const failures = 'Oncefold/oncefold service=state BatchItemFailures';
    await expect
      .poll(() => (production.points().get(failures) ?? []).some(({ value }) => value > 0), {
        timeout: 60_000,
      })
      .toBe(true);
    production.refused.clear();
    await production.whenIdle();
    expect(await production.sums()).toEqual(sumsOf(4));
    expect(await check(production, rehearsal.folder)).toMatchObject({ exact: true });
  });
});

describe('End-to-end latency', () => {
  it('is the sum of what the three stages publish', async () => {
    const production = await rehearsal.start();
    await production.send(trades('latency', 3));
    await production.whenIdle();
    const points = production.points();
    for (const stage of ['state', 'map', 'reduce']) {
      expect([...points.keys()]).toContain(`Oncefold/oncefold service=${stage} StageLatency`);
    }
    // DynamoDB Local gives the times of its streams in whole minutes, so what the sum is says nothing here.
    expect(['OK', 'ALARM']).toContain(await alarmState('EndToEndLatencyAlarm', points));
  });
});
