import { describe, expect, it } from 'vitest';
import { compose } from './compose.ts';

const environment = {
  NAMESPACE: 'test',
  PARALLELIZATION_FACTOR: '1',
  CONSUMER: 'state',
  HIERARCHY_DIMENSIONS: 'RiskType,TradeDesk,Region',
  STATE_TABLE: 'StateTable',
  QUARANTINE_TABLE: 'QuarantineTable',
  ACCOUNTING_TABLE: 'AccountingTable',
  RECOUNT_TABLE: 'RecountTable',
};

describe('compose', () => {
  it('reads what the template sets', () => {
    const { settings } = compose({ ...environment, INDUCED_FAILURES: 'false', INDUCED_FAILURE_SEED: '' });
    expect(settings).toMatchObject({
      namespace: 'test',
      consumer: 'state',
      hierarchy: { dimensions: ['RiskType', 'TradeDesk', 'Region'] },
      formerSource: undefined,
    });
    const formerSource = 'arn:aws:kinesis:us-east-1:000000000000:stream/IncomingDataStream';
    expect(compose({ ...environment, FORMER_SOURCE: formerSource }).settings).toMatchObject({ formerSource });
  });

  it('wants the parameter table only where failures are induced', () => {
    const induced = { ...environment, INDUCED_FAILURES: 'true', PARAMETER_TABLE: 'ParameterTable' };
    expect(() => compose({ ...induced, INDUCED_FAILURE_SEED: '42' })).not.toThrow();
    expect(() => compose({ ...induced, PARAMETER_TABLE: '' })).toThrow('PARAMETER_TABLE');
  });

  it.each(Object.keys(environment))('names %s when it is missing or empty', (name) => {
    expect(() => compose({ ...environment, [name]: undefined })).toThrow(name);
    expect(() => compose({ ...environment, [name]: '' })).toThrow(name);
  });

  it.each([
    ['HIERARCHY_DIMENSIONS', 'RiskType,,Region'],
    ['HIERARCHY_DIMENSIONS', 'RiskType,RiskType'],
    ['INDUCED_FAILURES', 'yes'],
    ['NAMESPACE', 'é'.repeat(128)],
    ['CONSUMER', 'x'.repeat(256)],
    ['PARALLELIZATION_FACTOR', '0'],
    ['PARALLELIZATION_FACTOR', '11'],
    ['PARALLELIZATION_FACTOR', '1.0'],
  ])('names %s when it is %s', (name, value) => {
    expect(() => compose({ ...environment, [name]: value })).toThrow(name);
  });

  it('refuses a parallelization factor above 1, because batches of one shard overtake each other', () => {
    for (const factor of ['2', '10']) {
      expect(() => compose({ ...environment, PARALLELIZATION_FACTOR: factor })).toThrow(
        /PARALLELIZATION_FACTOR must be 1: .*counted by their position.*set ParallelizationFactor of the event source mapping to 1/,
      );
    }
  });

  it('names a seed that is no integer', () => {
    const wrong = {
      ...environment,
      INDUCED_FAILURES: 'true',
      PARAMETER_TABLE: 'ParameterTable',
      INDUCED_FAILURE_SEED: '1.5',
    };
    expect(() => compose(wrong)).toThrow('INDUCED_FAILURE_SEED');
  });
});
