// Goal: what `sam build` made is deployed, updated while records flow, deployed beside itself, deleted and deployed again, and
// every sum is exact, with no right that its roles do not give.
// Method: `sam deploy` to an emulator of AWS that enforces roles (README.md says what it cannot do); messages go in, and sums are
// read, through the plain clients of the SDK; what they must be is reckoned here, in integers.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEmulatedTemplate } from './support/emulated-template.ts';
import { type Emulator, startEmulator } from './support/emulator.ts';
import { emulatedParameters } from './support/parameters.ts';
import { findPipeline, type Pipeline } from './support/pipeline.ts';
import { createProducer, type Producer } from './support/producer.ts';
import { createStack, type Parameters, type Stack } from './support/stack.ts';

const built = join(import.meta.dirname, '..', '..', '.aws-sam', 'build', 'template.yaml');

interface Deployed {
  readonly stack: Stack;
  readonly pipeline: Pipeline;
  readonly producer: Producer;
}

let emulator: Emulator;
let template: Awaited<ReturnType<typeof writeEmulatedTemplate>>;
let first: Deployed;
let second: Deployed;

async function deploy(name: string, parameters: Parameters): Promise<Deployed> {
  const stack = createStack(emulator, { name, template: template.path });
  await stack.deploy(parameters);
  const pipeline = await findPipeline(emulator, stack);
  return { stack, pipeline, producer: createProducer(name, pipeline) };
}

beforeAll(async () => {
  emulator = await startEmulator();
  template = await writeEmulatedTemplate(built, join(emulator.folder, 'template'));
  first = await deploy('first', emulatedParameters);
});

afterAll(() => emulator?.stop());

describe('the built application', () => {
  it('is deployed whole, but for what the emulator does not have', () => {
    expect(template.leftOut).toEqual([
      'StateFunction.DeploymentPreference',
      'MapFunction.DeploymentPreference',
      'ReduceFunction.DeploymentPreference',
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
    const deployment = deploy('second', emulatedParameters);
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
    ['the dimensions', { HierarchyDimensions: 'Region,RiskType' }],
    ['the strategies, back again', { MapStrategy: 'ledger', ReduceStrategy: 'ledger' }],
  ];
  let parameters = emulatedParameters;

  it.each(updates)('of %s reaches the running code, and the sums stay exact', async (_what, changes) => {
    parameters = { ...parameters, ...changes };
    await first.producer.sendDuring(first.stack.deploy(parameters));
    const [state, map, reduce] = await Promise.all(
      ['StateFunction', 'MapFunction', 'ReduceFunction'].map((id) => first.stack.running(id)),
    );
    const {
      MapStrategy,
      ReduceStrategy,
      FunctionMemorySize = '1024',
      HierarchyDimensions = 'RiskType,TradeDesk,Region',
    } = parameters;
    for (const running of [state, map, reduce]) {
      expect.soft(running?.memory).toBe(Number(FunctionMemorySize));
      expect.soft(running?.variables['HIERARCHY_DIMENSIONS']).toBe(HierarchyDimensions);
    }
    expect.soft(map?.variables['STRATEGY']).toBe(MapStrategy);
    expect.soft(reduce?.variables['STRATEGY']).toBe(ReduceStrategy);
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
