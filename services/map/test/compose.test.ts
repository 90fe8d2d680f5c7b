import { describe, expect, it } from 'vitest';
import { compose } from '../src/compose.ts';

const variables = {
  CONSUMER: 'map',
  NAMESPACE: 'test',
  STRATEGY: 'checkpoint',
  LEDGER_TABLE: 'LedgerTable',
  POSITION_TABLE: 'PositionTable',
  REDUCE_TABLE: 'ReduceTable',
  STATE_TABLE: 'StateTable',
  QUARANTINE_TABLE: 'QuarantineTable',
  LEDGER_RETENTION_SECONDS: '3600',
  HIERARCHY_DIMENSIONS: 'RiskType,TradeDesk,Region',
  AWS_REGION: 'us-east-1',
};

describe('compose', () => {
  it('builds the function from its environment', () => {
    const composition = compose(variables);
    expect(composition.strategy.code).toBe('checkpoint');
    expect(composition.fold.hierarchy.dimensions).toEqual(['RiskType', 'TradeDesk', 'Region']);
    expect(composition.induced).toEqual([]);
  });

  it.each(Object.keys(variables).filter((name) => name !== 'AWS_REGION'))(
    'says so when %s is missing',
    (name) => {
      expect(() => compose({ ...variables, [name]: '' })).toThrow(name);
    },
  );

  it('refuses a strategy that is not there, and checkpoint with several batches of a shard at once', () => {
    expect(() => compose({ ...variables, STRATEGY: 'hope' })).toThrow(/there is no such strategy/);
    expect(() => compose({ ...variables, PARALLELIZATION_FACTOR: '2' })).toThrow(/parallelization factor/);
  });
});
