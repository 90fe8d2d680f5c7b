import { setTimeout as sleep } from 'node:timers/promises';
import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { createWorkload } from '@oncefold/workshop';
import { secondsBetween } from './function-seconds.ts';
import { createInvocationWatch } from './invocation-watch.ts';
import { type ObservedCall, type Passage, passagesOf } from './passages.ts';
import { startPipeline } from './start-pipeline.ts';

/** When messages are put: so many in a call, and a call so often. */
export interface PacedLoad {
  readonly messages: number;
  readonly perCall: number;
  /** Between the beginnings of two calls; 0 for one after the other. */
  readonly intervalMs: number;
}

/** What became of a load. */
export interface ObservedRun {
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

/** A pipeline of which every message is followed. */
export interface ObservedPipeline {
  /** Sends new trades, and waits until all are in the sums. */
  run(load: PacedLoad): Promise<ObservedRun>;
  stop(): Promise<void>;
}

const STREAM = 'IncomingDataStream';
/** A call of the load with more has repeats. */
const MESSAGES_WITHOUT_REPEATS = 7;
const WARM_UP: PacedLoad = { messages: 200, perCall: 20, intervalMs: 100 };

/** Starts the pipeline and lets some messages through, so that every function is warm. */
export async function startObservedPipeline(
  parameters: Readonly<Record<string, string>>,
): Promise<ObservedPipeline> {
  const watch = createInvocationWatch();
  const pipeline = await startPipeline({ parameters, onEvent: watch.note, onCall: watch.noteCall });
  const { kinesis } = pipeline.application.clients;
  let seed = 0;
  const observed: ObservedPipeline = {
    async run(load) {
      seed += 1;
      watch.begin();
      const before = await pipeline.functionsCpuSeconds();
      const { beganAtMs, puts, putMs } = await sendPaced(kinesis, newTrades(load.messages, seed), load);
      await pipeline.waitUntil(() => watch.summed() >= load.messages);
      const calls = watch.calls();
      const passages = passagesOf(puts, calls);
      const endedAtMs = Math.max(...passages.map(({ reduce }) => reduce.endedAtMs));
      const cpuSeconds = secondsBetween(before, await pipeline.functionsCpuSeconds());
      const cpuMs = Object.fromEntries(
        Object.entries(cpuSeconds).map(([id, seconds]) => [id, seconds * 1_000]),
      );
      return { passages, calls, putMs, cpuMs, seconds: (endedAtMs - beganAtMs) / 1_000 };
    },
    stop: () => pipeline.stop(),
  };
  try {
    await observed.run(WARM_UP);
  } catch (error) {
    await pipeline.stop();
    throw error;
  }
  return observed;
}

interface Message {
  readonly id: string;
  readonly data: Uint8Array;
  readonly partitionKey: string;
}

/** Trades that nothing else is about, so that each message is one change. */
function newTrades(count: number, seed: number): readonly Message[] {
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

/** Puts messages when they are due, and notes when that was. */
async function sendPaced(
  kinesis: KinesisClient,
  messages: readonly Message[],
  { perCall, intervalMs }: PacedLoad,
): Promise<{
  readonly beganAtMs: number;
  readonly puts: ReadonlyMap<string, number>;
  readonly putMs: readonly number[];
}> {
  const puts = new Map<string, number>();
  const beganAtMs = Date.now();
  const sends: Promise<unknown>[] = [];
  const putMs: number[] = [];
  for (let from = 0; from < messages.length; from += perCall) {
    const dueMs = beganAtMs + (from / perCall) * intervalMs;
    if (intervalMs > 0 && dueMs > Date.now()) {
      await sleep(dueMs - Date.now());
    }
    const call = messages.slice(from, from + perCall);
    for (const { id } of call) {
      puts.set(id, Date.now());
    }
    const sentAt = performance.now();
    const Records = call.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey }));
    const sent = kinesis
      .send(new PutRecordsCommand({ StreamName: STREAM, Records }))
      .then(() => putMs.push(performance.now() - sentAt));
    sends.push(sent);
    await (intervalMs === 0 ? sent : undefined);
  }
  await Promise.all(sends);
  return { beganAtMs, puts, putMs };
}
