import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { StartedApplication } from '@oncefold/local-runtime';
import { sendMessages } from '@oncefold/workshop/generator';
import { labCalls } from '../lab.ts';
import { type FunctionSeconds, secondsBetween } from './function-seconds.ts';
import { type Pipeline, startPipeline } from './start-pipeline.ts';

const SEND_MS_MAX = 300_000;

/**
 * Sends the pipeline one load after the other, the first from a cold start.
 *
 * @param loads - messages of each load
 * @returns CPU seconds for each load, from its first message until nothing is on its way; of the first with the
 *   start of their processes
 */
export async function cpuOfLoads(loads: readonly number[]): Promise<readonly FunctionSeconds[]> {
  const pipeline = await startPipeline();
  try {
    const seconds: FunctionSeconds[] = [];
    let [sent, before]: [number, FunctionSeconds] = [0, {}];
    for (const [seed, messages] of loads.entries()) {
      sent += messages;
      await sendLoad(pipeline, { messages, seed });
      await checkAccounted(pipeline.application, sent);
      const after = await pipeline.functionsCpuSeconds();
      seconds.push(secondsBetween(before, after));
      before = after;
    }
    return seconds;
  } finally {
    await pipeline.stop();
  }
}

async function sendLoad(
  pipeline: Pipeline,
  load: { readonly messages: number; readonly seed: number },
): Promise<void> {
  await sendMessages({
    client: pipeline.application.clients.kinesis,
    stream: 'IncomingDataStream',
    calls: labCalls(load).map((call) => call.messages),
    onSent: () => undefined,
    signal: AbortSignal.timeout(SEND_MS_MAX),
  });
  await pipeline.waitUntilAtRest();
}

/** A run that loses or doubles a message is no measurement. */
async function checkAccounted({ clients }: StartedApplication, sent: number): Promise<void> {
  const { Items = [] } = await clients.dynamodb.send(
    new ScanCommand({ TableName: 'AccountingTable', ConsistentRead: true }),
  );
  const counts = Items.flatMap(({ Shard: _shard, SequenceNumber: _position, ...counters }) =>
    Object.values(counters).map(({ N }) => Number(N)),
  );
  const accounted = counts.reduce((sum, count) => sum + count, 0);
  if (accounted !== sent) {
    throw new Error(`${accounted} of ${sent} messages are accounted for`);
  }
}
