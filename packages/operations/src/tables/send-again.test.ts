import { describe, expect, it } from 'vitest';
import { NoAnswerError, TableUnavailableError } from './errors.ts';
import { sendAgain } from './send-again.ts';

/** Sends a request that fails in this way, to the end, and says how often and for how long. */
async function fail(error: Error, client: object = {}) {
  let sent = 0;
  let sleptMs = 0;
  const clock = {
    now: () => sleptMs,
    random: () => 0.99,
    sleep: async (milliseconds: number) => {
      sleptMs += milliseconds;
    },
  };
  const send = async (): Promise<never> => {
    sent += 1;
    throw error;
  };
  const thrown = await sendAgain('read the table', send, { client, clock }).catch(
    (reason: unknown) => reason,
  );
  return { thrown, sent, sleptMs };
}

function unreachable(code: string): Error {
  return new Error('wrapped', { cause: Object.assign(new Error(code), { code }) });
}

describe('sendAgain', () => {
  it.each([
    Object.assign(new Error('none found'), { name: 'CredentialsProviderError' }),
    new Error('wrapped', { cause: new Error('Region is missing') }),
  ])('throws at once what no further attempt can change: %s', async (error) => {
    expect(await fail(error)).toEqual({ thrown: error, sent: 1, sleptMs: 0 });
  });

  it.each([
    unreachable('ECONNREFUSED'),
    unreachable('ENOTFOUND'),
    new SyntaxError('Unexpected token <'),
    new NoAnswerError('no items'),
  ])('soon gives up where no DynamoDB has ever answered: %s', async (error) => {
    const { thrown, sent, sleptMs } = await fail(error);
    expect(thrown).toBeInstanceOf(TableUnavailableError);
    expect(thrown).toMatchObject({ cause: error });
    expect(sent).toBe(4);
    expect(sleptMs).toBeLessThan(1_000);
  });

  it('goes on for minutes where a table has answered before, because it may be starting anew', async () => {
    const client = {};
    const clock = { now: () => 0, random: () => 0, sleep: async () => {} };
    await sendAgain('read the table', async () => true, { client, clock });
    for (const error of [unreachable('ECONNREFUSED'), new NoAnswerError('no items')]) {
      const { sent, sleptMs } = await fail(error, client);
      expect(sent).toBe(20);
      expect(sleptMs).toBeGreaterThan(120_000);
    }
  });
});
