import { createHash } from 'node:crypto';
import { IdempotencyItemAlreadyExistsError } from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, type IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import { requestToken } from '@oncefold/request-token';
import { describe, expect, it } from 'vitest';
import type { DecidedOutcome } from '../strategy.ts';
import { powertools } from './powertools.ts';

// The library with a store in memory. On DynamoDB, and against the faults that it does not survive, it is tested under `test`.

const group = ['r0', 'r1'].map((id) => ({ id, contribution: new Map() }));
const REMAINING_MS = 30_000;
const committed: DecidedOutcome = { code: 'committed', replayed: false, units: { read: 0, write: 2 } };

class MemoryPersistence extends BasePersistenceLayer {
  readonly records = new Map<string, IdempotencyRecord>();
  updateError: Error | undefined;

  protected override async _deleteRecord({ idempotencyKey }: IdempotencyRecord): Promise<void> {
    this.records.delete(idempotencyKey);
  }
  protected override async _getRecord(): Promise<IdempotencyRecord> {
    throw new Error('a put tells the record that is there');
  }
  protected override async _putRecord(record: IdempotencyRecord): Promise<void> {
    const existing = this.records.get(record.idempotencyKey);
    if (existing !== undefined) {
      throw new IdempotencyItemAlreadyExistsError('there is one', existing);
    }
    this.records.set(record.idempotencyKey, record);
  }
  protected override async _updateRecord(record: IdempotencyRecord): Promise<void> {
    if (this.updateError !== undefined) {
      throw this.updateError;
    }
    this.records.set(record.idempotencyKey, record);
  }
}

function setUp() {
  const store = new MemoryPersistence();
  const strategy = powertools({ namespace: 'n', consumer: 'c', store, expiresAfterSeconds: 3_600 });
  const session = strategy.open({ records: group, source: 'stream' }, { remainingMs: () => REMAINING_MS });
  let commits = 0;
  const around = (outcome: DecidedOutcome = committed) =>
    session.around?.(group, async () => {
      commits += 1;
      return outcome;
    });
  return { store, strategy, session, around, commits: () => commits };
}

describe('powertools', () => {
  it('needs no action of the transaction, and knows a record by its id', () => {
    const { strategy } = setUp();
    expect(strategy).toMatchObject({ code: 'powertools', identifiesBy: 'id' });
    expect(strategy.guardSize(100)).toBe(0);
  });

  it('names a group by the identities of its records, and gives each send a token of its own', () => {
    const { session } = setUp();
    const name = requestToken({ namespace: 'n', consumer: 'c', source: 'stream', recordIds: ['r0', 'r1'] });
    const [first, second] = [session.guard(group), session.guard(group)];
    expect(first).toMatchObject({ name, actions: [] });
    expect(first.token).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.token).not.toBe(first.token);
  });

  it('commits a group once, and takes it for applied from then on', async () => {
    const { around, commits } = setUp();
    expect(await around()).toBe(committed);
    expect(await around()).toEqual({ code: 'already-applied' });
    expect(commits()).toBe(1);
  });

  it('remembers a group under its consumer and name, for as long as it is told', async () => {
    const { store, session, around } = setUp();
    const before = Math.round(Date.now() / 1_000);
    await around();
    const [record] = [...store.records.values()];
    const hash = createHash('md5')
      .update(JSON.stringify(session.guard(group).name))
      .digest('base64');
    expect(record).toMatchObject({ idempotencyKey: `c#${hash}`, responseData: { committed: true } });
    expect(record?.expiryTimestamp).toBeGreaterThanOrEqual(before + 3_600);
    expect(record?.expiryTimestamp).toBeLessThanOrEqual(Math.round(Date.now() / 1_000) + 3_600);
  });

  it('lets a lock end with its invocation', async () => {
    const { store, session } = setUp();
    const before = Date.now();
    let lock: number | undefined;
    await session.around?.(group, async () => {
      lock = [...store.records.values()][0]?.inProgressExpiryTimestamp;
      return committed;
    });
    expect(lock).toBeGreaterThanOrEqual(before + REMAINING_MS);
    expect(lock).toBeLessThanOrEqual(Date.now() + REMAINING_MS);
  });

  it.each<DecidedOutcome>([{ code: 'condition-failed', failures: [] }, { code: 'token-mismatch' }])(
    'hands on that a commit came to $code, and forgets the group',
    async (outcome) => {
      const { store, around, commits } = setUp();
      expect(await around(outcome)).toBe(outcome);
      expect(store.records.size).toBe(0);
      expect(await around()).toBe(committed);
      expect(commits()).toBe(2);
    },
  );

  it('does not decide a group that another invocation is processing', async () => {
    const { session, around } = setUp();
    let inner: unknown;
    await session.around?.(group, async () => {
      inner = await around()?.catch((error: unknown) => error);
      return committed;
    });
    expect(inner).toMatchObject({
      code: 'commit-undecided',
      attempts: 1,
      lastOutcome: 'in-progress',
      message: 'another invocation is processing this group, or died while it did',
      cause: { name: 'IdempotencyAlreadyInProgressError' },
    });
  });

  it('hands on what a commit throws, and forgets the group', async () => {
    const { store, session } = setUp();
    const killed = new Error('killed');
    const attempt = session.around?.(group, async () => {
      throw killed;
    });
    await expect(attempt).rejects.toBe(killed);
    expect(store.records.size).toBe(0);
  });

  it('fails when a group was committed and cannot be remembered', async () => {
    const { store, around } = setUp();
    store.updateError = new Error('the table is gone');
    await expect(around()).rejects.toMatchObject({ name: 'IdempotencyPersistenceLayerError' });
  });

  it('takes a group whose row exists for applied', () => {
    expect(setUp().session.onRowExists?.(group)).toEqual({ fresh: [], applied: group });
  });
});
