import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { type Engine, guardedSpawn } from '@oncefold/engines';
import { askCpuSeconds, type StartedApplication, startApplication } from '@oncefold/local-runtime';
import { parseSum } from '@oncefold/reducer';
import { createPipelineLoad } from './pipeline-load.ts';

const template = fileURLToPath(new URL('../../../template.yaml', import.meta.url));
const sender = fileURLToPath(new URL('send-load.ts', import.meta.url));
/** The names that the lab has, and tables in which there is nothing of an earlier release, as in a demonstration. */
export const pipelineParameters = { Names: 'lab', FormerKeys: 'false' } as const;
const LAST_FUNCTION = 'ReduceFunction';
const CHECK_EVERY_MS = 100;

/** What a run of the whole pipeline took from the first message to the last commit. */
export interface PipelineRun {
  readonly wallSeconds: number;
  /** Of this process, which runs nothing but the runtime: it reads streams, maps and hands over. */
  readonly runtimeCpuSeconds: number;
  readonly functionsCpuSeconds: number;
  /** Of the engines that were started for it, from their start on. */
  readonly enginesCpuSeconds: number;
}

/**
 * Runs this repository's pipeline once, with the template's own batch sizes, on engines of its own, and sends it the messages of a
 * demonstration from another process; then compares every sum with what was sent.
 *
 * @param options.dynamodb - a DynamoDB that runs already, and where each function sends its requests to it
 */
export async function runPipeline(options: {
  readonly messages: number;
  readonly seed: number;
  readonly dynamodb?: { readonly engine: string; readonly of: (functionId: string) => string };
}): Promise<PipelineRun> {
  const { messages, seed, dynamodb } = options;
  let atLastCommit = { cpu: process.cpuUsage(), time: Date.now() };
  const started = await startApplication({
    template,
    code: 'newest',
    parameters: pipelineParameters,
    ...(dynamodb !== undefined && {
      dynamodbEndpoint: dynamodb.engine,
      functionVariables: ({ logicalId }) => ({ AWS_ENDPOINT_URL_DYNAMODB: dynamodb.of(logicalId) }),
    }),
    onEvent(event) {
      if (event.type === 'invocation-failed') {
        throw new Error(`${event.functionId} failed: ${event.errorMessage}`);
      }
      if (event.type === 'invocation-succeeded' && event.functionId === LAST_FUNCTION && event.records > 0) {
        atLastCommit = { cpu: process.cpuUsage(), time: Date.now() };
      }
    },
  });
  try {
    const stream = started.application.streams[0]?.streamName ?? '';
    const functionsBefore = await functionsCpuSeconds(started);
    const cpuBefore = process.cpuUsage();
    const sending = await guardedSpawn({
      command: process.execPath,
      args: [sender, started.engines.kinesis, stream, String(messages), String(seed)],
      stdout: 'pipe',
      stderr: 'inherit',
    });
    const firstPutAt = Number(await text(sending.stdout ?? Readable.from([])));
    const sentAt = Date.now();
    while (!started.running.isAtRest(sentAt)) {
      await Promise.race([sleep(CHECK_EVERY_MS), started.failed.then((error) => Promise.reject(error))]);
    }
    const functionsAfter = await functionsCpuSeconds(started);
    await checkSums(started, { messages, seed });
    return {
      wallSeconds: (atLastCommit.time - firstPutAt) / 1_000,
      runtimeCpuSeconds: secondsBetween(cpuBefore, atLastCommit.cpu),
      functionsCpuSeconds: functionsAfter - functionsBefore,
      enginesCpuSeconds: await enginesCpuSeconds(started.engines.started),
    };
  } finally {
    await started.stop();
  }
}

function secondsBetween(before: NodeJS.CpuUsage, after: NodeJS.CpuUsage): number {
  return (after.user + after.system - before.user - before.system) / 1_000_000;
}

async function functionsCpuSeconds({ running }: StartedApplication): Promise<number> {
  const seconds = await Promise.all([...running.functions.values()].map((each) => each.cpuSeconds()));
  return seconds.reduce((sum, each) => sum + each, 0);
}

export async function enginesCpuSeconds(engines: readonly Engine[]): Promise<number> {
  const seconds = await Promise.all(engines.map(({ pid }) => askCpuSeconds(pid)));
  return seconds.reduce<number>((sum, each) => sum + (each ?? 0), 0);
}

/** A run that is wrong is no measurement. */
async function checkSums(
  { application, clients }: StartedApplication,
  load: { readonly messages: number; readonly seed: number },
): Promise<void> {
  const { tableName } = application.tables.find(({ logicalId }) => logicalId === 'AggregateTable') ?? {};
  const { Items = [] } = await clients.dynamodb.send(
    new ScanCommand({ TableName: tableName, ConsistentRead: true }),
  );
  const sums = new Map(Items.map((item) => [item['Identifier']?.S, item['Value']?.N ?? '']));
  for (const [node, expected] of createPipelineLoad(load).truth.nodes) {
    if (parseSum(sums.get(node) ?? '0') !== parseSum(expected)) {
      throw new Error(`the sum of ${node} is ${sums.get(node)}, and must be ${expected}`);
    }
  }
}
