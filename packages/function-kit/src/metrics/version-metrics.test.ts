import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readEnvironment } from '../environment/environment.ts';
import { composeVersionMetrics, percentageOf } from './version-metrics.ts';

describe('composeVersionMetrics', () => {
  const lines: string[] = [];

  beforeEach(() => {
    lines.length = 0;
    vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'Oncefold/test');
    vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'state');
    // Powertools has a console of its own, which writes to standard output.
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
    vi.spyOn(console, 'log').mockImplementation((text) => void lines.push(String(text)));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it('publishes shares in one line, under the version that runs', () => {
    const publish = composeVersionMetrics(
      readEnvironment({ VERSION_METRICS: 'true', AWS_LAMBDA_FUNCTION_VERSION: '7' }),
    );
    publish({ QuarantinePercent: 2.5, ConflictPercent: 0 });
    publish({ QuarantinePercent: 100, ConflictPercent: undefined });
    const [first, second, ...others] = lines.map((line) => JSON.parse(line));
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      service: 'state',
      version: '7',
      QuarantinePercent: 2.5,
      ConflictPercent: 0,
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'Oncefold/test',
            Dimensions: [['service', 'version']],
            Metrics: [
              { Name: 'QuarantinePercent', Unit: 'Percent' },
              { Name: 'ConflictPercent', Unit: 'Percent' },
            ],
          },
        ],
      },
    });
    expect(second).toMatchObject({ version: '7', QuarantinePercent: 100 });
    expect(second.ConflictPercent).toBeUndefined();
  });

  it('publishes nothing for a batch that has nothing to have a share of', () => {
    composeVersionMetrics(readEnvironment({ VERSION_METRICS: 'true', AWS_LAMBDA_FUNCTION_VERSION: '7' }))({
      QuarantinePercent: undefined,
    });
    expect(lines).toEqual([]);
  });

  it('publishes nothing where no deployment is watched', () => {
    composeVersionMetrics(readEnvironment({}))({ QuarantinePercent: 100 });
    expect(lines).toEqual([]);
  });

  it('refuses to run without a version', () => {
    expect(() => composeVersionMetrics(readEnvironment({ VERSION_METRICS: 'true' }))).toThrow(
      'AWS_LAMBDA_FUNCTION_VERSION is not set',
    );
  });
});

describe('percentageOf', () => {
  it('has no value for no records', () => {
    expect([percentageOf(0, 0), percentageOf(0, 4), percentageOf(1, 4)]).toEqual([undefined, 0, 25]);
  });
});
