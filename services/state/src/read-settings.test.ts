import { describe, expect, it } from 'vitest';
import { readSettings } from './read-settings.ts';

const environment = {
  NAMESPACE: 'test',
  PARALLELIZATION_FACTOR: '1',
  CONSUMER: 'state',
  HIERARCHY_DIMENSIONS: 'RiskType,TradeDesk,Region',
  STATE_TABLE: 'StateTable',
  QUARANTINE_TABLE: 'QuarantineTable',
  ACCOUNTING_TABLE: 'AccountingTable',
};

describe('readSettings', () => {
  it('reads what the template sets', () => {
    const settings = readSettings({ ...environment, INDUCED_FAILURES: 'false', INDUCED_FAILURE_SEED: '' });
    expect(settings).toMatchObject({
      namespace: 'test',
      consumer: 'state',
      metricsNamespace: 'Oncefold',
      hierarchy: { dimensions: ['RiskType', 'TradeDesk', 'Region'] },
      tables: { state: 'StateTable', quarantine: 'QuarantineTable', accounting: 'AccountingTable' },
      formerSource: undefined,
      inducedFailures: undefined,
    });
    const formerSource = 'arn:aws:kinesis:us-east-1:000000000000:stream/IncomingDataStream';
    expect(readSettings({ ...environment, FORMER_SOURCE: formerSource })).toMatchObject({ formerSource });
  });

  it('keeps the metrics of each stack apart', () => {
    const settings = readSettings({ ...environment, POWERTOOLS_METRICS_NAMESPACE: 'Oncefold/prod' });
    expect(settings.metricsNamespace).toBe('Oncefold/prod');
  });

  it('wants the parameter table only where failures are induced', () => {
    const induced = { ...environment, INDUCED_FAILURES: 'true', PARAMETER_TABLE: 'ParameterTable' };
    expect(readSettings(induced).inducedFailures).toEqual({ table: 'ParameterTable', seed: undefined });
    expect(readSettings({ ...induced, INDUCED_FAILURE_SEED: '42' }).inducedFailures).toEqual({
      table: 'ParameterTable',
      seed: 42,
    });
    expect(() => readSettings({ ...induced, PARAMETER_TABLE: '' })).toThrow('PARAMETER_TABLE');
  });

  it.each(Object.keys(environment))('names %s when it is missing or empty', (name) => {
    expect(() => readSettings({ ...environment, [name]: undefined })).toThrow(name);
    expect(() => readSettings({ ...environment, [name]: '' })).toThrow(name);
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
    expect(() => readSettings({ ...environment, [name]: value })).toThrow(name);
  });

  it('refuses a parallelization factor above 1, because batches of one shard overtake each other', () => {
    for (const factor of ['2', '10']) {
      expect(() => readSettings({ ...environment, PARALLELIZATION_FACTOR: factor })).toThrow(
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
    expect(() => readSettings(wrong)).toThrow('INDUCED_FAILURE_SEED');
  });
});
