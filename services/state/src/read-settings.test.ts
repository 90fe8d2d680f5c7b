import { describe, expect, it } from 'vitest';
import { readSettings } from './read-settings.ts';

const environment = {
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
      consumer: 'state',
      metricsNamespace: 'Oncefold',
      hierarchy: { dimensions: ['RiskType', 'TradeDesk', 'Region'] },
      tables: { state: 'StateTable', quarantine: 'QuarantineTable', accounting: 'AccountingTable' },
      inducedFailures: undefined,
    });
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
  ])('names %s when it is %s', (name, value) => {
    expect(() => readSettings({ ...environment, [name]: value })).toThrow(name);
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
