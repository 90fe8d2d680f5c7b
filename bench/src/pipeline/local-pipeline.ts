import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { type RuntimeEvent, type StartedApplication, startApplication } from '@oncefold/local-runtime';
import { createWorkload } from '@oncefold/workshop';
import { repository } from './driven-stages.ts';
import { type ObservedCall, type Passage, passagesOf } from './passages.ts';

/** When messages are put: so many in a call, and a call so often. */
export interface Load {
  readonly messages: number;
  readonly perCall: number;
  /** Between the beginnings of two calls; 0 for one after the other. */
  readonly intervalMs: number;
}

/** What became of a load. */
export interface PipelineRun {
  /** One for each message, in the order of their puts. */
  readonly passages: readonly Passage[];
  /** From the first put to the last sum. */
  readonly seconds: number;
  readonly calls: readonly ObservedCall[];
  /** How long each call of PutRecords took, milliseconds. */
  readonly putMs: readonly number[];
  /** CPU time of each function in the run, milliseconds, by logical id. */
  readonly cpuMs: Readonly<Record<string, number>>;
}

/** The pipeline of this repository on engines and processes of its own. */
export interface LocalPipeline {
  /** Sends new trades, and waits until all are in the sums. */
  run(load: Load): Promise<PipelineRun>;
  stop(): Promise<void>;
}

const CHECK_MS = 20;
const TIMEOUT_MS = 240_000;
const STREAM = 'IncomingDataStream';
/** A call of the load with more has repeats. */
const MESSAGES_WITHOUT_REPEATS = 7;
const WARM_UP: Load = { messages: 200, perCall: 20, intervalMs: 100 };

/** Starts it and lets some messages through, so that every function is warm. */
export async function startLocalPipeline(
  parameters: Readonly<Record<string, string>>,
): Promise<LocalPipeline> {
  const watch = createWatch();
  const application = await startApplication({
    template: join(repository, 'template.yaml'),
    parameters: { Names: 'lab', FormerKeys: 'false', ...parameters },
    code: 'newest',
    onEvent: watch.note,
    onCall: ({ requestId, payload }) => watch.call(requestId, payload),
  });
  let failure: Error | undefined;
  void application.failed.then((error) => {
    failure = error;
  });
  let seed = 0;
  const pipeline: LocalPipeline = {
    async run(load) {
      seed += 1;
      watch.begin();
      const cpuBefore = await cpuOf(application.running);
      const puts = new Map<string, number>();
      const messages = newTrades(load.messages, seed);
      const beganAtMs = Date.now();
      const sends: Promise<unknown>[] = [];
      const putMs: number[] = [];
      for (let from = 0; from < messages.length; from += load.perCall) {
        const dueMs = beganAtMs + (from / load.perCall) * load.intervalMs;
        if (load.intervalMs > 0 && dueMs > Date.now()) {
          await sleep(dueMs - Date.now());
        }
        const call = messages.slice(from, from + load.perCall);
        for (const { id } of call) {
          puts.set(id, Date.now());
        }
        const sentAt = performance.now();
        const sent = application.clients.kinesis
          .send(
            new PutRecordsCommand({
              StreamName: STREAM,
              Records: call.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey })),
            }),
          )
          .then(() => putMs.push(performance.now() - sentAt));
        sends.push(sent);
        await (load.intervalMs === 0 ? sent : undefined);
      }
      await Promise.all(sends);
      const deadline = Date.now() + TIMEOUT_MS;
      while (watch.summed() < messages.length) {
        if (failure !== undefined || Date.now() > deadline) {
          throw failure ?? new Error(`only ${watch.summed()} of ${messages.length} messages were summed`);
        }
        await sleep(CHECK_MS);
      }
      const calls = watch.calls();
      const passages = passagesOf(puts, calls);
      const endedAtMs = Math.max(...passages.map(({ reduce }) => reduce.endedAtMs));
      const cpuAfter = await cpuOf(application.running);
      const cpuMs = Object.fromEntries(
        Object.entries(cpuAfter).map(([id, ms]) => [id, ms - (cpuBefore[id] ?? 0)]),
      );
      return { passages, calls, putMs, cpuMs, seconds: (endedAtMs - beganAtMs) / 1_000 };
    },
    stop: () => application.stop(),
  };
  try {
    await pipeline.run(WARM_UP);
  } catch (error) {
    await application.stop();
    throw error;
  }
  return pipeline;
}

async function cpuOf({
  functions,
}: StartedApplication['running']): Promise<Readonly<Record<string, number>>> {
  const times = [...functions].map(
    async ([id, running]) => [id, (await running.cpuSeconds()) * 1_000] as const,
  );
  return Object.fromEntries(await Promise.all(times));
}

/** Trades that nothing else is about, so that each message is one change. */
function newTrades(count: number, seed: number) {
  const { calls } = createWorkload({
    messages: count,
    seed,
    startMilliseconds: Date.now(),
    changePercent: 0,
    messagesPerCall: MESSAGES_WITHOUT_REPEATS,
  });
  return calls.flatMap(({ messages }) =>
    messages.map((message) => {
      if (message.kind === 'invalid') {
        throw new Error('invariant: no invalid message was asked for');
      }
      return { id: message.claim.tradeId, data: message.data, partitionKey: message.partitionKey };
    }),
  );
}

/** Keeps the invocations that succeeded, with what they were given. */
function createWatch() {
  const started = new Map<string, number>();
  const payloads = new Map<string, string>();
  let calls: ObservedCall[] = [];
  let summed = 0;
  return {
    begin() {
      calls = [];
      summed = 0;
    },
    calls: () => calls,
    summed: () => summed,
    call: (requestId: string, payload: string) => void payloads.set(requestId, payload),
    note(event: RuntimeEvent) {
      if (event.type === 'invocation-started') {
        started.set(event.requestId, event.at);
        return;
      }
      if (event.type !== 'invocation-succeeded' && event.type !== 'invocation-failed') {
        return;
      }
      const { requestId, functionId, shardId, records } = event;
      const [payload, startedAtMs] = [payloads.get(requestId), started.get(requestId)];
      payloads.delete(requestId);
      started.delete(requestId);
      // The last event of a tumbling window has no records.
      if (
        event.type === 'invocation-failed' ||
        payload === undefined ||
        startedAtMs === undefined ||
        records === 0
      ) {
        return;
      }
      const call = { functionId, shardId, records, startedAtMs, endedAtMs: event.at, payload };
      calls.push(call);
      summed += functionId === 'ReduceFunction' ? countOf(payload) : 0;
    },
  };
}

/** How many changes the rows of an event count. */
function countOf(payload: string): number {
  const event: {
    readonly Records: readonly {
      readonly dynamodb: { readonly NewImage: { readonly Message: { readonly S: string } } };
    }[];
  } = JSON.parse(payload);
  return event.Records.reduce(
    (sum, { dynamodb }) => sum + Number(JSON.parse(dynamodb.NewImage.Message.S).message_count),
    0,
  );
}
