import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { systemOperationsClock } from './system-clock.ts';
import { createTableClock } from './table-clock.ts';

const TRUE_MS = Date.parse('2025-11-23T08:00:00Z');

/** A client of tables whose time is told, on a machine whose clock differs from it. */
function clockOf(options: {
  readonly skewMs: number;
  readonly latencyMs?: number;
  readonly hasDate?: boolean;
}) {
  const { skewMs, latencyMs = 0, hasDate = true } = options;
  let trueMs = TRUE_MS;
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    requestHandler: {
      handle: async () => {
        const date = new Date(trueMs).toUTCString();
        trueMs += latencyMs;
        const headers = { 'content-type': 'application/x-amz-json-1.0', ...(hasDate && { date }) };
        return { response: { statusCode: 200, headers, body: new TextEncoder().encode('{}') } };
      },
    } as never,
  });
  const clock = createTableClock(client, { ...systemOperationsClock, now: () => trueMs + skewMs });
  return {
    ask: () => client.send(new ListTablesCommand({})),
    pass: (ms: number) => {
      trueMs += ms;
    },
    /** How far it is from the time of the tables. */
    errorMs: () => clock.now() - trueMs,
  };
}

describe('createTableClock', () => {
  it.each([-180_000, 180_000, -86_400_000])(
    'shows the time of the tables to the second on a machine that is %s ms off',
    async (skewMs) => {
      const { ask, pass, errorMs } = clockOf({ skewMs });
      expect(errorMs()).toBe(skewMs);
      for (const ms of [0, 1_700, 300_000]) {
        pass(ms);
        await ask();
        expect(Math.abs(errorMs())).toBeLessThanOrEqual(1_000);
      }
    },
  );

  it('is never off by more than an answer took, and a second', async () => {
    const { ask, errorMs } = clockOf({ skewMs: 180_000, latencyMs: 20_000 });
    await ask();
    expect(Math.abs(errorMs())).toBeLessThanOrEqual(21_000);
  });

  it('leaves a clock alone that is right to the second, and one that gets no dates', async () => {
    for (const options of [{ skewMs: 400 }, { skewMs: 180_000, hasDate: false }]) {
      const { ask, errorMs } = clockOf(options);
      await ask();
      expect(errorMs()).toBe(options.skewMs);
    }
  });
});
