import { describe, expect, it } from 'vitest';
import { CommitUndecidedError } from './errors.ts';
import {
  backoffMs,
  type Clock,
  defaultRetryLimits,
  type RetryLimits,
  sendUntilDecided,
  systemClock,
} from './retry.ts';
import type { TransactionOutcome } from './transaction-port.ts';

const committed: TransactionOutcome = { code: 'committed', replayed: false, units: { read: 0, write: 2 } };
const conflict: TransactionOutcome = { code: 'conflict' };
const limits: RetryLimits = {
  attemptsMax: 5,
  backoffBaseMs: 100,
  backoffMaxMs: 400,
  requestTimeoutMs: 1_000,
};

interface Sent {
  readonly outcome: TransactionOutcome | undefined;
  readonly error: CommitUndecidedError | undefined;
  /** What happened, in order. */
  readonly events: readonly string[];
}

/** Answers one attempt after the other, each after so many milliseconds, on a clock that moves only by that and by pauses. */
async function send(
  answers: readonly TransactionOutcome[],
  {
    deadline = 60_000,
    answerMs = 0,
    random = 0,
    ...own
  }: Partial<RetryLimits> & {
    deadline?: number;
    answerMs?: number;
    random?: number;
  } = {},
): Promise<Sent> {
  let now = 0;
  let attempts = 0;
  const events: string[] = [];
  const clock: Clock = {
    now: () => now,
    random: () => random,
    sleep: async (milliseconds) => {
      events.push(`sleep ${milliseconds}`);
      now += milliseconds;
    },
  };
  try {
    const outcome = await sendUntilDecided(
      async (timeoutMs) => {
        events.push(`attempt ${timeoutMs}`);
        now += answerMs;
        return answers[attempts++] ?? conflict;
      },
      {
        deadline,
        limits: { ...limits, ...own },
        clock,
        onUndecided: (code) => events.push(code),
      },
    );
    return { outcome, error: undefined, events };
  } catch (error) {
    if (!(error instanceof CommitUndecidedError)) {
      throw error;
    }
    return { outcome: undefined, error, events };
  }
}

describe('backoffMs', () => {
  it.each([
    [0, 0, 50],
    [0, 0.5, 75],
    [1, 0, 100],
    [2, 0, 200],
    [2, 0.999, 399.8],
    [3, 0, 200],
    [60, 0.5, 300],
  ])(
    'waits, for pause %d and the random number %d, %d ms: half fixed, half random',
    (attempt, random, pause) => {
      expect(backoffMs(attempt, limits, { random: () => random })).toBeCloseTo(pause, 9);
    },
  );
});

describe('defaultRetryLimits', () => {
  it('waits past the 5 s for which DynamoDB may answer "in progress", even when every random half is 0', async () => {
    const inProgress = Array.from({ length: 14 }, (): TransactionOutcome => ({ code: 'in-progress' }));
    const { error, events } = await send(inProgress, defaultRetryLimits);
    expect(error?.attempts).toBe(14);
    const pausesMs = events
      .filter((event) => event.startsWith('sleep'))
      .map((event) => Number(event.slice(6)));
    // The pauses between the attempts; the one after the last attempt helps nobody.
    const waitedMs = pausesMs.slice(0, 13).reduce((sum, pause) => sum + pause, 0);
    expect(waitedMs).toBe(7_587.5);
    expect(events[0]).toBe('attempt 5000');
  });
});

describe('systemClock', () => {
  it('tells the time since the epoch, which the expiry of a marker may be made of, and random numbers, and pauses', async () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
    const random = systemClock.random();
    expect(random >= 0 && random < 1).toBe(true);
    const pause = systemClock.sleep(0);
    expect(pause).toBeInstanceOf(Promise);
    await pause;
  });
});

describe('sendUntilDecided', () => {
  it.each<TransactionOutcome>([
    committed,
    { code: 'condition-failed', failures: [] },
    { code: 'token-mismatch' },
  ])('returns $code from the first attempt', async (outcome) => {
    expect(await send([outcome])).toEqual({ outcome, error: undefined, events: ['attempt 1000'] });
  });

  it('sends again after each answer that decides nothing, with pauses that double up to their limit', async () => {
    const { outcome, events } = await send([
      { code: 'conflict' },
      { code: 'throttled' },
      { code: 'in-progress' },
      { code: 'unavailable', cause: undefined },
      committed,
    ]);
    expect(outcome).toBe(committed);
    expect(events).toEqual([
      ...['attempt 1000', 'conflict', 'sleep 50'],
      ...['attempt 1000', 'throttled', 'sleep 100'],
      ...['attempt 1000', 'in-progress', 'sleep 200'],
      ...['attempt 1000', 'unavailable', 'sleep 200'],
      'attempt 1000',
    ]);
  });

  it('says that the attempts are used up, and what the last answer was', async () => {
    const { error, events } = await send([]);
    expect(events.filter((event) => event.startsWith('attempt'))).toHaveLength(5);
    expect(error).toMatchObject({ attempts: 5, lastOutcome: 'conflict', cause: undefined });
    expect(error?.message).toBe('no outcome within the attempts allowed; the last of 5 answers: conflict');
  });

  it('says that the time is used up, when that comes first', async () => {
    const { error } = await send([], { deadline: 300, answerMs: 100 });
    expect(error?.message).toBe(
      'no outcome within the time that the invocation has left; the last of 3 answers: conflict',
    );
  });

  it('makes no attempt when nothing is left of the time', async () => {
    const { error, events } = await send([], { deadline: 49 });
    expect(events).toEqual([]);
    expect(error).toMatchObject({ attempts: 0, lastOutcome: 'none' });
    expect(error?.message).toBe(
      'no outcome within the time that the invocation has left; the last of 0 answers: none',
    );
  });

  it.each([
    [50, 50],
    [50.9, 50],
    [999.5, 999],
    [1_000, 1_000],
    [1_000.5, 1_000],
  ])('gives an attempt, with %d ms left, %d whole milliseconds', async (deadline, timeoutMs) => {
    expect((await send([committed], { deadline })).events).toEqual([`attempt ${timeoutMs}`]);
  });

  it('cuts a pause off, so that one more attempt fits before the deadline', async () => {
    const { events } = await send([conflict, committed], { deadline: 180, answerMs: 100 });
    expect(events).toEqual(['attempt 180', 'conflict', 'sleep 30', 'attempt 50']);
  });

  it('never pauses for less than no time, when an answer came after its deadline', async () => {
    const { events } = await send([conflict], { deadline: 100, answerMs: 300 });
    expect(events).toEqual(['attempt 100', 'conflict', 'sleep 0']);
  });

  it.each([
    ['the code of an error', Object.assign(new Error('secret'), { code: 'ECONNRESET' }), ' (ECONNRESET)'],
    ['the name of an error without a code', new TypeError('secret'), ' (TypeError)'],
    [
      'the name of an error whose code is no text',
      Object.assign(new RangeError('secret'), { code: 7 }),
      ' (RangeError)',
    ],
    ['nothing of what is no error', 'secret', ''],
  ])('names, for a lost answer, %s, and passes it on as the cause', async (_, cause, suffix) => {
    const { error } = await send([conflict, { code: 'unavailable', cause }], { attemptsMax: 2 });
    expect(error?.message).toBe(
      `no outcome within the attempts allowed; the last of 2 answers: unavailable${suffix}`,
    );
    expect(error?.cause).toBe(cause);
  });

  it('does not pass on the cause of an answer that was not the last', async () => {
    const { error } = await send([{ code: 'unavailable', cause: new Error('early') }], { attemptsMax: 2 });
    expect(error).toMatchObject({ lastOutcome: 'conflict', cause: undefined });
  });
});
