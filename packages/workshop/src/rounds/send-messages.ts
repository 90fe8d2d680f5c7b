import { setTimeout as sleep } from 'node:timers/promises';
import { type KinesisClient, PutRecordsCommand, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';

const CALLS_IN_FLIGHT_MAX = 4;
/** For the messages of one call, the first attempt included. */
const ATTEMPTS_MAX = 12;
const PAUSE_MS_MAX = 1_000;

/** Kinesis did not take a message, however often it was asked to. */
export class RefusedMessagesError extends Error {
  override readonly name = 'RefusedMessagesError';
  readonly code = 'refused-messages';
}

type Pause = (milliseconds: number, signal: AbortSignal) => Promise<unknown>;

const pauseFor: Pause = (milliseconds, signal) => sleep(milliseconds, undefined, { signal });

/** A message as Kinesis takes it. */
export interface OutgoingMessage {
  /** Up to 1 MiB. */
  readonly data: Uint8Array;
  readonly partitionKey: string;
}

/**
 * Sends messages to a stream, each at least once, some calls at a time.
 *
 * PutRecords can succeed for some messages of a call and refuse others: only those are sent again, a bounded
 * number of times. Calls overtake each other, as those of independent producers do.
 *
 * @param options.calls - the messages of each PutRecords call, up to 500 and 5 MiB
 * @param options.pause - waits so many milliseconds before a further attempt
 */
export async function sendMessages(options: {
  readonly client: Pick<KinesisClient, 'send'>;
  readonly stream: string;
  readonly calls: Iterable<readonly OutgoingMessage[]>;
  readonly onSent: (count: number) => void;
  readonly signal: AbortSignal;
  readonly pause?: Pause;
}): Promise<void> {
  // All senders draw from one iterator, so each call is taken by exactly one of them.
  const calls = options.calls[Symbol.iterator]();
  let sent = 0;
  const sendCalls = async (): Promise<void> => {
    for (let next = calls.next(); !next.done; next = calls.next()) {
      options.signal.throwIfAborted();
      await sendCall(next.value.map(entryOf), options);
      sent += next.value.length;
      options.onSent(sent);
    }
  };
  await Promise.all(Array.from({ length: CALLS_IN_FLIGHT_MAX }, sendCalls));
}

function entryOf(message: OutgoingMessage): PutRecordsRequestEntry {
  return { Data: message.data, PartitionKey: message.partitionKey };
}

async function sendCall(
  entries: PutRecordsRequestEntry[],
  options: Pick<Parameters<typeof sendMessages>[0], 'client' | 'stream' | 'signal' | 'pause'>,
): Promise<void> {
  let unsent = entries;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await options.client.send(
      new PutRecordsCommand({ StreamName: options.stream, Records: unsent }),
      { abortSignal: options.signal },
    );
    const results = answer.Records ?? [];
    if (results.length !== unsent.length) {
      throw new RefusedMessagesError(`Kinesis answered for ${results.length} of ${unsent.length} messages`);
    }
    const refusal = results.find((result) => result.ErrorCode !== undefined)?.ErrorCode;
    if (refusal === undefined) {
      return;
    }
    unsent = unsent.filter((_, index) => results[index]?.ErrorCode !== undefined);
    if (attempt === ATTEMPTS_MAX) {
      throw new RefusedMessagesError(
        `Kinesis refused ${unsent.length} messages ${ATTEMPTS_MAX} times (${refusal})`,
      );
    }
    await (options.pause ?? pauseFor)(Math.min(PAUSE_MS_MAX, 25 * 2 ** attempt), options.signal);
  }
}
