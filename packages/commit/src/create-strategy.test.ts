import { describe, expect, it } from 'vitest';
import { createStrategy, type StrategyOptions } from './create-strategy.ts';
import { StrategyError } from './errors.ts';
import type { Batch, StrategyCode } from './strategy.ts';
import type { Action } from './transaction-port.ts';

const options: StrategyOptions = {
  namespace: 'n',
  consumer: 'c',
  ledgerTable: 'Ledger',
  ledgerRetentionSeconds: 3_600,
  positionTable: 'Positions',
  parallelizationFactor: 1,
  formerSource: 'stream',
};
const record = { id: 'r', sequenceNumber: '1', contribution: new Map() };
const batch: Batch = { records: [record], source: 'stream', shardId: 'shard' };

const guardOf = (code: StrategyCode) =>
  createStrategy(code, options)
    .open(batch, { remainingMs: () => 1 })
    .guard([record]);
const placesOf = (actions: readonly Action[]) =>
  actions.map(({ type, table, key }) => ({ type, table, key }));

describe('createStrategy', () => {
  it.each<[StrategyCode, 'id' | 'position']>([
    ['none', 'id'],
    ['request-token', 'id'],
    ['ledger', 'id'],
    ['checkpoint', 'position'],
  ])('makes %s, which knows records by their %s', (code, identifiesBy) => {
    expect(createStrategy(code, options)).toMatchObject({ code, identifiesBy });
  });

  it('gives each group of none a name of its own, and no guard', () => {
    expect(guardOf('none').actions).toEqual([]);
    expect(guardOf('none').name).not.toBe(guardOf('none').name);
  });

  it('gives request-token its names', () => {
    const guard = guardOf('request-token');
    expect(guard.token).toHaveLength(36);
    const other = createStrategy('request-token', { ...options, consumer: 'other' });
    expect(other.open(batch, { remainingMs: () => 1 }).guard([record]).token).not.toBe(guard.token);
  });

  it('gives ledger the table and retention of the ledger, the former source, and the time of day', () => {
    const before = Math.ceil(Date.now() / 1_000);
    const { actions } = guardOf('ledger');
    expect(placesOf(actions)).toEqual([
      { type: 'put-if-absent', table: 'Ledger', key: { Marker: { S: 'v2#n#c#stream#r' } } },
      { type: 'put-if-absent', table: 'Ledger', key: { Marker: { S: 'c#r' } } },
    ]);
    const [marker] = actions;
    const expiresAt = marker?.type === 'put-if-absent' ? marker.attributes['ExpiresAt'] : undefined;
    const seconds = expiresAt !== undefined && 'N' in expiresAt ? Number(expiresAt.N) : 0;
    expect(seconds).toBeGreaterThanOrEqual(before + 3_600);
    expect(seconds).toBeLessThanOrEqual(Math.ceil(Date.now() / 1_000) + 3_600);
  });

  it('gives checkpoint the table of positions, the ledger for its starts, the former source, and the factor', () => {
    const { actions } = guardOf('checkpoint');
    expect(placesOf(actions)).toEqual([
      { type: 'raise', table: 'Positions', key: { Position: { S: 'v2#n#c#stream#shard' } } },
    ]);
    const session = createStrategy('checkpoint', options).open(batch, { remainingMs: () => 1 });
    const [action] = actions as [Action];
    session.onGuardFailed?.({
      group: [record],
      failures: [{ action, existing: undefined }],
      pending: [record],
    });
    expect(placesOf(session.opening?.() ?? [])).toEqual([
      { type: 'put-if-absent', table: 'Positions', key: { Position: { S: 'v2#n#c#stream#shard' } } },
      { type: 'put-if-absent', table: 'Ledger', key: { Marker: { S: 'v2#n#c#stream#shard#start' } } },
      { type: 'put-if-absent', table: 'Positions', key: { Position: { S: 'c#shard' } } },
    ]);
    expect(() => createStrategy('checkpoint', { ...options, parallelizationFactor: 2 })).toThrow(
      StrategyError,
    );
  });

  it.each(['powertools', 'Ledger', ''])('refuses the name %j, and says which there are', (code) => {
    expect(() => createStrategy(code, options)).toThrow(
      new StrategyError('there is no such strategy; there are none, request-token, ledger and checkpoint'),
    );
  });
});
