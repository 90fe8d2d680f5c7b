import { descendantsOf, untilGone } from '@oncefold/local-runtime/test-support';
import { describe, expect, it } from 'vitest';
import { runOncefold, startOncefold } from './support/run-oncefold.ts';

interface DemoJson {
  readonly verdict: string;
  readonly settings: { readonly seed: number };
  readonly sums: readonly { readonly key: string; readonly difference: string }[];
  readonly accounting: Readonly<Record<string, number>> & { readonly closes: boolean };
  readonly stages: readonly {
    readonly functionId: string;
    readonly inducedFailures: number;
    readonly retries: number;
    readonly cpuSeconds: number;
  }[];
  readonly time: { readonly exactAfterMs?: number };
}

const labNodes = ['Delta', 'PV'].flatMap((risk) => [
  risk,
  ...['FXOptions', 'FXSpot'].flatMap((desk) => [
    `${risk}:${desk}`,
    ...['AMER', 'APAC', 'EMEA'].map((region) => `${risk}:${desk}:${region}`),
  ]),
]);

// Whole pipelines in processes of their own: the limit is against hanging only.
describe('oncefold demo', () => {
  it('ends with every sum exact and every message accounted for, although batches fail', async () => {
    const { status, stdout, stderr } = await runOncefold([
      'demo',
      '--messages',
      '500',
      '--seed',
      '7',
      '--json',
    ]);
    const result: DemoJson = JSON.parse(stdout);
    expect(result, stderr).toMatchObject({ verdict: 'exact', settings: { seed: 7 } });
    expect(status).toBe(0);
    expect(result.sums.map((sum) => sum.key)).toEqual([...labNodes, 'message_count']);
    expect(result.sums.every((sum) => sum.difference === '0')).toBe(true);
    expect(result.accounting).toMatchObject({ sent: 500, closes: true, quarantined: 1 });
    for (const functionId of ['MapFunction', 'ReduceFunction']) {
      const stage = result.stages.find((candidate) => candidate.functionId === functionId);
      expect(stage?.inducedFailures, functionId).toBeGreaterThan(0);
      expect(stage?.retries, functionId).toBeGreaterThan(0);
      expect(stage?.cpuSeconds, functionId).toBeGreaterThan(0);
    }
    expect(result.time.exactAfterMs).toBeTypeOf('number');
  });

  it('shows wrong sums without a strategy, because the faults are real', async () => {
    const { status, stdout } = await runOncefold(['demo', '--messages', '400', '--strategy', 'none']);
    expect(stdout).toMatch(/│ message_count +│ +\d+ +│ +\d+ +│ +\+\d+ +│ WRONG │/);
    expect(stdout).toMatch(/\nWRONG: \d+ of 19 sums are wrong/);
    expect(stdout).toMatch(/\n400 sent = \d+ applied \+ \d+ duplicate/);
    expect(stdout).not.toContain('\u001b');
    expect(status).toBe(1);
  });

  it('is exact without a strategy when nothing fails', async () => {
    const words = [
      'demo',
      '--messages',
      '80',
      '--strategy',
      'none',
      '--map-strategy',
      'none',
      '--faults',
      'none',
    ];
    const { status, stdout } = await runOncefold(words);
    expect(stdout).toContain('EXACT: all');
    expect(status).toBe(0);
  });

  it.each([
    ['before anything has started', 'starting'],
    ['while messages are sent', 'sent '],
    ['while sums are made', 'reduce '],
  ])('leaves no process behind when it is killed %s', async (_, word) => {
    const demo = startOncefold(['demo', '--messages', '20000']);
    await demo.line((line) => line.includes(word));
    const processes = descendantsOf(demo.process.pid ?? 0);
    expect(processes.length).toBeGreaterThan(0);
    demo.process.kill('SIGKILL');
    await demo.ended;
    await untilGone(processes);
  });

  it('stops what it started when it is interrupted, and says so in its status', async () => {
    const demo = startOncefold(['demo', '--messages', '20000']);
    await demo.line((line) => line.includes('sent '));
    const processes = descendantsOf(demo.process.pid ?? 0);
    demo.process.kill('SIGINT');
    expect(await demo.ended).toMatchObject({ status: 130, stderr: 'oncefold: ended by SIGINT\n' });
    await untilGone(processes);
  });

  it('ends with the process that owns it', async () => {
    const demo = startOncefold(['demo', '--messages', '20000'], {}, { hasOwner: true });
    await demo.line((line) => line.includes('sent '));
    const processes = descendantsOf(demo.process.pid ?? 0);
    demo.releaseOwnership();
    expect(await demo.ended).toMatchObject({ status: 1 });
    await untilGone(processes);
  });

  it.each([
    ['a template that does not exist', ['--template', '/nowhere/template.yaml'], /template/],
    ['a parameter that the template does not have', ['--parameter-overrides', 'Colour=red'], /Colour/],
    ['an engine that does not answer', ['--dynamodb-endpoint', 'http://127.0.0.1:1'], /connection refused/],
  ])('says 2 in one line for %s', async (_, words, reason) => {
    const { status, stderr } = await runOncefold(['demo', '--messages', '40', ...words]);
    expect(stderr).toMatch(/^oncefold: [^\n]+\n$/);
    expect(stderr).toMatch(reason);
    expect(status).toBe(2);
  });
});
