/**
 * Measures how many records a second go from a Kinesis stream through a function that does nothing, what CPU time that
 * takes and who takes it, and whether memory stays flat; and compares with the goals: 5,000 records a second, and memory
 * flat over 1,000,000 records. It measures and does not judge: the exit status is 0 either way.
 *
 *     node --expose-gc bench/event-rate.ts [--records 200000] [--batch-size 100] [--shards 2] [--json]
 *
 * Records are put by another process meanwhile, so that the rate is that of a stream that runs, with producer, engine,
 * runtime and function on the same processors. Times depend on what else the machine does; CPU seconds hardly do. The
 * engine keeps every record in memory, about 1 KiB each.
 */
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  createLocalClients,
  freshCredentials,
  guardedSpawn,
  LOCAL_ACCOUNT_ID,
  LOCAL_REGION,
  startKinesis,
} from '@oncefold/engines';
import type { Application } from '@oncefold/sam-template';
import { runApplication } from '../src/application/run-application.ts';
import type { RunningApplication } from '../src/application/running-application.ts';
import { deploy } from '../src/deployment/deploy.ts';
import { readCpuSeconds } from '../src/functions/cpu-seconds.ts';
import { FUNCTION_DEFAULTS, MAPPING_DEFAULTS } from '../test/lambda-defaults.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '200000' },
    'batch-size': { type: 'string', default: '100' },
    shards: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
});
const records = Number(values.records);
const batchSize = Number(values['batch-size']);
const shardCount = Number(values.shards);
/** Memory is looked at each time that so large a share of the records is through. */
const share = 0.1;
const directory = fileURLToPath(new URL('.', import.meta.url));
const mebibyte = 1_048_576;
const recordsPerSecondGoal = 5_000;
/** More heap than this at the end than after the second tenth is growth, mebibytes: a collection leaves that much more or less. */
const heapGrowthGoal = 16;

interface EventRate {
  readonly records: number;
  readonly batchSize: number;
  readonly shards: number;
  readonly seconds: number;
  readonly recordsPerSecond: number;
  /** CPU time, seconds: of the runtime, of the function's processes, of the engine, of the producer. */
  readonly cpuSeconds: Readonly<Record<'runtime' | 'functions' | 'engine' | 'producer', number>>;
  readonly runtimeMicrosecondsPerRecord: number;
  /** At each tenth of the records: heap in use after a collection, and resident set, mebibytes. */
  readonly memory: readonly { readonly records: number; readonly heap: number; readonly resident: number }[];
  /** What the heap has grown by between the second tenth and the last, mebibytes. */
  readonly heapGrowth: number;
  readonly goals: { readonly rate: boolean; readonly memory: boolean };
}

const application: Application = {
  functions: [
    {
      ...FUNCTION_DEFAULTS,
      logicalId: 'NoOp',
      functionName: 'NoOp',
      handler: 'no-op.handler',
    },
  ],
  tables: [],
  streams: [{ logicalId: 'Stream', streamName: 'Stream', shardCount, retentionHours: 24 }],
  mappings: [
    {
      logicalId: 'Mapping',
      functionLogicalId: 'NoOp',
      source: { kind: 'kinesis', logicalId: 'Stream' },
      settings: { ...MAPPING_DEFAULTS, batchSize },
    },
  ],
  queues: [],
  unsupported: [],
  ignored: [],
  outputs: {},
};

const result = await measure();
console.log(values.json ? JSON.stringify(result) : describe(result));

/** Looks at the memory of this process at each tenth of the records. */
function createMemoryWatch(): {
  readonly memory: EventRate['memory'];
  readonly lookAt: (recordsThrough: number) => void;
} {
  const memory: EventRate['memory'][number][] = [];
  function lookAt(recordsThrough: number): void {
    if (recordsThrough < (memory.length + 1) * records * share) {
      return;
    }
    globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    memory.push({
      records: recordsThrough,
      heap: round(heapUsed / mebibyte),
      resident: round(rss / mebibyte),
    });
  }
  return { memory, lookAt };
}

async function measure(): Promise<EventRate> {
  const engine = await startKinesis();
  const credentials = freshCredentials();
  const clients = createLocalClients({
    dynamodbEndpoint: engine.endpoint,
    kinesisEndpoint: engine.endpoint,
    credentials,
  });
  let running: RunningApplication | undefined;
  try {
    const deployment = await deploy(application, clients);
    let through = 0;
    const { memory, lookAt } = createMemoryWatch();
    const finished = Promise.withResolvers<void>();
    running = await runApplication({
      application,
      deployment,
      access: {
        dynamodb: engine.endpoint,
        dynamodbStreams: engine.endpoint,
        kinesis: engine.endpoint,
        region: LOCAL_REGION,
        accountId: LOCAL_ACCOUNT_ID,
        credentials,
      },
      bundles: () => ({ directory }),
      onEvent(event) {
        if (event.type !== 'invocation-succeeded') {
          return;
        }
        through += event.records;
        lookAt(through);
        if (through >= records) {
          finished.resolve();
        }
      },
    });
    void running.failed.then(finished.reject);
    const cpuBefore = process.cpuUsage();
    const engineCpuBefore = readCpuSeconds(engine.pid) ?? 0;
    const functionsBefore = (await running.functions.get('NoOp')?.cpuSeconds()) ?? 0;
    const startedAt = performance.now();
    const producer = await guardedSpawn({
      command: process.execPath,
      args: [`${directory}produce.ts`, engine.endpoint, 'Stream', String(records)],
      stdout: 'pipe',
      stderr: 'inherit',
    });
    const producerOutput = text(producer.stdout ?? Readable.from([]));
    await finished.promise;
    const seconds = (performance.now() - startedAt) / 1_000;
    const cpu = process.cpuUsage(cpuBefore);
    const runtime = (cpu.user + cpu.system) / 1_000_000;
    const producerCpu = Number(await producerOutput);
    await producer.exited;
    const recordsPerSecond = Math.round(records / seconds);
    const heapGrowth = round((memory.at(-1)?.heap ?? 0) - (memory[1]?.heap ?? 0));
    return {
      records,
      batchSize,
      shards: shardCount,
      seconds: round(seconds),
      recordsPerSecond,
      cpuSeconds: {
        runtime: round(runtime),
        functions: round(((await running.functions.get('NoOp')?.cpuSeconds()) ?? 0) - functionsBefore),
        engine: round((readCpuSeconds(engine.pid) ?? 0) - engineCpuBefore),
        producer: round(producerCpu),
      },
      runtimeMicrosecondsPerRecord: round((runtime / records) * 1_000_000),
      memory,
      heapGrowth,
      goals: { rate: recordsPerSecond >= recordsPerSecondGoal, memory: heapGrowth <= heapGrowthGoal },
    };
  } finally {
    await running?.stop();
    for (const client of Object.values(clients)) {
      client.destroy();
    }
    await engine.stop();
  }
}

function describe(rate: EventRate): string {
  const { cpuSeconds: cpu, goals } = rate;
  const total = Object.values(cpu).reduce((sum, seconds) => sum + seconds, 0);
  const share = (seconds: number): string => `${seconds} s (${Math.round((seconds / total) * 100)} %)`;
  return [
    `${rate.records} records through a no-op function in ${rate.seconds} s: ${rate.recordsPerSecond} a second`,
    `(batches of ${rate.batchSize}, ${rate.shards} shards; the producer runs meanwhile)`,
    `CPU: runtime ${share(cpu.runtime)}, ${rate.runtimeMicrosecondsPerRecord} µs a record; function ${share(cpu.functions)}, Kinesis ${share(cpu.engine)}, producer ${share(cpu.producer)}`,
    'memory of the runtime, heap after a collection and resident set:',
    ...rate.memory.map((look) => `  ${look.records} records  ${look.heap} MiB  ${look.resident} MiB`),
    `goal of ${recordsPerSecondGoal} records a second: ${goals.rate ? 'met' : 'not met'}`,
    `goal of flat memory, at most ${heapGrowthGoal} MiB more heap at the end than after two tenths: ${goals.memory ? 'met' : 'not met'} (${rate.heapGrowth} MiB)`,
  ].join('\n');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
