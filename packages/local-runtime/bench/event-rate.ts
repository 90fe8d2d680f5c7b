/**
 * Measures how many records a second go from a Kinesis stream through a function that does nothing, what CPU time that
 * takes, and whether memory stays flat.
 *
 *     node --expose-gc bench/event-rate.ts [--records 200000] [--batch-size 100] [--shards 2] [--json]
 *
 * Records are put by another process meanwhile, so that the rate is that of a stream that runs, with producer, engine,
 * runtime and function on the same processors. Times depend on what else the machine does; CPU seconds hardly do.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  createLocalClients,
  freshCredentials,
  guardedSpawn,
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
const accountId = '000000000000';
const directory = fileURLToPath(new URL('.', import.meta.url));
const mebibyte = 1_048_576;

interface EventRate {
  readonly records: number;
  readonly batchSize: number;
  readonly shards: number;
  readonly seconds: number;
  readonly recordsPerSecond: number;
  /** CPU time, seconds: of the runtime, of the function's processes, of the engine. */
  readonly cpuSeconds: { readonly runtime: number; readonly functions: number; readonly engine: number };
  readonly runtimeMicrosecondsPerRecord: number;
  /** At each tenth of the records: heap in use after a collection, and resident set, mebibytes. */
  readonly memory: readonly { readonly records: number; readonly heap: number; readonly resident: number }[];
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
    let nextLook = records * share;
    const memory: EventRate['memory'][number][] = [];
    const finished = Promise.withResolvers<void>();
    running = await runApplication({
      application,
      deployment,
      access: {
        dynamodb: engine.endpoint,
        kinesis: engine.endpoint,
        region: LOCAL_REGION,
        accountId,
        credentials,
      },
      bundles: () => ({ directory }),
      onEvent(event) {
        if (event.type !== 'invocation-succeeded') {
          return;
        }
        through += event.records;
        if (through >= nextLook) {
          nextLook += records * share;
          globalThis.gc?.();
          const { heapUsed, rss } = process.memoryUsage();
          memory.push({
            records: through,
            heap: round(heapUsed / mebibyte),
            resident: round(rss / mebibyte),
          });
        }
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
      stderr: 'inherit',
    });
    await finished.promise;
    const seconds = (performance.now() - startedAt) / 1_000;
    const cpu = process.cpuUsage(cpuBefore);
    const runtime = (cpu.user + cpu.system) / 1_000_000;
    await producer.exited;
    return {
      records,
      batchSize,
      shards: shardCount,
      seconds: round(seconds),
      recordsPerSecond: Math.round(records / seconds),
      cpuSeconds: {
        runtime: round(runtime),
        functions: round(((await running.functions.get('NoOp')?.cpuSeconds()) ?? 0) - functionsBefore),
        engine: round((readCpuSeconds(engine.pid) ?? 0) - engineCpuBefore),
      },
      runtimeMicrosecondsPerRecord: round((runtime / records) * 1_000_000),
      memory,
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
  const { cpuSeconds: cpu } = rate;
  return [
    `${rate.records} records through a no-op function in ${rate.seconds} s: ${rate.recordsPerSecond} a second`,
    `(batches of ${rate.batchSize}, ${rate.shards} shards; the producer runs meanwhile)`,
    `CPU: runtime ${cpu.runtime} s (${rate.runtimeMicrosecondsPerRecord} µs a record), function ${cpu.functions} s, Kinesis ${cpu.engine} s`,
    'memory of the runtime, heap after a collection and resident set:',
    ...rate.memory.map((look) => `  ${look.records} records  ${look.heap} MiB  ${look.resident} MiB`),
  ].join('\n');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
