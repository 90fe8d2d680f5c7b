/**
 * Goal: no interleaving of two deliveries with up to two faults counts a record twice or loses one. Method: all small worlds are
 * searched by the command `oncefold simulate --exhaustive`; here a share of them, every 97th, so that no pattern of their numbering
 * divides it.
 */
import { describe, expect, it } from 'vitest';
import { commitStrategies, exhaustWorlds, replayWorld, smallWorlds } from '../src/index.ts';
import { staleCheckpoint } from './support/defects/stale-checkpoint.ts';

const part = { index: 5, count: 97 };

describe('exhaustWorlds', () => {
  it.each(['ledger', 'checkpoint'] as const)(
    'finds each record counted once by %s in more than 20,000 histories',
    async (name) => {
      const report = await exhaustWorlds({ ...commitStrategies[name], part });
      expect(report).toMatchObject({ wrong: 0, examples: [] });
      expect(report.histories).toBeGreaterThan(20_000);
    },
  );

  it.each(['none', 'request-token'] as const)('finds %s wrong, and replays what it found', async (name) => {
    const report = await exhaustWorlds({ ...commitStrategies[name], part, faultsMax: 1 });
    expect(report.wrong).toBeGreaterThan(0);
    const [example] = report.examples;
    expect(example?.violations).toMatchObject([{ kind: 'doubled' }]);
    const replayed = await replayWorld(example ?? { world: -1, choices: [] }, commitStrategies[name]);
    expect(replayed.violations).toEqual(example?.violations);
    expect(replayed.decisions).toHaveLength(example?.choices.length ?? 0);
  });

  it('finds a checkpoint that does not partition the rest of the batch anew, without any fault', async () => {
    const strategy = (names: { readonly namespace: string; readonly consumer: string }) =>
      staleCheckpoint({ namespace: names.namespace, consumer: names.consumer, table: 'Positions' });
    const report = await exhaustWorlds({ strategy, faultsMax: 0 });
    expect(report.worlds).toBe(smallWorlds().length);
    expect(report.wrong).toBeGreaterThan(0);
  });

  it('counts the same histories where those that meet in one state go on apart', async () => {
    const apart = { part, faultsMax: 1, mergesStates: false };
    for (const name of ['checkpoint', 'request-token'] as const) {
      const { runs, examples, ...counts } = await exhaustWorlds({ ...commitStrategies[name], ...apart });
      expect(runs).toBe(counts.histories);
      expect(await exhaustWorlds({ ...commitStrategies[name], ...apart, mergesStates: true })).toMatchObject({
        ...counts,
        examples,
      });
    }
  });
});
