import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { sendMessages } from './send-messages.ts';

describe('sendMessages', () => {
  it('says as a command does that Kinesis refuses a message again and again', async () => {
    const refusal = { Records: [{ ErrorCode: 'ProvisionedThroughputExceededException' }] };
    const client = { send: async () => refusal } as unknown as Pick<KinesisClient, 'send'>;
    const sending = sendMessages({
      client,
      stream: 's',
      calls: [[{ data: new Uint8Array(1), partitionKey: 'k' }]],
      onSent: () => {},
      signal: new AbortController().signal,
      pause: async () => undefined,
    });
    await expect(sending).rejects.toMatchObject({
      code: 'could-not-run',
      message: expect.stringContaining('Kinesis refused 1 messages'),
    });
  });
});
