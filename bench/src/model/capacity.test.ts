import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../repository.ts';
import {
  type CapacityOptions,
  capacityOf,
  documentedUnits,
  dollarSum,
  limitsOf,
  shardsFor,
} from './capacity.ts';

const costs = readFileSync(join(repository, 'docs', 'costs.md'), 'utf8');

/** The service times that docs/costs.md assumes. */
const service = {
  state: { fixedMs: 15, perRecordMs: 0.1 },
  map: { fixedMs: 50, perRecordMs: 0.3 },
  reduce: { fixedMs: 50, perRecordMs: 0 },
};

function options(messagesPerSecond: number, more: Partial<CapacityOptions> = {}): CapacityOptions {
  const shards = shardsFor(messagesPerSecond, documentedUnits);
  return {
    messagesPerSecond,
    state: { shards: shards.state, batchSize: 100 },
    map: { shards: shards.map, batchSize: 1_000, windowSeconds: 3 },
    reduce: { shards: 1, windowSeconds: 3 },
    service,
    transactionMs: 20,
    changedShare: 1,
    units: documentedUnits,
    ...more,
  };
}

describe('capacityOf', () => {
  it.each<[number, string, Partial<CapacityOptions>]>([
    [1, '77', {}],
    [100, '306', { state: { shards: 2, batchSize: 100 } }],
    [
      50_000,
      '102,000',
      {
        state: { shards: 64, batchSize: 500 },
        map: { shards: 64, batchSize: 5_000, windowSeconds: 3 },
        reduce: { shards: 4, windowSeconds: 3 },
      },
    ],
  ])('gives the sum of docs/costs.md at %i a second', (rate, sum, more) => {
    expect(costs).toContain(`| **Sum** | | **≈ ${sum}** |`);
    const dollars = dollarSum(capacityOf(options(rate, more)).dollarsPerMonth);
    expect(Math.abs(dollars / Number(sum.replace(',', '')) - 1)).toBeLessThan(0.05);
  });

  it('charges the hottest item two units for each transaction of reduce', () => {
    const { reduceTransactions, hottestItemWriteUnits } = capacityOf(options(50_000));
    expect(hottestItemWriteUnits).toBe(2 * reduceTransactions);
  });

  it('needs more transactions where more rows come than one takes with its sums', () => {
    const { batches, reduceTransactions } = capacityOf(
      options(1_000_000, { reduce: { shards: 1, windowSeconds: 3 } }),
    );
    expect(batches.map).toBeGreaterThan(batches.reduce * 81);
    expect(reduceTransactions).toBeCloseTo(batches.map / 81);
  });
});

describe('limitsOf', () => {
  it('finds the load at which the quota of StateTable is reached', () => {
    const limit = limitsOf(options).find(({ what }) => what.startsWith('write units of StateTable'));
    expect(limit?.messagesPerSecond).toBeCloseTo(40_000 / 1.18, 0);
  });

  it('orders limits by the load, and says which of them AWS raises', () => {
    const limits = limitsOf(options);
    const rates = limits.map(({ messagesPerSecond }) => messagesPerSecond);
    expect(rates).toEqual(rates.toSorted((one, other) => one - other));
    expect(limits[0]?.isQuota).toBe(true);
    expect(limits.some(({ isQuota }) => !isQuota)).toBe(true);
  });

  it('puts every limit higher where the shards of reduce wait longer', () => {
    const hottest = (windowSeconds: number) =>
      limitsOf((rate) => options(rate, { reduce: { shards: 4, windowSeconds } })).find(({ what }) =>
        what.startsWith('transactions'),
      )?.messagesPerSecond ?? 0;
    expect(hottest(3)).toBeGreaterThanOrEqual(hottest(0));
  });
});
