import type { StrategyCode } from '@oncefold/commit';
import { describe, expect, it } from 'vitest';
import type { Overhead } from '../report/comparison-report.ts';
import { costsOf, onDemandPrice } from './costs.ts';

function overhead(strategy: StrategyCode, write: number, batchSize: number): Overhead {
  return {
    stage: 'map',
    strategy,
    batchSize,
    batches: 1,
    requestsPerBatch: 1,
    commitsPerBatch: 1,
    unitsPerBatch: { read: 8, write, source: 'engine' },
    latencyMs: { median: 1, p90: 1, max: 1 },
  };
}

describe('costsOf', () => {
  it('computes the cost of a million records and the part of the guard', () => {
    const costs = costsOf([overhead('none', 2, 10), overhead('ledger', 22, 10)], onDemandPrice);
    expect(costs).toEqual([
      {
        stage: 'map',
        strategy: 'none',
        batchSize: 10,
        usdPerMillionRecords: 0.225,
        guardUsdPerMillionRecords: 0,
      },
      {
        stage: 'map',
        strategy: 'ledger',
        batchSize: 10,
        usdPerMillionRecords: 1.475,
        guardUsdPerMillionRecords: 1.25,
      },
    ]);
  });

  it('omits the part of the guard when the strategy none was not measured', () => {
    expect(costsOf([overhead('ledger', 22, 10)], onDemandPrice)[0]).not.toHaveProperty(
      'guardUsdPerMillionRecords',
    );
    // Another batch size is not a reference.
    const costs = costsOf([overhead('none', 2, 1), overhead('ledger', 22, 10)], onDemandPrice);
    expect(costs[1]).not.toHaveProperty('guardUsdPerMillionRecords');
  });
});
