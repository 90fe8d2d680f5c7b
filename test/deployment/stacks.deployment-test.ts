// Goal: what `sam build` made is deployed, updated while records flow, deployed beside itself, deleted and deployed again, and
// every sum is exact, with no right that its roles do not give.
// Method: `sam deploy` to an emulator of AWS that enforces roles (README.md says what it cannot do); messages go in, and sums are
// read, through the plain clients of the SDK; what they must be is reckoned here, in integers.
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployed, deployStack, emulatedTemplate } from './support/deployed.ts';
import { type Emulator, startEmulator } from './support/emulator.ts';
import { emulatedParameters } from './support/parameters.ts';
import type { Parameters } from './support/stack.ts';
import { until } from './support/until.ts';

/** Batches that fail, and are redelivered, before the sums are compared. */
const FAILURES_WANTED = 6;

let emulator: Emulator;
let template: Awaited<ReturnType<typeof emulatedTemplate>>;
let first: Deployed;
let second: Deployed;

const deploy = (name: string): Promise<Deployed> =>
  deployStack(emulator, { name, template: template.path, parameters: emulatedParameters });

beforeAll(async () => {
  emulator = await startEmulator();
  template = await emulatedTemplate(emulator);
  first = await deploy('first');
});

afterAll(() => emulator?.stop());

describe('the built application', () => {
  it('is deployed whole, but for what the emulator does not have', () => {
    expect(template.leftOut).toEqual([
      'StateFunction.DeploymentPreference',
      'MapFunction.DeploymentPreference',
      'ReduceFunction.DeploymentPreference',
      'StateStoppedAlarm',
      'MapStoppedAlarm',
      'ReduceStoppedAlarm',
      'EndToEndLatencyAlarm',
    ]);
  });

  it('sums every trade once, and quarantines what is invalid or in conflict', async () => {
    for (let wave = 0; wave < 4; wave += 1) {
      await first.producer.sendWave();
    }
    await first.producer.expectExact();
  });

  it('is exact beside another stack in the same account, and neither sees anything of the other', async () => {
    const deployment = deploy('second');
    await first.producer.sendDuring(deployment);
    second = await deployment;
    await second.producer.sendWave();
    await second.producer.sendWave();
    await second.producer.expectExact();
    await first.producer.expectExact();
  });
});

describe('an update in mid-stream', () => {
  const updates: readonly (readonly [string, Parameters])[] = [
    ['the strategies', { MapStrategy: 'request-token', ReduceStrategy: 'powertools' }],
    ['the memory', { FunctionMemorySize: '512' }],
    [
      'the dimensions, the strategies, and failures on demand',
      {
        HierarchyDimensions: 'Region,RiskType',
        MapStrategy: 'ledger',
        ReduceStrategy: 'ledger',
        InducedFailures: 'true',
      },
    ],
  ];
  let parameters = emulatedParameters;

  it.each(updates)('of %s reaches the running code, and the sums stay exact', async (_what, changes) => {
    parameters = { ...parameters, ...changes };
    await first.producer.sendDuring(first.stack.deploy(parameters));
    const [state, map, reduce] = await Promise.all([
      first.stack.running('StateFunction'),
      first.stack.running('MapFunction'),
      first.stack.running('ReduceFunction'),
    ]);
    const { FunctionMemorySize: memory = '1024', InducedFailures: failures = 'false' } = parameters;
    for (const running of [state, map, reduce]) {
      expect.soft(running.memory).toBe(Number(memory));
      expect.soft(running.variables['INDUCED_FAILURES']).toBe(failures);
    }
    const { HierarchyDimensions: dimensions = 'RiskType,TradeDesk,Region' } = parameters;
    expect.soft(state.variables['HIERARCHY_DIMENSIONS']).toBe(dimensions);
    expect.soft(map.variables['HIERARCHY_DIMENSIONS']).toBe(dimensions);
    expect.soft(map.variables['STRATEGY']).toBe(parameters['MapStrategy']);
    expect.soft(reduce.variables['STRATEGY']).toBe(parameters['ReduceStrategy']);
    await first.producer.sendWave();
    await first.producer.expectExact();
  });

  it('leaves every trade that has changed since in the new nodes', async () => {
    await first.producer.sendWave({ all: true });
    await first.producer.expectExact();
    const summedBy = [...(await first.pipeline.trades()).values()].map((trade) => trade.summedBy.join());
    expect(new Set(summedBy)).toEqual(new Set(['Region,RiskType']));
  });
});

describe('a stage that fails', () => {
  // State fails before its writes, map and reduce after their commit; the mapping redelivers, with what has arrived since.
  it('counts nothing twice and loses nothing, however its batches are redelivered', async () => {
    for (const stage of ['STATE', 'MAP', 'REDUCE']) {
      await emulator.dynamodb.send(
        new PutItemCommand({
          TableName: first.pipeline.nameOf('ParameterTable'),
          Item: {
            parameter: { S: `FAILURE_${stage}_LAMBDA_PCT` },
            value: { N: stage === 'STATE' ? '1' : '40' },
          },
        }),
      );
    }
    await until(
      async () => {
        await first.producer.sendWave();
        return (await emulator.failures()) >= FAILURES_WANTED ? true : undefined;
      },
      async () => `only ${await emulator.failures()} batches have failed`,
    );
    await first.producer.expectExact();
  });
});
