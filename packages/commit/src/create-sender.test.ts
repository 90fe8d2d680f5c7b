import { parseDecimal } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import { createTally, type Tally } from './commit-report.ts';
import { createSender, type SendOptions } from './create-sender.ts';
import type { CommitRecord } from './strategy.ts';
import type { Action, TransactionOutcome, TransactionRequest } from './transaction-port.ts';

const action: Action = { type: 'put', table: 'T', key: { Id: { S: 'a' } }, attributes: {} };
const record: CommitRecord = { id: 'r', contribution: new Map([['a', parseDecimal('1')]]) };
const committed: TransactionOutcome = { code: 'committed', replayed: false, units: { read: 1, write: 2 } };

function createPort(answers: readonly TransactionOutcome[]) {
  const requests: TransactionRequest[] = [];
  return {
    requests,
    transact: async (request: TransactionRequest) => {
      requests.push(request);
      return answers[requests.length - 1] ?? committed;
    },
  };
}

function sender(answers: readonly TransactionOutcome[], options: Partial<SendOptions> = {}) {
  const port = createPort(answers);
  const tally: Tally = createTally();
  let now = 500;
  const send = createSender(
    {
      transactions: port,
      remainingMs: () => 10_000,
      clock: {
        now: () => now,
        random: () => 0,
        sleep: async (milliseconds) => {
          now += milliseconds;
        },
      },
      ...options,
    },
    tally,
  );
  return { send, port, tally, advance: (milliseconds: number) => (now += milliseconds) };
}

describe('createSender', () => {
  it('sends the actions with the token, where there is one', async () => {
    const { send, port } = sender([]);
    expect(await send([action], { token: 'token' })).toBe(committed);
    await send([action]);
    expect(port.requests).toEqual([
      { actions: [action], token: 'token', timeoutMs: 5_000 },
      { actions: [action], timeoutMs: 5_000 },
    ]);
    expect(port.requests[1]).not.toHaveProperty('token');
  });

  it('counts requests, answers and units', async () => {
    const { send, tally } = sender([
      { code: 'conflict' },
      { code: 'throttled' },
      { code: 'throttled' },
      { code: 'in-progress' },
      { code: 'unavailable', cause: undefined },
      { code: 'in-progress' },
      committed,
      { code: 'committed', replayed: true, units: { read: 4, write: 8 } },
      { code: 'condition-failed', failures: [] },
    ]);
    await send([action]);
    await send([action]);
    await send([action]);
    expect(tally.report).toMatchObject({
      requests: 9,
      conflicts: 1,
      throttles: 2,
      unknowns: 3,
      replays: 1,
      units: { read: 5, write: 10 },
    });
  });

  it.each([
    ['unavailable', true],
    ['in-progress', true],
    ['conflict', false],
    ['throttled', false],
  ] as const)(
    'notes after the answer %s whether it is unknown that a record was written: %s',
    async (code, isUnknown) => {
      const { send, tally } = sender([{ code, cause: undefined }]);
      await send([action], { group: [record] });
      expect(tally.unanswered.has(record)).toBe(isUnknown);
    },
  );

  it('keeps a second back from the function’s timeout, by default', async () => {
    const { send, port } = sender([], { remainingMs: () => 3_000 });
    await send([action]);
    expect(port.requests[0]?.timeoutMs).toBe(2_000);
  });

  it('keeps back what it is told, counted from when the batch began, and attempts as often as it is told', async () => {
    const limits = { attemptsMax: 2, backoffBaseMs: 1, backoffMaxMs: 1, requestTimeoutMs: 9_999 };
    const { send, port, advance } = sender([{ code: 'conflict' }, { code: 'conflict' }], {
      remainingMs: () => 3_000,
      reserveMs: 0,
      limits,
    });
    advance(1_000);
    await expect(send([action])).rejects.toMatchObject({ code: 'commit-undecided', attempts: 2 });
    expect(port.requests[0]?.timeoutMs).toBe(2_000);
  });
});
