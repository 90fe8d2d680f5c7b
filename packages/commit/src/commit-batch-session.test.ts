import { parseDecimal } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import { commitBatch } from './commit-batch.ts';
import { incrementEach } from './effect.ts';
import { CommitUndecidedError, GuardViolationError, StrategyError } from './errors.ts';
import { createMemoryTransactions } from './memory/index.ts';
import type { Batch, CommitRecord, GuardFailure, Strategy, StrategySession } from './strategy.ts';
import type { Action, PutIfAbsent, TransactionOutcome, TransactionRequest } from './transaction-port.ts';

// What commitBatch promises to a strategy, whatever that does: strategies made for one test each, and a store that answers as told.

const effect = incrementEach({ table: 'Sums', key: 'Id', attribute: 'Value' });
const record = (id: string, more: Partial<CommitRecord> = {}): CommitRecord => ({
  id,
  contribution: new Map([['a', parseDecimal('1')]]),
  ...more,
});
const marker = (id: string): PutIfAbsent => ({
  type: 'put-if-absent',
  table: 'Guards',
  key: { Id: { S: id } },
  attributes: {},
});
const committed: TransactionOutcome = { code: 'committed', replayed: false, units: { read: 0, write: 1 } };
const failed = (...actions: Action[]): TransactionOutcome => ({
  code: 'condition-failed',
  failures: actions.map((action) => ({ action, existing: undefined })),
});

interface Sent extends Partial<Batch> {
  readonly answers?: readonly TransactionOutcome[];
  readonly session?: Partial<StrategySession>;
}

/** Commits a batch whose guard is one marker for each group, and answers its requests as told, then with success. */
function commit({ answers = [], session, ...batch }: Sent) {
  const requests: TransactionRequest[] = [];
  const opened: Batch[] = [];
  const strategy: Strategy = {
    code: 'none',
    identifiesBy: 'id',
    guardSize: () => 1,
    open: (own) => {
      opened.push(own);
      return {
        guard: (group) => ({
          name: group.map(({ id }) => id).join(),
          actions: [marker('guard')],
          token: 'token',
        }),
        ...session,
      };
    },
  };
  const report = commitBatch(
    { records: [record('r0'), record('r1')], source: 'stream', ...batch },
    {
      transactions: {
        transact: async (request) => {
          requests.push(request);
          return answers[requests.length - 1] ?? committed;
        },
      },
      strategy,
      effect,
      remainingMs: () => 30_000,
      clock: { now: () => 0, random: () => 0, sleep: async () => {} },
    },
  );
  return { report, requests, opened };
}

describe('commitBatch, of a batch', () => {
  it.each([undefined, '', 7])('refuses the stream name %j, even for no records', async (source) => {
    await expect(commit({ source: source as string, records: [] }).report).rejects.toThrow(
      new StrategyError('source: the batch must name the stream that its records come from'),
    );
  });

  it.each([undefined, {}])('refuses a strategy that is none: %j', async (strategy) => {
    const options = {
      transactions: createMemoryTransactions({ now: () => 0 }),
      strategy: strategy as Strategy,
      effect,
      remainingMs: () => 1_000,
    };
    await expect(commitBatch({ records: [], source: 'stream' }, options)).rejects.toThrow(
      new StrategyError('strategy: it must be what a strategy returns, for example ledger({ … })'),
    );
  });

  it('opens no session for an empty batch', async () => {
    const { report, opened } = commit({ records: [] });
    expect((await report).applied).toEqual([]);
    expect(opened).toEqual([]);
  });

  it('opens the session with the records that are one each, and with all that the batch says', async () => {
    const [first, second] = [record('r0'), record('r1')];
    const { report, opened } = commit({ records: [first, record('r0'), second], shardId: 'shard' });
    expect(await report).toMatchObject({ applied: ['r0', 'r1'], alreadyApplied: ['r0'], commits: 1 });
    expect(opened).toEqual([{ records: [first, second], source: 'stream', shardId: 'shard' }]);
  });

  it('refuses a write that no store takes before it sends anything', async () => {
    const broken: Action = { type: 'put', table: '', key: {}, attributes: {} };
    const { report, requests } = commit({ records: [record('r0'), record('r1', { writes: [broken] })] });
    await expect(report).rejects.toMatchObject({ code: 'write-refused', recordIndex: 1, action: broken });
    expect(requests).toEqual([]);
  });

  it('sends the guard’s token with its group', async () => {
    const { report, requests } = commit({});
    await report;
    expect(requests.map(({ token }) => token)).toEqual(['token']);
  });

  it('counts a replayed answer as found applied', async () => {
    const { report } = commit({
      answers: [{ code: 'committed', replayed: true, units: { read: 2, write: 0 } }],
    });
    expect(await report).toMatchObject({ applied: [], alreadyApplied: ['r0', 'r1'], replays: 1 });
  });

  it('names the place in the batch of a record whose condition failed, the repeated records included', async () => {
    const own: PutIfAbsent = { ...marker('own'), table: 'Items' };
    const writing = record('r1', { writes: [own] });
    const committed = { code: 'committed', replayed: false, units: { read: 0, write: 2 } } as const;
    const answers = [failed(own), committed, failed(own)];
    const { report } = commit({ records: [record('r0'), record('r0'), writing], answers });
    await expect(report).rejects.toMatchObject({
      code: 'write-refused',
      recordIndex: 2,
      action: own,
      message: 'the condition of a record failed: put-if-absent on Items',
    });
  });
});

describe('commitBatch, with what a session decides', () => {
  it('partitions all pending records again when the guard failed', async () => {
    const failures: GuardFailure[] = [];
    const { report, requests } = commit({
      answers: [failed(marker('guard'))],
      session: {
        onGuardFailed: (failure) => {
          failures.push(failure);
          return { fresh: failure.pending.slice(1), applied: failure.pending.slice(0, 1) };
        },
      },
    });
    expect(await report).toMatchObject({ applied: ['r1'], alreadyApplied: ['r0'], commits: 1 });
    expect(requests).toHaveLength(2);
    expect(failures).toEqual([
      {
        group: [record('r0'), record('r1')],
        failures: [{ action: marker('guard'), existing: undefined }],
        pending: [record('r0'), record('r1')],
      },
    ]);
  });

  it('tells the guard alone of its failures, when writes and sums failed with it', async () => {
    const own: PutIfAbsent = { ...marker('own'), table: 'Items' };
    const told: GuardFailure['failures'][] = [];
    const { report } = commit({
      records: [record('r0', { writes: [own] })],
      answers: [failed(own, marker('guard'))],
      session: {
        onGuardFailed: ({ failures, pending }) => {
          told.push(failures);
          return { fresh: [], applied: pending };
        },
      },
    });
    expect(await report).toMatchObject({ alreadyApplied: ['r0'] });
    expect(told).toEqual([[{ action: marker('guard'), existing: undefined }]]);
  });

  it('gives up when the guard moves more often than 16 times beyond the records that it decided', async () => {
    const isMoving = { onGuardFailed: ({ pending }: GuardFailure) => ({ fresh: pending, applied: [] }) };
    const moves = (count: number) => Array<TransactionOutcome>(count).fill(failed(marker('guard')));
    expect(await commit({ answers: moves(17), session: isMoving }).report).toMatchObject({ commits: 1 });
    const { report, requests } = commit({ answers: moves(18), session: isMoving });
    await expect(report).rejects.toThrow(
      new CommitUndecidedError('another process kept moving the guard', {
        attempts: 18,
        lastOutcome: 'condition-failed',
      }),
    );
    await expect(report).rejects.toMatchObject({ attempts: 18, lastOutcome: 'condition-failed' });
    expect(requests).toHaveLength(18);
  });

  it('takes what the session makes of a row that exists, and goes on with the rest', async () => {
    const wide = (id: string) =>
      record(id, {
        contribution: new Map(Array.from({ length: 60 }, (_, key) => [`${id}-${key}`, parseDecimal('1')])),
      });
    const groups: (readonly CommitRecord[])[] = [];
    const { report } = commit({
      records: [wide('r0'), wide('r1')],
      answers: [failed({ type: 'update', table: 'Sums', key: { Id: { S: 'r0-0' } }, add: { Value: '1' } })],
      session: {
        onRowExists: (group) => {
          groups.push(group);
          return { fresh: [], applied: group };
        },
      },
    });
    expect(await report).toMatchObject({ applied: ['r1'], alreadyApplied: ['r0'], commits: 1 });
    expect(groups).toEqual([[wide('r0')]]);
  });

  it('sends again what the session makes fresh of a row that exists', async () => {
    const { report, requests } = commit({
      answers: [failed({ type: 'update', table: 'Sums', key: { Id: { S: 'a' } }, add: { Value: '2' } })],
      session: { onRowExists: (group) => ({ fresh: group.slice(1), applied: group.slice(0, 1) }) },
    });
    expect(await report).toMatchObject({ applied: ['r1'], alreadyApplied: ['r0'] });
    expect(requests).toHaveLength(2);
  });

  it('counts a token mismatch, takes what the session makes of it, and goes on with the rest', async () => {
    const wide = (id: string) =>
      record(id, {
        contribution: new Map(Array.from({ length: 40 }, (_, key) => [`${id}-${key}`, parseDecimal('1')])),
      });
    const { report, requests } = commit({
      records: ['r0', 'r1', 'r2'].map(wide),
      answers: [{ code: 'token-mismatch' }],
      session: { onTokenMismatch: (group) => ({ fresh: group.slice(1), applied: group.slice(0, 1) }) },
    });
    expect(await report).toMatchObject({ applied: ['r1', 'r2'], alreadyApplied: ['r0'], tokenMismatches: 1 });
    expect(requests).toHaveLength(2);
  });

  it('commits the opening by itself, tells the session, and goes on with all records', async () => {
    const events: string[] = [];
    let isOpen = false;
    const { report, requests } = commit({
      session: {
        opening: () => (isOpen ? undefined : [marker('opening')]),
        onOpened: () => {
          isOpen = true;
          events.push('opened');
        },
      },
    });
    expect(await report).toMatchObject({ applied: ['r0', 'r1'], requests: 2, commits: 1 });
    expect(requests[0]).toMatchObject({ actions: [marker('opening')] });
    expect(requests[0]).not.toHaveProperty('token');
    expect(events).toEqual(['opened']);
  });

  it('goes on after an opening of a session that need not be told', async () => {
    const openings = [[marker('opening')], undefined];
    const { report } = commit({ session: { opening: () => openings.shift() } });
    expect(await report).toMatchObject({ applied: ['r0', 'r1'], requests: 2 });
  });

  it('tells the session of an opening that failed, with no group', async () => {
    const openings = [[marker('opening')], undefined];
    const told: GuardFailure[] = [];
    const { report } = commit({
      answers: [failed(marker('opening'))],
      session: {
        opening: () => openings.shift(),
        onGuardFailed: (failure) => {
          told.push(failure);
          return { fresh: failure.pending.slice(1), applied: failure.pending.slice(0, 1) };
        },
      },
    });
    expect(await report).toMatchObject({ applied: ['r1'], alreadyApplied: ['r0'] });
    expect(told).toEqual([
      {
        group: [],
        failures: [{ action: marker('opening'), existing: undefined }],
        pending: [record('r0'), record('r1')],
      },
    ]);
  });

  it('writes around a group what the session writes there, once for each group', async () => {
    const events: string[] = [];
    const { report } = commit({
      session: {
        around: async (group, own) => {
          events.push(`before ${group.map(({ id }) => id).join()}`);
          const outcome = await own();
          events.push(outcome.code);
          return outcome;
        },
      },
    });
    expect(await report).toMatchObject({ applied: ['r0', 'r1'], commits: 1 });
    expect(events).toEqual(['before r0,r1', 'committed']);
  });

  it('takes a group for applied when the guard around it says so', async () => {
    const { report, requests } = commit({ session: { around: async () => ({ code: 'already-applied' }) } });
    expect(await report).toMatchObject({ applied: [], alreadyApplied: ['r0', 'r1'], commits: 0 });
    expect(requests).toEqual([]);
  });

  it('sends nothing for a group that adds, writes and guards nothing, and takes it for applied', async () => {
    const { report, requests } = commit({
      records: [record('r0', { contribution: new Map() })],
      session: {
        guard: () => ({ name: 'name', actions: [] }),
        around: async () => {
          throw new Error('there is nothing to commit');
        },
      },
    });
    expect(await report).toMatchObject({ applied: ['r0'], alreadyApplied: [], commits: 0, requests: 0 });
    expect(requests).toEqual([]);
  });
});

describe('commitBatch, with preparatory writes', () => {
  const part = (id: string): Action & { type: 'put' } => ({
    type: 'put',
    table: 'Parts',
    key: { Id: { S: id } },
    attributes: {},
  });

  it('writes them before the record’s transaction, and not again when that is sent again', async () => {
    const { report, requests } = commit({
      records: [record('r0', { preparatoryWrites: [part('p')] }), record('r1')],
      answers: [committed, failed(marker('guard'))],
      session: { onGuardFailed: ({ pending }) => ({ fresh: pending, applied: [] }) },
    });
    expect(await report).toMatchObject({ applied: ['r0', 'r1'], requests: 3, commits: 1 });
    expect(requests[0]?.actions).toEqual([part('p')]);
    expect(requests[0]).not.toHaveProperty('token');
    expect(requests[1]?.actions).toEqual(requests[2]?.actions);
  });

  it('refuses an answer to them that cannot be', async () => {
    const { report } = commit({
      records: [record('r0', { preparatoryWrites: [part('p')] })],
      answers: [failed(part('p'))],
    });
    await expect(report).rejects.toThrow(
      new GuardViolationError('a put without a condition was answered by condition-failed'),
    );
  });
});

describe('commitBatch, with a session that has no answer', () => {
  const increment: Action = {
    type: 'update',
    table: 'Sums',
    key: { Id: { S: 'a' } },
    add: { Value: '2' },
  };

  it.each<[string, Sent, string]>([
    [
      'a guard failed that has no conditions',
      { answers: [failed(marker('guard'))] },
      'a condition failed for a guard that has none',
    ],
    [
      'an opening failed',
      { answers: [failed(marker('opening'))], session: { opening: () => [marker('opening')] } },
      'a condition failed for a guard that has none',
    ],
    [
      'an opening was answered by what it cannot be',
      { answers: [{ code: 'token-mismatch' }], session: { opening: () => [marker('opening')] } },
      'the opening of a guard was answered by token-mismatch',
    ],
    [
      'a row exists',
      { answers: [failed(increment)] },
      'a row of sums exists although its guard held: its name is not unique',
    ],
    [
      'a token was used with other actions',
      { answers: [{ code: 'token-mismatch' }] },
      'a token mismatch was reported for a guard without a token of its own',
    ],
  ])('stops when %s', async (_, sent, message) => {
    await expect(commit(sent).report).rejects.toThrow(new GuardViolationError(message));
  });
});
