import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Batch, CommitReport } from '@oncefold/commit';
import { one } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import { publishCommit } from './publish-commit.ts';

const quiet: CommitReport = {
  applied: [],
  alreadyApplied: [],
  appliedUnconfirmed: [],
  conditionFailed: [],
  refused: [],
  commits: 0,
  requests: 0,
  conflicts: 0,
  throttles: 0,
  unknowns: 0,
  replays: 0,
  tokenMismatches: 0,
  units: { read: 0, write: 0 },
};

function publish(
  report: Partial<CommitReport>,
  batch: Pick<Batch, 'records'>,
): { figures: Record<string, number>; shares: unknown[]; warnings: string[] } {
  const figures: Record<string, number> = {};
  const warnings: string[] = [];
  const shares: unknown[] = [];
  const metrics = {
    addMetric: (name: string, unit: string, value: number) => {
      const isAge = name === 'StageLatency' || name === 'PositionLag';
      expect(unit).toBe(isAge ? MetricUnit.Milliseconds : MetricUnit.Count);
      figures[name] = value;
    },
    publishStoredMetrics: () => {},
  };
  const logger = { info: () => {}, warn: (...input: unknown[]) => void warnings.push(String(input[0])) };
  publishCommit(
    { metrics: metrics as never, logger, publishVersionMetrics: (one) => shares.push(one) },
    () => 110_000,
  )({ ...quiet, ...report }, { source: 'stream', ...batch });
  return { figures, shares, warnings };
}

describe('publishCommit', () => {
  const record = (id: string) => ({ id, contribution: new Map() });
  const put = { type: 'put', table: 'QuarantineTable', key: { Source: { S: 's' } }, attributes: {} } as const;

  it('counts a quarantined record once and apart from the applied ones', () => {
    const batch = {
      records: [record('a'), { ...record('b'), writes: [put] }, { ...record('c'), writes: [put] }],
    };
    const { figures, shares, warnings } = publish(
      { applied: ['a', 'b'], alreadyApplied: ['c'], commits: 1 },
      batch,
    );
    // Of the version that a gradual deployment may take back.
    expect(shares).toEqual([{ QuarantinePercent: 50 }]);
    expect(figures).toMatchObject({
      RecordsApplied: 1,
      RecordsQuarantined: 1,
      RecordsAlreadyApplied: 1,
      Commits: 1,
    });
    expect(warnings).toEqual([]);
  });

  it('counts apart what the next stage gets: a record that adds nothing is in no row', () => {
    const adding = { ...record('b'), contribution: new Map([['PV', one]]) };
    const batch = { records: [record('a'), adding, { ...adding, id: 'c' }] };
    const { figures } = publish({ applied: ['a', 'b'], alreadyApplied: ['c'] }, batch);
    expect(figures).toMatchObject({ RecordsApplied: 2, RecordsContributing: 1 });
  });

  it('says how long the slowest applied record waited, and how near to now the batch is', () => {
    const at = (id: string, time: number) => ({ ...record(id), time });
    const { figures } = publish(
      { applied: ['b', 'c'], alreadyApplied: ['a'] },
      { records: [at('a', 50), at('b', 100), at('c', 108.5)] },
    );
    expect(figures).toMatchObject({ StageLatency: 10_000, PositionLag: 1_500 });
  });

  it('gives no latency where nothing was waiting for the batch, and no age without times', () => {
    const { figures } = publish({ alreadyApplied: ['a'] }, { records: [{ ...record('a'), time: 100 }] });
    expect(figures['StageLatency']).toBeUndefined();
    expect(figures['PositionLag']).toBe(10_000);
    expect(publish({ applied: ['a'] }, { records: [record('a')] }).figures['PositionLag']).toBeUndefined();
  });

  it('counts a record that was found applied after a lost answer apart: another invocation may have counted it', () => {
    const { figures } = publish({ appliedUnconfirmed: ['a'] }, { records: [record('a')] });
    expect(figures).toMatchObject({ RecordsApplied: 0, RecordsAlreadyApplied: 0, RecordsUnconfirmed: 1 });
  });

  it('warns of a token that was used with other actions', () => {
    const { figures, warnings } = publish(
      { alreadyApplied: ['a'], tokenMismatches: 1 },
      { records: [record('a')] },
    );
    expect(figures['TokenMismatches']).toBe(1);
    expect(warnings).toHaveLength(1);
  });
});
