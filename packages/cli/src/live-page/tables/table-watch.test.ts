import { parseSum } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import { compareSum } from '../../sums/compare-sums.ts';
import type { SumsSource } from './sums-source.ts';
import { TableWatch } from './table-watch.ts';

/** A pipeline and its clock, as the test says; reading takes no time unless it says so. */
function scripted(more: Partial<SumsSource> = {}) {
  const world = {
    ...{ now: 1_000_000, activity: 0, restedAt: 0, actual: '1', reads: 0, comparisons: 0, isComplete: true },
    readMs: 0,
    failure: undefined as Error | undefined,
  };
  const read = async <Value>(value: Value): Promise<Value> => {
    world.now += world.readMs;
    if (world.failure !== undefined) {
      throw world.failure;
    }
    return value;
  };
  const source: SumsSource = {
    describe: (time) => `Compared at ${time}`,
    isCostly: false,
    isComplete: () => world.isComplete,
    compare: async () => {
      world.comparisons += 1;
      return [compareSum('PV', parseSum('1'), parseSum(world.actual))];
    },
    ...more,
  };
  const watch = new TableWatch(
    {
      readSums: () => read(new Map([['PV', world.actual]])),
      readAccounting: () => {
        world.reads += 1;
        return read({ applied: 1, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 });
      },
      readQuarantine: () => read({ count: 0, isMore: false, newest: [] }),
      activity: () => world.activity,
      isAtRest: (sinceMs) => world.restedAt >= sinceMs,
      now: () => world.now,
      signal: new AbortController().signal,
    },
    source,
  );
  const turn = async (): Promise<void> => {
    watch.turn();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const state = () => watch.view()?.sums[0]?.state;
  return { world, watch, turn, state, source };
}

describe('TableWatch', () => {
  it('calls a sum wrong only when the streams were read to their end after the look, and nothing has run since', async () => {
    const { world, turn, state, watch } = scripted();
    world.actual = '2';
    await turn();
    expect(state()).toBe('late');
    world.restedAt = world.now;
    expect(state()).toBe('wrong');
    expect(watch.view()?.isCompared).toBe(true);
    world.activity += 1;
    expect(state()).toBe('late');
  });

  it('calls nothing wrong as long as messages are to be sent', async () => {
    const { world, turn, state } = scripted();
    world.actual = '0.5';
    world.isComplete = false;
    world.restedAt = world.now;
    await turn();
    expect(state()).toBe('late');
    world.isComplete = true;
    expect(state()).toBe('wrong');
  });

  it('does not take what ran during the look for seen', async () => {
    const { world, turn, watch } = scripted({
      compare: async () => {
        world.activity += 1;
        return [compareSum('PV', parseSum('1'), parseSum('1'))];
      },
    });
    await turn();
    world.restedAt = world.now;
    expect(watch.view()).toMatchObject({ isCompared: false, sums: [{ state: 'exact' }] });
  });

  it('makes a comparison that is costly only at rest, and shows what is there until then', async () => {
    const { world, turn, watch } = scripted({ isCostly: true });
    world.restedAt = -1;
    await turn();
    expect(watch.view()?.sums).toEqual([{ key: 'PV', actual: '1', state: 'late' }]);
    expect(watch.view()?.sumsNote).toContain('compared when nothing is on its way');
    expect(world.comparisons).toBe(0);
    world.now += 5_000;
    world.restedAt = world.now;
    await turn();
    expect(world.comparisons).toBe(1);
    expect(watch.view()).toMatchObject({ isCompared: true, sums: [{ expected: '1', state: 'exact' }] });
  });

  it('looks again after a pause that grows with the look, and rests when nothing can have changed', async () => {
    const { world, turn } = scripted();
    world.readMs = 100;
    world.restedAt = -1;
    await turn();
    await turn();
    expect(world.reads).toBe(1);
    world.now += 1_999;
    await turn();
    expect(world.reads).toBe(1);
    world.now += 1;
    await turn();
    expect(world.reads).toBe(2);
    world.restedAt = world.now;
    world.now += 29_999;
    await turn();
    expect(world.reads).toBe(2);
    world.now += 1;
    await turn();
    expect(world.reads).toBe(3);
    world.activity += 1;
    world.now += 2_000;
    await turn();
    expect(world.reads).toBe(4);
  });

  it('shows why the tables could not be read, beside what it knew, and tries again', async () => {
    const { world, turn, watch } = scripted();
    world.failure = new Error('no such table');
    await turn();
    expect(watch.view()).toMatchObject({ problem: 'no such table', sums: [], accounting: undefined });
    world.failure = undefined;
    world.now += 5_000;
    await turn();
    expect(watch.view()).toMatchObject({ problem: undefined, accounting: { applied: 1 } });
    world.failure = new Error('gone');
    world.now += 60_000;
    await turn();
    expect(watch.view()).toMatchObject({ problem: 'gone', accounting: { applied: 1 } });
  });

  it('believes at the end what the command knows, about what is there then', async () => {
    const { world, turn, watch, state } = scripted();
    world.restedAt = -1;
    await turn();
    world.actual = '3';
    await watch.lookLast(true);
    expect(watch.view()).toMatchObject({ isCompared: true, sums: [{ actual: '3', state: 'wrong' }] });
    await watch.lookLast(false);
    expect(state()).toBe('late');
  });

  it('takes nothing of an earlier comparison for one with something else', async () => {
    const { world, turn, watch, source } = scripted();
    await turn();
    world.restedAt = world.now;
    expect(watch.view()?.isCompared).toBe(true);
    watch.compareWith({ ...source });
    expect(watch.view()?.isCompared).toBe(false);
    await turn();
    expect(watch.view()?.isCompared).toBe(true);
  });
});
