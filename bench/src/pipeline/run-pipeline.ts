import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { guardedSpawn } from '@oncefold/engines';
import type { StartedApplication } from '@oncefold/local-runtime';
import { parseSum } from '@oncefold/reducer';
import { createDemoLoad } from '@oncefold/workshop';
import { dimensions } from '../lab.ts';
import { enginesCpuSeconds } from './engines-cpu.ts';
import { secondsOfAll } from './function-seconds.ts';
import { type PipelineOptions, startPipeline } from './start-pipeline.ts';

const sender = fileURLToPath(new URL('send-load.ts', import.meta.url));
const LAST_FUNCTION = 'ReduceFunction';

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
 */
export async function runPipeline(options: {
  readonly messages: number;
  readonly seed: number;
  readonly dynamodb?: PipelineOptions['dynamodb'];
}): Promise<PipelineRun> {
  const { dynamodb, ...load } = options;
  let atLastCommit = { cpu: process.cpuUsage(), time: Date.now() };
  const pipeline = await startPipeline({
    ...(dynamodb !== undefined && { dynamodb }),
    onEvent(event) {
      if (event.type === 'invocation-succeeded' && event.functionId === LAST_FUNCTION && event.records > 0) {
        atLastCommit = { cpu: process.cpuUsage(), time: Date.now() };
      }
    },
  });
  try {
    const { application } = pipeline;
    const functionsBefore = secondsOfAll(await pipeline.functionsCpuSeconds());
    const cpuBefore = process.cpuUsage();
    const firstPutAt = await sendLoad(application, load);
    await pipeline.waitUntilAtRest();
    const functionsAfter = secondsOfAll(await pipeline.functionsCpuSeconds());
    await checkSums(application, load);
    return {
      wallSeconds: (atLastCommit.time - firstPutAt) / 1_000,
      runtimeCpuSeconds: cpuSecondsBetween(cpuBefore, atLastCommit.cpu),
      functionsCpuSeconds: functionsAfter - functionsBefore,
      enginesCpuSeconds: await enginesCpuSeconds(application.engines.started),
    };
  } finally {
    await pipeline.stop();
  }
}

interface Load {
  readonly messages: number;
  readonly seed: number;
}

/** Sends from a process of its own, and tells when it sent the first message. */
async function sendLoad({ application, engines }: StartedApplication, load: Load): Promise<number> {
  const stream = application.streams[0]?.streamName ?? '';
  const sending = await guardedSpawn({
    command: process.execPath,
    args: [sender, engines.kinesis, stream, String(load.messages), String(load.seed)],
    stdout: 'pipe',
    stderr: 'inherit',
  });
  return Number(await text(sending.stdout ?? Readable.from([])));
}

function cpuSecondsBetween(before: NodeJS.CpuUsage, after: NodeJS.CpuUsage): number {
  return (after.user + after.system - before.user - before.system) / 1_000_000;
}

/** A run that is wrong is no measurement. */
async function checkSums({ application, clients }: StartedApplication, load: Load): Promise<void> {
  const { tableName } = application.tables.find(({ logicalId }) => logicalId === 'AggregateTable') ?? {};
  const { Items = [] } = await clients.dynamodb.send(
    new ScanCommand({ TableName: tableName, ConsistentRead: true }),
  );
  const sums = new Map(Items.map((item) => [item['Identifier']?.S, item['Value']?.N ?? '']));
  for (const [node, expected] of createDemoLoad({ ...load, dimensions }).truth.nodes) {
    if (parseSum(sums.get(node) ?? '0') !== parseSum(expected)) {
      throw new Error(`the sum of ${node} is ${sums.get(node)}, and must be ${expected}`);
    }
  }
}
