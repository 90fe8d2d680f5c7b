import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { type StartedApplication, startApplication } from '@oncefold/local-runtime';
import { createWorkload } from '@oncefold/workshop';
import { sendMessages } from '@oncefold/workshop/generator';

const template = fileURLToPath(new URL('../../../template.yaml', import.meta.url));
const CHECK_MS = 200;
const TIMEOUT_MS = 300_000;

/** CPU seconds by the logical id of the function. */
export type FunctionSeconds = Readonly<Record<string, number>>;

/**
 * Runs the pipeline of this repository from a cold start, and sends it one load after the other.
 *
 * @param loads - messages of each load
 * @returns CPU seconds for each load, from its first message until nothing is on its way; of the first with the
 *   start of their processes
 */
export async function runFunctions(loads: readonly number[]): Promise<readonly FunctionSeconds[]> {
  const failure = Promise.withResolvers<never>();
  const application = await startApplication({
    template,
    parameters: { Names: 'lab', FormerKeys: 'false' },
    code: 'newest',
    onEvent(event) {
      if (event.type === 'invocation-failed') {
        failure.reject(new Error(`${event.functionId} failed: ${event.errorMessage}`));
      }
    },
  });
  void application.failed.then((error) => failure.reject(error));
  try {
    const seconds: FunctionSeconds[] = [];
    let sent = 0;
    for (const [seed, messages] of loads.entries()) {
      const before = seed === 0 ? {} : await cpuSeconds(application);
      sent += messages;
      await Promise.race([failure.promise, runLoad(application, { messages, seed, sent })]);
      const after = Object.entries(await cpuSeconds(application));
      seconds.push(Object.fromEntries(after.map(([id, value]) => [id, value - (before[id] ?? 0)])));
    }
    return seconds;
  } finally {
    // Whatever fails from now on is of the stop.
    failure.promise.catch(() => undefined);
    await application.stop();
  }
}

/** @param load.sent - messages in all, those of earlier loads among them */
async function runLoad(
  application: StartedApplication,
  load: { readonly messages: number; readonly seed: number; readonly sent: number },
): Promise<void> {
  const { calls } = createWorkload({ ...load, startMilliseconds: 1_763_884_800_000 });
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  await sendMessages({
    client: application.clients.kinesis,
    stream: 'IncomingDataStream',
    calls: calls.map((call) => call.messages),
    onSent: () => undefined,
    signal,
  });
  const sentAt = Date.now();
  while (!application.running.isAtRest(sentAt)) {
    await sleep(CHECK_MS, undefined, { signal });
  }
  const accounted = await accountedMessages(application);
  if (accounted !== load.sent) {
    throw new Error(`${accounted} of ${load.sent} messages are accounted for`);
  }
}

async function cpuSeconds({ running }: StartedApplication): Promise<FunctionSeconds> {
  const entries = [...running.functions].map(async ([id, each]) => [id, await each.cpuSeconds()] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** A run that loses or doubles a message is no measurement. */
async function accountedMessages({ clients }: StartedApplication): Promise<number> {
  const { Items = [] } = await clients.dynamodb.send(
    new ScanCommand({ TableName: 'AccountingTable', ConsistentRead: true }),
  );
  const counts = Items.flatMap(({ Shard: _shard, SequenceNumber: _position, ...counters }) =>
    Object.values(counters).map(({ N }) => Number(N)),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
