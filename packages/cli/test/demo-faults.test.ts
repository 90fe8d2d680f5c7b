// Goal: the pipeline's sums stay exact under injected faults, each fault is listed, and without a strategy they show.
// Method: whole demonstrations as processes of their own, with few messages.

import type { InjectedFaults } from '@oncefold/local-runtime';
import { describe, expect, it } from 'vitest';
import { runOncefold } from './support/run-oncefold.ts';

interface Outcome {
  readonly verdict: string;
  readonly injectedFaults: InjectedFaults;
}

async function demo(...words: string[]): Promise<{ status: number | null; outcome: Outcome }> {
  const { status, stdout } = await runOncefold([
    ...['demo', '--messages', '300', '--seed', '11', '--faults', 'none', '--json', ...words],
  ]);
  return { status, outcome: JSON.parse(stdout) };
}

// Whole pipelines in processes of their own: the limit is against hanging only.
describe('oncefold demo --fault', () => {
  it('is exact although replies are lost and batches come twice and late', async () => {
    const faults = ['--fault', 'lost-reply=0.3,redeliver=0.5', '--fault', 'late-retry=0.5,seed=3'];
    const { status, outcome } = await demo(...faults, '--parameter-overrides', 'MapBatchSize=20');
    expect({ status, verdict: outcome.verdict }).toEqual({ status: 0, verdict: 'exact' });
    const { counts, faults: list, seed } = outcome.injectedFaults;
    expect(seed).toBe(3);
    expect(Object.keys(counts).sort()).toEqual(['late-retry', 'lost-reply', 'redeliver']);
    expect(list).toHaveLength(Object.values(counts).reduce((sum, count) => sum + count, 0));
    expect(list.map(({ at }) => at)).toEqual(list.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  it('is exact although functions are killed after they wrote, and every other fault happens too', async () => {
    const faults =
      'kill-after-commit=0.2,throttle=0.1,lost-reply=0.1,redeliver=0.2,regroup=0.2,late-retry=0.1,two-pollers';
    const { status, outcome } = await demo('--fault', `${faults},seed=5`);
    expect({ status, verdict: outcome.verdict }).toEqual({ status: 0, verdict: 'exact' });
    expect(Object.keys(outcome.injectedFaults.counts)).toContain('kill-after-commit');
  });

  it('is wrong without a strategy', async () => {
    const { status, outcome } = await demo('--strategy', 'none', '--fault', 'redeliver=1,seed=3');
    expect({ status, verdict: outcome.verdict }).toEqual({ status: 1, verdict: 'wrong' });
  });
});
