import { hash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inBatches } from '../cut/in-batches.ts';
import type { Figure } from '../figure.ts';
import { alternate } from '../measure/alternate.ts';
import { repository } from '../repository.ts';
import { functionVariables } from '../state/function-variables.ts';
import { sendStateRequests } from '../state/send-state-requests.ts';
import { startStateDatabase } from '../state/state-database.ts';
import { labMessages, stateRequests } from '../state/state-requests.ts';

/** As the template has them. */
const SHARDS = 2;
const BATCH_SIZE = 500;
const WARM_UP = 1_000;
const SOURCE = 'arn:aws:kinesis:us-east-1:000000000000:stream/IncomingDataStream';

/**
 * The state function as it is deployed, given two shards at a time, against sending the same writes.
 *
 * The bare client has every request ready when its time begins; the function reads messages, decides outcomes, accounts and logs.
 */
export const stateUpserts: Figure = {
  name: 'state-upserts',
  title: 'state: 10,000 messages into its table, wall',
  reference: 'a bare SDK client that sends the same conditional writes, every request full',
  unit: 'ms a message',
  goal: { of: 'ratio', max: 1.11 },
  async measure({ quick }) {
    const messages = quick ? 1_000 : 10_000;
    const rounds = quick ? 2 : 5;
    const database = await startStateDatabase();
    try {
      Object.assign(process.env, functionVariables, database.environment);
      const handler = await loadHandler();
      const client = new DynamoDBClient({});
      let seed = 0;
      const bare = async (count: number) => {
        seed += 1;
        const requests = await stateRequests(labMessages(count, seed), 'StateTable');
        return (await wallMs(() => sendStateRequests(client, requests))) / count;
      };
      const state = async (count: number) => {
        seed += 1;
        const batches = batchesOf(labMessages(count, seed), seed);
        const send = async () => {
          await Promise.all(batches.map((ofShard) => invokeAll(handler, ofShard)));
        };
        return (await wallMs(send)) / count;
      };
      await bare(WARM_UP);
      await state(WARM_UP);
      const pairs = await alternate(rounds, {
        subject: () => state(messages),
        reference: () => bare(messages),
      });
      return { pairs, details: { messages } };
    } finally {
      await database.stop();
    }
  },
};

type Handler = (
  event: object,
  context: object,
) => Promise<{ readonly batchItemFailures: readonly unknown[] }>;

async function loadHandler(): Promise<Handler> {
  const bundle = pathToFileURL(join(repository, 'services', 'state', 'dist', 'handler.mjs'));
  return (await import(bundle.href)).handler;
}

async function invokeAll(handler: Handler, events: readonly object[]): Promise<void> {
  for (const event of events) {
    const { batchItemFailures } = await handler(event, { getRemainingTimeInMillis: () => 60_000 });
    if (batchItemFailures.length > 0) {
      throw new Error('the function left records for the next delivery');
    }
  }
}

async function wallMs(run: () => Promise<void>): Promise<number> {
  globalThis.gc?.();
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Events for each shard, one after the other; the shards of each round are other ones, so that their sequence may begin anew. */
function batchesOf(messages: ReturnType<typeof labMessages>, round: number): readonly (readonly object[])[] {
  return Array.from({ length: SHARDS }, (_none, index) => {
    const shard = `shardId-${String(round * SHARDS + index).padStart(12, '0')}`;
    const records = messages
      .filter(({ partitionKey }) => hash('md5', partitionKey, 'buffer').readUInt8() % SHARDS === index)
      .map(({ data }, at) => recordOf(data, shard, at));
    return inBatches(records, BATCH_SIZE).map((Records) => ({ Records }));
  });
}

function recordOf(data: Uint8Array, shard: string, at: number): object {
  const sequenceNumber = String(
    49_668_900_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000n + BigInt(at),
  );
  return {
    eventID: `${shard}:${sequenceNumber}`,
    eventSourceARN: SOURCE,
    kinesis: {
      sequenceNumber,
      data: Buffer.from(data).toString('base64'),
      approximateArrivalTimestamp: Date.now() / 1_000,
    },
  };
}
