import { describe, expect, it } from 'vitest';
import { compose } from '../src/compose.ts';

const variables = {
  CONSUMER: 'map',
  NAMESPACE: 'test',
  STRATEGY: 'checkpoint',
  PARALLELIZATION_FACTOR: '1',
  LEDGER_TABLE: 'LedgerTable',
  POSITION_TABLE: 'PositionTable',
  REDUCE_TABLE: 'ReduceTable',
  QUARANTINE_TABLE: 'QuarantineTable',
  RECOUNT_TABLE: 'RecountTable',
  LEDGER_RETENTION_SECONDS: '3600',
  HIERARCHY_DIMENSIONS: 'RiskType,TradeDesk,Region',
  AWS_REGION: 'us-east-1',
};

describe('compose', () => {
  it('builds the function from its environment', () => {
    const composition = compose(variables);
    expect(composition.strategy.code).toBe('checkpoint');
    expect(composition.fold.changes.unrecordedHierarchy.dimensions).toEqual([
      'RiskType',
      'TradeDesk',
      'Region',
    ]);
  });

  it('sums items that record no dimensions by a variable of their own, where it is set', () => {
    const changed = { ...variables, HIERARCHY_DIMENSIONS: 'RiskType,TradeDesk' };
    const { changes } = compose({ ...changed, UNRECORDED_HIERARCHY_DIMENSIONS: 'RiskType,Region' }).fold;
    expect(changes.unrecordedHierarchy.dimensions).toEqual(['RiskType', 'Region']);
    const unset = compose({ ...changed, UNRECORDED_HIERARCHY_DIMENSIONS: '' }).fold.changes;
    expect(unset.unrecordedHierarchy.dimensions).toEqual(['RiskType', 'TradeDesk']);
  });

  it.each(['HIERARCHY_DIMENSIONS', 'UNRECORDED_HIERARCHY_DIMENSIONS'])(
    'refuses names in %s that are no hierarchy',
    (name) => {
      for (const names of ['RiskType,RiskType', 'RiskType,', Array.from({ length: 17 }, String).join(',')]) {
        expect(() => compose({ ...variables, [name]: names })).toThrow(`${name} must be`);
      }
    },
  );

  it.each(Object.keys(variables).filter((name) => name !== 'AWS_REGION'))(
    'says so when %s is missing',
    (name) => {
      expect(() => compose({ ...variables, [name]: '' })).toThrow(name);
    },
  );

  it('refuses a strategy that is not there, and checkpoint with several batches of a shard at once', () => {
    expect(() => compose({ ...variables, STRATEGY: 'hope' })).toThrow(/there is no such strategy/);
    expect(() => compose({ ...variables, PARALLELIZATION_FACTOR: '2' })).toThrow(/parallelizationFactor/);
  });
});
