import type { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import type { FailedBatch } from './failed-batch.ts';
import { invokeRedrive } from './invoke-redrive.ts';

function batchOf(count: number, bytes = 10): FailedBatch {
  return {
    id: 'b1',
    key: 'k',
    givenUpAt: '2025-11-23T08:00:00.000Z',
    condition: 'RetryAttemptsExhausted',
    functionError: undefined,
    functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:map:live',
    invocations: 1,
    streamArn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/StateTable/stream/1',
    shardId: 'shardId-1',
    records: Array.from({ length: count }, (_, index) => ({
      eventID: `${index}`,
      dynamodb: { text: 'x'.repeat(bytes) },
    })),
  };
}

interface Event {
  readonly Records: readonly { readonly eventID: string }[];
  readonly redrive: unknown;
}

function lambdaAnswering(answer: (event: Event) => object) {
  const events: Event[] = [];
  const send = async ({ input }: InvokeCommand) => {
    const text = String(input.Payload);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(6_000_000);
    const event: Event = JSON.parse(text);
    events.push(event);
    return answer(event);
  };
  return { client: { send } as unknown as LambdaClient, events };
}

const succeeding = ({ Records }: Event) => ({
  Payload: Buffer.from(
    JSON.stringify({ redriven: { records: Records.length, applied: Records.length - 1, alreadyApplied: 1 } }),
  ),
});

describe('invokeRedrive', () => {
  it('hands the records and their shard to the function, and nothing of the window', async () => {
    const { client, events } = lambdaAnswering(succeeding);
    expect(await invokeRedrive(client, batchOf(3))).toEqual({ sent: 2, alreadyApplied: 1 });
    expect(events).toEqual([{ Records: batchOf(3).records, redrive: { version: 1, shardId: 'shardId-1' } }]);
  });

  it('cuts an event that is too large for one invocation, and leaves no record out', async () => {
    const { client, events } = lambdaAnswering(succeeding);
    await invokeRedrive(client, batchOf(13, 1_000_000));
    expect(events.length).toBeGreaterThan(2);
    expect(events.flatMap(({ Records }) => Records.map(({ eventID }) => eventID))).toEqual(
      batchOf(13).records.map((_, index) => String(index)),
    );
  });

  it.each([
    [
      'refuses',
      {
        FunctionError: 'Unhandled',
        Payload: Buffer.from('{"errorType":"GuardLostError","errorMessage":"older"}'),
      },
      'redrive-refused',
    ],
    [
      'fails',
      { FunctionError: 'Unhandled', Payload: Buffer.from('{"errorType":"Runtime.ExitError"}') },
      'redrive-undecided',
    ],
    ['is of an older release', { Payload: Buffer.from('{"batchItemFailures":[]}') }, 'redrive-undecided'],
    [
      'counts other records',
      { Payload: Buffer.from('{"redriven":{"applied":1,"alreadyApplied":0}}') },
      'redrive-undecided',
    ],
    ['answers nothing', {}, 'redrive-undecided'],
  ])('does not take a batch for redriven when the function %s', async (_, answer, code) => {
    await expect(invokeRedrive(lambdaAnswering(() => answer).client, batchOf(2))).rejects.toMatchObject({
      code,
    });
  });
});
