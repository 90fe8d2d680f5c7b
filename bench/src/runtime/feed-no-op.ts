import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import {
  createLocalClients,
  freshCredentials,
  guardedSpawn,
  LOCAL_ACCOUNT_ID,
  LOCAL_REGION,
  startKinesis,
} from '@oncefold/engines';
import { deploy, type RunningApplication, runApplication } from '@oncefold/local-runtime';
import { readTemplate } from '@oncefold/sam-template';

const directory = fileURLToPath(new URL('.', import.meta.url));
const template = `${directory}no-op.yaml`;
const producer = `${directory}produce.ts`;
const MEBIBYTE = 1_048_576;
/** Memory is looked at each time that so large a share of the records is through. */
const SHARE = 0.1;

export interface Feeding {
  readonly seconds: number;
  /** CPU seconds of this process, which runs nothing but the runtime, from the first record to the last. */
  readonly runtimeCpuSeconds: number;
  /** At each tenth of the records: heap in use after a collection, and resident set, mebibytes. */
  readonly memory: readonly { readonly records: number; readonly heap: number; readonly resident: number }[];
}

/**
 * Sends records of about a hundred bytes from a Kinesis stream through a function that does nothing.
 *
 * @param options.isFilledBefore - whether the records are there before the runtime is, or are put by another process meanwhile
 */
export async function feedNoOp(options: {
  readonly records: number;
  readonly shards: number;
  readonly batchSize: number;
  readonly isFilledBefore: boolean;
}): Promise<Feeding> {
  const { records, shards, batchSize, isFilledBefore } = options;
  const engine = await startKinesis();
  const credentials = freshCredentials();
  const endpoints = { dynamodbEndpoint: engine.endpoint, kinesisEndpoint: engine.endpoint };
  const clients = createLocalClients({ ...endpoints, credentials });
  const place = { region: LOCAL_REGION, accountId: LOCAL_ACCOUNT_ID };
  let running: RunningApplication | undefined;
  try {
    const application = await readTemplate({
      file: template,
      parameterOverrides: { ShardCount: String(shards), BatchSize: String(batchSize) },
      ...place,
    });
    const deployment = await deploy(application, clients);
    if (isFilledBefore) {
      await produce(engine.endpoint, records);
    }
    const { memory, lookAt } = createMemoryWatch(records);
    const finished = Promise.withResolvers<void>();
    let through = 0;
    const begin = () => ({ cpu: process.cpuUsage(), time: performance.now() });
    let began: ReturnType<typeof begin> | undefined;
    running = await runApplication({
      application,
      deployment,
      access: {
        ...{ dynamodb: engine.endpoint, dynamodbStreams: engine.endpoint, kinesis: engine.endpoint },
        ...{ ...place, credentials },
      },
      bundles: () => ({ directory }),
      onEvent(event) {
        if (event.type === 'function-started') {
          began ??= begin();
        } else if (event.type === 'invocation-succeeded') {
          through += event.records;
          lookAt(through);
          if (through >= records) {
            finished.resolve();
          }
        }
      },
    });
    void running.failed.then(finished.reject);
    if (!isFilledBefore) {
      began = begin();
      await Promise.all([produce(engine.endpoint, records), finished.promise]);
    }
    await finished.promise;
    if (began === undefined) {
      throw new Error('invariant: the function was started');
    }
    const { user, system } = process.cpuUsage(began.cpu);
    return {
      seconds: (performance.now() - began.time) / 1_000,
      runtimeCpuSeconds: (user + system) / 1_000_000,
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

async function produce(endpoint: string, records: number): Promise<void> {
  const producing = await guardedSpawn({
    command: process.execPath,
    args: [producer, endpoint, 'Records', String(records)],
    stdout: 'pipe',
    stderr: 'inherit',
  });
  await text(producing.stdout ?? Readable.from([]));
  const { code } = await producing.exited;
  if (code !== 0) {
    throw new Error(`the producer ended with ${code}`);
  }
}

function createMemoryWatch(records: number): {
  readonly memory: Feeding['memory'];
  readonly lookAt: (through: number) => void;
} {
  const memory: Feeding['memory'][number][] = [];
  return {
    memory,
    lookAt(through) {
      if (through < (memory.length + 1) * records * SHARE) {
        return;
      }
      globalThis.gc?.();
      const { heapUsed, rss } = process.memoryUsage();
      memory.push({
        records: through,
        heap: Math.round(heapUsed / MEBIBYTE),
        resident: Math.round(rss / MEBIBYTE),
      });
    },
  };
}
