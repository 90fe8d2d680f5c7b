// Goal: what is wrong fails when the function starts and not at its first batch, and what can be left out works.
// Method: each factory is called as untyped JavaScript could call it, in and outside of a Lambda function.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { incrementEach, rowOfSums } from './effect.ts';
import { StrategyError } from './errors.ts';
import { checkpoint, commitBatch, ledger, none, redrive, requestTokenStrategy } from './index.ts';
import { createMemoryTransactions } from './memory/index.ts';
import { powertools } from './powertools/index.ts';
import { RETENTION_SECONDS_DEFAULT } from './retention.ts';

const nowMs = 1_700_000_000_000;

type Factory = (options?: unknown) => unknown;
const needing = Object.entries({ ledger, checkpoint, redrive, powertools, incrementEach, rowOfSums }) as [
  string,
  Factory,
][];
const naming = { ledger, checkpoint, requestTokenStrategy, powertools } as unknown as Record<string, Factory>;
const sufficient: Record<string, object> = {
  ledger: { table: 'Ledger' },
  checkpoint: { table: 'Positions', startsTable: 'Ledger', parallelizationFactor: 1 },
  requestTokenStrategy: {},
  powertools: { store: {}, expiresAfterSeconds: 60 },
};

function thrownBy(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    return error;
  }
}

beforeEach(() => {
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'orders');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('a factory', () => {
  it.each(needing)('%s refuses to be called without options, or with none of them', (name, make) => {
    for (const options of [[], [undefined], [null], ['Ledger'], [{}]]) {
      const error = thrownBy(() => make(...options));
      expect(error).toBeInstanceOf(StrategyError);
      expect((error as Error).message).toMatch(new RegExp(`^${name}: the options? .*missing`));
    }
  });

  it.each(needing)('%s refuses a misspelt option, and names itself and the option', (name, make) => {
    const error = thrownBy(() => make({ tabel: 'T' }));
    expect(error).toBeInstanceOf(StrategyError);
    expect((error as Error).message).toBe(`${name}: there is no option tabel`);
  });

  it.each(Object.keys(naming))('%s takes its names from the Lambda function', (name) => {
    expect(() => naming[name]?.(sufficient[name])).not.toThrow();
  });

  it.each(Object.keys(naming))('%s outside of a Lambda function names both remedies', (name) => {
    for (const stub of [
      () => vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', ''),
      () => vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', undefined),
      () => vi.stubGlobal('process', undefined),
    ]) {
      stub();
      const error = thrownBy(() => naming[name]?.(sufficient[name]));
      expect(error).toBeInstanceOf(StrategyError);
      expect((error as Error).message).toMatch(
        new RegExp(
          `^${name}: the option namespace is missing.*AWS_LAMBDA_FUNCTION_NAME.*: give the option, or set`,
        ),
      );
    }
    vi.unstubAllGlobals();
    expect(() => naming[name]?.({ ...sufficient[name], namespace: 'n', consumer: 'c' })).not.toThrow();
  });

  it.each(Object.keys(naming))('%s refuses names that no identity can be made of', (name) => {
    for (const names of [{ namespace: '' }, { consumer: 7 }, { consumer: 'c'.repeat(256) }]) {
      const error = thrownBy(() => naming[name]?.({ ...sufficient[name], ...names }));
      expect(error).toBeInstanceOf(StrategyError);
      expect((error as Error).message).toMatch(new RegExp(`^${name}: (namespace|consumer) must`));
    }
  });
});

describe('defaults', () => {
  const batch = { source: 's', records: [{ id: 'r', contribution: new Map() }] };
  const effect = incrementEach({ table: 'T', key: 'K', attribute: 'A' });

  it('make a ledger from the name of its table alone', async () => {
    const store = createMemoryTransactions({ now: Date.now });
    vi.spyOn(Date, 'now').mockReturnValue(nowMs);
    const strategy = ledger({ table: 'Ledger' });
    await commitBatch(batch, { transactions: store, strategy, effect, remainingMs: () => 30_000 });
    const [marker] = store.items('Ledger');
    expect(marker?.['Marker']).toEqual({ S: 'v2#orders#orders#s#r' });
    expect(marker?.['ExpiresAt']).toEqual({ N: String(nowMs / 1000 + RETENTION_SECONDS_DEFAULT) });
    expect(RETENTION_SECONDS_DEFAULT).toBe(15 * 24 * 60 * 60);
  });

  it('keep range markers as long as a ledger its own', async () => {
    const store = createMemoryTransactions({ now: Date.now });
    vi.spyOn(Date, 'now').mockReturnValue(nowMs);
    const strategy = checkpoint({
      table: 'Positions',
      startsTable: 'Starts',
      parallelizationFactor: 1,
      ranges: {},
    });
    const records = [{ id: 'r', sequenceNumber: '7', contribution: new Map() }];
    await commitBatch(
      { ...batch, records, shardId: 'shard' },
      { transactions: store, strategy, effect, remainingMs: () => 30_000 },
    );
    const [range] = store.items('Starts').filter((item) => item['First'] !== undefined);
    expect(range?.['ExpiresAt']).toEqual({ N: String(nowMs / 1000 + RETENTION_SECONDS_DEFAULT) });
  });

  it('name every group anew where nothing guards it', () => {
    const session = none().open({ ...batch }, { remainingMs: () => 0 });
    const names = new Set(Array.from({ length: 10 }, () => session.guard(batch.records).name));
    expect(names.size).toBe(10);
  });

  it('let redrive take the names of its ledger', () => {
    const reader = { read: async () => [] };
    expect(() => redrive({ ledger: { table: 'Ledger' }, reader })).not.toThrow();
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', '');
    expect(() => redrive({ ledger: { table: 'Ledger' }, reader })).toThrow(/^ledger: the option namespace/);
  });
});
