import { describe, expect, it } from 'vitest';
import { GuardLostError, StrategyError } from '../errors.ts';
import type { CommitRecord } from '../strategy.ts';
import type { Action } from '../transaction-port.ts';
import { type LedgerOptions, ledger } from './ledger.ts';

const NOW_MS = 5_000_250;
const options: LedgerOptions = {
  namespace: 'n',
  consumer: 'c',
  table: 'Ledger',
  retentionSeconds: 3_600,
  now: () => NOW_MS,
};
const record = (id: string, time?: number): CommitRecord => ({ id, contribution: new Map(), time });
const marker = (name: string, expiresAt: number): Action => ({
  type: 'put-if-absent',
  table: 'Ledger',
  key: { Marker: { S: name } },
  attributes: { ExpiresAt: { N: String(expiresAt) } },
});
const open = (records: readonly CommitRecord[], more: Partial<LedgerOptions> = {}, source = 'stream') =>
  ledger({ ...options, ...more }).open({ records, source }, { remainingMs: () => 1 });
const guardOf = (records: readonly CommitRecord[], more?: Partial<LedgerOptions>, source?: string) =>
  open(records, more, source).guard(records);

describe('ledger', () => {
  it('knows a record by its id, and needs a marker for each, two where a former one may be there', () => {
    expect(ledger(options)).toMatchObject({ code: 'ledger', identifiesBy: 'id' });
    expect([1, 10].map((count) => ledger(options).guardSize(count))).toEqual([1, 10]);
    const upgraded = ledger({ ...options, formerSource: 'stream' });
    expect([1, 10].map((count) => upgraded.guardSize(count))).toEqual([2, 20]);
  });

  it('puts a marker for each record, kept for the retention from its commit on, in whole seconds', () => {
    expect(guardOf([record('r0'), record('r1', 4_000)])).toMatchObject({
      actions: [marker('v2#n#c#stream#r0', 5_001 + 3_600), marker('v2#n#c#stream#r1', 5_001 + 3_600)],
    });
  });

  it('keeps a marker for the retention from its record on, where the clock is behind', () => {
    expect(guardOf([record('r0', 6_000.5)]).actions).toEqual([marker('v2#n#c#stream#r0', 6_001 + 3_600)]);
  });

  it('names a group by its records, whatever their order', () => {
    const records = [record('r0'), record('r1')];
    expect(guardOf(records).name).toHaveLength(36);
    expect(guardOf(records.toReversed()).name).toBe(guardOf(records).name);
    expect(guardOf(records.slice(1)).name).not.toBe(guardOf(records).name);
    expect(guardOf(records, {}, 'other').name).not.toBe(guardOf(records).name);
  });

  it('takes the records with a marker for applied, and every other pending one for fresh', () => {
    const records = ['r0', 'r1', 'r2', 'r3'].map((id) => record(id));
    const session = open(records);
    const failures = ['r0', 'r2'].map((id) => ({
      action: marker(`v2#n#c#stream#${id}`, 1),
      existing: undefined,
    }));
    expect(session.onGuardFailed?.({ group: records.slice(0, 3), failures, pending: records })).toEqual({
      fresh: [records[1], records[3]],
      applied: [records[0], records[2]],
    });
  });

  it('takes a record with a marker of release 0.1.0 for applied', () => {
    const records = [record('r0'), record('r1')];
    const session = open(records, { formerSource: 'stream' });
    expect(session.guard(records).actions).toEqual([
      marker('v2#n#c#stream#r0', 8_601),
      marker('c#r0', 8_601),
      marker('v2#n#c#stream#r1', 8_601),
      marker('c#r1', 8_601),
    ]);
    const failures = [{ action: marker('c#r1', 1), existing: undefined }];
    expect(session.onGuardFailed?.({ group: records, failures, pending: records })).toEqual({
      fresh: [records[0]],
      applied: [records[1]],
    });
  });

  it.each<[string, string, number]>([
    ['of 2,048 bytes', 'r'.repeat(2_046), 2],
    ['of more than 2,048 bytes, which release 0.1.0 refused', 'r'.repeat(2_047), 1],
    ['of more than 2,048 bytes in fewer characters', 'é'.repeat(1_024), 1],
    ['with a lone surrogate, which no key can hold', 'r\ud800', 1],
  ])('looks for a former marker %s only if there can be one', (_, id, count) => {
    expect(guardOf([record(id)], { formerSource: 'stream' }).actions).toHaveLength(count);
  });

  it('looks for no former marker of another stream', () => {
    expect(guardOf([record('r0')], { formerSource: 'stream' }, 'other').actions).toHaveLength(1);
  });

  it('refuses a record as old as its retention, whose marker may have expired, and names the remedy', () => {
    expect(() => open([record('r0'), record('r1', 1_400.25)])).toThrow(
      new GuardLostError(
        "record 1 is older than the ledger's retention of 3600 s: whether it was applied cannot be known any more. " +
          'Compare the sums with their source and correct the difference. Do not raise the retention for it: a longer one holds for markers that are written from then on',
        { recordIndex: 1, key: 'Ledger' },
      ),
    );
    expect(() => open([record('r0', 1_400.251)])).not.toThrow();
    expect(() => open([record('r0'), record('r1', 1), record('r2')])).toThrow(/record 1 /);
  });

  it('refuses a row of sums without the markers of its records', () => {
    expect(() => open([record('r0')]).onRowExists?.([record('r0')])).toThrow(
      new GuardLostError(
        'a row of sums exists without the markers of its records: they were deleted or have expired',
      ),
    );
  });
});

describe('ledger, options', () => {
  const retention = 'ledger: retentionSeconds must be a whole number of seconds from 1 to 34560000';
  it.each<[Partial<Record<keyof LedgerOptions | 'formerSouce', unknown>>, string]>([
    [{ now: 0 }, 'ledger: now must be a function, for example Date.now'],
    [{ retentionSeconds: 0 }, retention],
    [{ retentionSeconds: 1.5 }, retention],
    [{ retentionSeconds: '60' }, retention],
    [{ retentionSeconds: Number.POSITIVE_INFINITY }, retention],
    // A day in milliseconds.
    [{ retentionSeconds: 86_400_000 }, retention],
    [{ formerSouce: 's' }, 'ledger: there is no option formerSouce'],
    [{ table: undefined }, 'ledger: the option table is missing'],
    [{ table: '' }, 'ledger: the option table must be text that is not empty'],
    [{ table: 7 }, 'ledger: the option table must be text that is not empty'],
    [{ formerSource: '' }, 'ledger: the option formerSource must be text that is not empty'],
  ])('refuses %j', (wrong, message) => {
    expect(() => ledger({ ...options, ...wrong } as LedgerOptions)).toThrow(new StrategyError(message));
  });

  it('takes the shortest retention, and a former source', () => {
    expect(() => ledger({ ...options, retentionSeconds: 1, formerSource: 's' })).not.toThrow();
  });

  it('refuses names that no identity can be made of, when it is made', () => {
    expect(() => ledger({ ...options, namespace: '' })).toThrow(/namespace/);
    expect(() => ledger({ ...options, consumer: 'c'.repeat(256) })).toThrow(/consumer/);
  });
});
