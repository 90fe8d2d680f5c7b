import { describe, expect, it } from 'vitest';
import { createStageInput } from '../stage-input/create-stage-input.ts';
import { type ArithmeticVersion, cutBatches } from '../stage-input/stage-input.ts';
import { Sums } from '../stage-input/sums.ts';
import { differenceTo } from './difference.ts';

const input = createStageInput({
  stage: 'reduce',
  transactions: 'one',
  messages: 60,
  seed: 5,
  arrivedAtMs: 0,
});
const batches = cutBatches(input);

/** The sums when each batch counts once for each of the given versions. */
function sumsOf(of: (batch: number) => readonly ArithmeticVersion[]): Sums {
  const sums = new Sums();
  for (const [at, { from, to }] of batches.entries()) {
    for (const version of of(at)) {
      for (const record of input.records.slice(from, to)) {
        sums.addAll(record.sums(version));
      }
    }
  }
  return sums;
}

function versions(of: (batch: number) => readonly ArithmeticVersion[]): Set<ArithmeticVersion>[] {
  return batches.flatMap(({ from, to }, at) => Array.from({ length: to - from }, () => new Set(of(at))));
}

describe('differenceTo', () => {
  it('finds nothing where each record counts once', () => {
    const difference = differenceTo(
      sumsOf(() => [1]),
      { input, batches, versions: versions(() => [1]) },
    );
    expect(difference).toMatchObject({
      duplicated: '0',
      lost: '0',
      messageCount: '0',
      nodesWrong: 0,
      byNode: [],
    });
    expect(difference.nodes).toBeGreaterThan(10);
  });

  it('counts duplicated and missing amounts once, not once per level', () => {
    const options = { input, batches, versions: versions(() => [1]) };
    const twice = differenceTo(
      sumsOf((at) => (at === 3 ? [1, 1] : [1])),
      options,
    );
    const missing = differenceTo(
      sumsOf((at) => (at === 3 ? [] : [1])),
      options,
    );
    expect(Number(twice.messageCount)).toBeGreaterThan(0);
    expect(missing.messageCount).toBe(`-${twice.messageCount}`);
    expect(missing.lost).toBe(twice.duplicated);
    expect(twice.byNode.map(({ node }) => node)).toContain('message_count');
    const leaves = twice.byNode.filter(({ node }) => node.split(':').length === 3);
    expect(leaves.length).toBeGreaterThan(0);
    expect(leaves.length).toBeLessThan(twice.byNode.length);
  });

  it('accepts either version of a batch that was delivered under two, but not both', () => {
    const delivered = versions((at) => (at < 2 ? [1] : at < 4 ? [1, 2] : [2]));
    const options = { input, batches, versions: delivered };
    for (const [third, fourth] of [
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
    ] as const) {
      const of = (at: number): ArithmeticVersion[] =>
        at < 2 ? [1] : at === 2 ? [third] : at === 3 ? [fourth] : [2];
      expect(differenceTo(sumsOf(of), options).nodesWrong).toBe(0);
    }
    const both = sumsOf((at) => (at < 2 ? [1] : at < 4 ? [1, 2] : [2]));
    expect(differenceTo(both, options).nodesWrong).toBeGreaterThan(0);
    // All batches by version 1, though the last were delivered under version 2 only.
    expect(
      differenceTo(
        sumsOf(() => [1]),
        options,
      ).nodesWrong,
    ).toBeGreaterThan(0);
  });

  it('accepts either version of each record where a batch needs several transactions', () => {
    const wide = createStageInput({
      stage: 'map',
      transactions: 'several',
      messages: 60,
      seed: 5,
      arrivedAtMs: 0,
    });
    const taken = cutBatches(wide).slice(0, 2);
    const delivered = wide.records.map((_, at) => new Set<ArithmeticVersion>(at < 3 ? [1, 2] : [1]));
    const wideSumsBy = (versionOf: (record: number) => ArithmeticVersion): Sums => {
      const sums = new Sums();
      for (const [at, record] of wide.records.slice(0, 6).entries()) {
        sums.addAll(record.sums(versionOf(at)));
      }
      return sums;
    };
    const options = { input: wide, batches: taken, versions: delivered };
    expect(
      differenceTo(
        wideSumsBy((at) => (at === 1 ? 2 : 1)),
        options,
      ).nodesWrong,
    ).toBe(0);
    // Record 5 was delivered under version 1 only.
    const { byNode } = differenceTo(
      wideSumsBy((at) => (at === 5 ? 2 : 1)),
      options,
    );
    expect(byNode.length).toBeGreaterThan(0);
    for (const { node } of byNode) {
      expect(node).toContain('trade-5 ');
    }
  });

  it('detects an unexpected row', () => {
    const sums = sumsOf(() => [1]);
    sums.add('PV:Forged:Row', 1n);
    expect(differenceTo(sums, { input, batches, versions: versions(() => [1]) })).toMatchObject({
      duplicated: '0.000000000001',
      nodesWrong: 1,
    });
  });
});
