import { setImmediate } from 'node:timers/promises';
import type { KinesisClient, PutRecordsCommand, PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { type OutgoingMessage, sendMessages } from './send-messages.ts';

/** A Kinesis that refuses as it is told to, which no local engine does. */
function refusingKinesis(isRefused: (text: string, attempt: number) => boolean) {
  const accepted: string[] = [];
  const attempts = new Map<string, number>();
  const send = async (command: PutRecordsCommand) => {
    await setImmediate();
    const results = (command.input.Records ?? []).map((entry): PutRecordsResultEntry => {
      const text = new TextDecoder().decode(entry.Data);
      const attempt = (attempts.get(text) ?? 0) + 1;
      attempts.set(text, attempt);
      if (isRefused(text, attempt)) {
        return { ErrorCode: 'ProvisionedThroughputExceededException' };
      }
      accepted.push(text);
      return { SequenceNumber: '1', ShardId: 'shardId-000000000000' };
    });
    return { Records: results };
  };
  return { client: { send } as unknown as Pick<KinesisClient, 'send'>, accepted };
}

function callsOf(count: number, size: number): readonly (readonly OutgoingMessage[])[] {
  return Array.from({ length: count }, (_, call) =>
    Array.from({ length: size }, (_, index) => ({
      data: new TextEncoder().encode(`${call}/${index}`),
      partitionKey: 'k',
    })),
  );
}

describe('sendMessages', () => {
  it('sends again exactly what was refused', async () => {
    const { client, accepted } = refusingKinesis((text, attempt) => text.endsWith('3') && attempt < 3);
    const progress: number[] = [];
    await sendMessages({
      client,
      stream: 's',
      calls: callsOf(10, 5),
      onSent: (count) => progress.push(count),
      signal: new AbortController().signal,
      pause: () => setImmediate(),
    });
    expect(accepted).toHaveLength(50);
    expect(new Set(accepted).size).toBe(50);
    expect(progress).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50]);
  });

  it('gives up, and says so, when a message is refused again and again', async () => {
    const { client } = refusingKinesis((text) => text === '0/1');
    const sending = sendMessages({
      client,
      stream: 's',
      calls: callsOf(1, 2),
      onSent: () => {},
      signal: new AbortController().signal,
      pause: () => setImmediate(),
    });
    await expect(sending).rejects.toMatchObject({
      code: 'refused-messages',
      message: expect.stringContaining('Kinesis refused 1 messages'),
    });
  });

  it('ends when it is told to', async () => {
    const { client, accepted } = refusingKinesis(() => false);
    const controller = new AbortController();
    const sending = sendMessages({
      client,
      stream: 's',
      calls: callsOf(100, 1),
      onSent: () => controller.abort(new Error('enough')),
      signal: controller.signal,
    });
    await expect(sending).rejects.toThrow('enough');
    expect(accepted.length).toBeLessThan(10);
  });
});
