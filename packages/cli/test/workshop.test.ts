import { describe, expect, it } from 'vitest';
import { runOncefold } from './support/run-oncefold.ts';

interface WorkshopJson {
  readonly verdict: string;
  readonly score: number;
  readonly inducedFailures: number;
  readonly rounds: readonly {
    readonly verdict: string;
    readonly points: number;
    readonly withFailures: boolean;
    readonly findings: readonly {
      readonly key: string;
      readonly cause: string;
      readonly difference: string;
    }[];
  }[];
}

// Whole pipelines in processes of their own: the limit is against hanging only.
describe('oncefold workshop', () => {
  it('scores every round although batches fail from the second half on', async () => {
    const words = ['workshop', '--rounds', '2', '--messages', '600', '--seed', '3', '--interval', '90'];
    const { status, stdout, stderr } = await runOncefold([...words, '--json']);
    const result: WorkshopJson = JSON.parse(stdout);
    expect(result, stderr).toMatchObject({ verdict: 'perfect', score: 200 });
    expect(result.rounds).toMatchObject([
      { verdict: 'perfect', points: 100, withFailures: false, findings: [] },
      { verdict: 'perfect', points: 100, withFailures: true, findings: [] },
    ]);
    expect(result.inducedFailures).toBeGreaterThan(0);
    expect(stderr).toContain('Round 2 of 2: perfect: 19 rows exact');
    expect(status).toBe(0);
  });

  it('says which rows were counted twice when nothing guards the commit', async () => {
    const words = ['workshop', '--rounds', '1', '--messages', '600', '--seed', '3', '--strategy', 'none'];
    // The functions keep nothing in the window, so nobody waits for its end.
    const window = ['--parameter-overrides', 'MapTumblingWindowSeconds=900', '--interval', '900'];
    const { status, stdout } = await runOncefold([...words, ...window]);
    expect(stdout).toMatch(
      /\n {2}message_count: grew by \d+ instead of \d+; \d+ too much: counted more than once\n/,
    );
    expect(stdout).toMatch(/\nFAILED: 0 of 1 round perfect, score 0;/);
    expect(status).toBe(1);
  });

  it('tells what is late from what is lost when the time of a round is too short', async () => {
    const words = ['workshop', '--rounds', '2', '--messages', '4000', '--seed', '3', '--interval', '1'];
    const { status, stdout, stderr } = await runOncefold([...words, '--json']);
    const result: WorkshopJson = JSON.parse(stdout);
    // A machine that is fast enough is in time; no machine loses anything, or counts what is late for the next round.
    for (const { verdict, points, findings } of result.rounds) {
      expect(['late', 'perfect'], stderr).toContain(verdict);
      expect(points).toBe(verdict === 'perfect' ? 100 : 0);
      expect(findings.filter(({ cause }) => cause !== 'late')).toEqual([]);
    }
    expect(status).toBe(result.rounds.every(({ verdict }) => verdict === 'perfect') ? 0 : 1);
  });
});
