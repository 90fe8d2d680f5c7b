import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runOncefold, startOncefold } from '../support/run-oncefold.ts';

interface RunJson {
  readonly strategy: string;
  readonly promise: string;
  readonly histories: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly met: Readonly<Record<string, number>>;
  readonly violating: { readonly count: number; readonly first: readonly { readonly seed: number }[] };
  readonly finding?: {
    readonly seed: number;
    readonly violations: readonly unknown[];
    readonly records: readonly [number, number];
    readonly faults: readonly [number, number];
    readonly timeline: readonly string[];
    readonly replay: string;
  };
}

interface SummaryJson {
  readonly verdict: string;
  readonly baseSeed: number;
  readonly isInterrupted: boolean;
  readonly runs: readonly RunJson[];
}

interface HistoryJson {
  readonly violations: readonly unknown[];
  readonly records: readonly number[];
  readonly faults: readonly string[];
  readonly history: readonly object[];
}

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/simulations/${name}.ts`, import.meta.url));
}

/** What is typed behind `oncefold` in a command that a person would copy. */
function wordsOf(command: string): readonly string[] {
  const [, words = ''] = command.split('npm run oncefold -- ');
  return words.split(' ');
}

// A process of its own loads the simulator for each thread: the limit is against hanging only.
describe('oncefold simulate', () => {
  it('finds nothing wrong with ledger and checkpoint, whatever fails', async () => {
    const words = ['simulate', '--seeds', '150', '--base-seed', '1', '--json'];
    const { status, stdout, stderr } = await runOncefold(words);
    const result: SummaryJson = JSON.parse(stdout);
    expect(result).toMatchObject({ verdict: 'kept', baseSeed: 1, isInterrupted: false });
    expect(result.runs).toMatchObject([
      { strategy: 'ledger', promise: 'exact', histories: 150, violating: { count: 0, first: [] } },
      { strategy: 'checkpoint', promise: 'exact', histories: 150, violating: { count: 0, first: [] } },
    ]);
    for (const { faults, met } of result.runs) {
      expect(faults['reply-lost']).toBeGreaterThan(0);
      expect(met['invocation-succeeded']).toBeGreaterThan(100);
    }
    expect(stderr).toMatch(/^ledger {8} 150 of 150 histories, [\d,]+ a second, 0 violating$/m);
    expect(status).toBe(0);
  });

  it('prints the seed that it draws, with which everything can be run again', async () => {
    const words = ['simulate', '--seeds', '20', '--strategy', 'none', '--workers', '1', '--json'];
    const drawn: SummaryJson = JSON.parse((await runOncefold(words)).stdout);
    const again = await runOncefold([...words, '--base-seed', String(drawn.baseSeed)]);
    const { runs, ...settings }: SummaryJson = JSON.parse(again.stdout);
    expect(settings).toMatchObject({ baseSeed: drawn.baseSeed });
    const timeless = (run: RunJson | undefined): object => ({
      ...run,
      elapsedMs: undefined,
      historiesPerSecond: undefined,
    });
    expect(timeless(runs[0])).toEqual(timeless(drawn.runs[0]));
    expect(again.stderr).toContain(`base seed ${drawn.baseSeed}`);
  });

  it('makes a violation small, and its command replays exactly that history', async () => {
    const words = ['simulate', '--seeds', '40', '--base-seed', '0', '--strategy', 'none', '--json'];
    const { status, stdout } = await runOncefold(words);
    const { verdict, runs }: SummaryJson = JSON.parse(stdout);
    const [{ finding, violating } = {} as RunJson] = runs;
    expect(violating?.count).toBeGreaterThan(10);
    expect(finding?.seed).toBe(violating?.first[0]?.seed);
    expect(finding?.violations.length).toBeGreaterThan(0);
    expect(finding?.timeline.length).toBeGreaterThan(5);
    // Nothing is promised, so nothing is broken.
    expect({ verdict, status }).toEqual({ verdict: 'kept', status: 0 });

    const replay = wordsOf(finding?.replay ?? '');
    const told: HistoryJson = JSON.parse((await runOncefold([...replay, '--json'])).stdout);
    expect(told.violations).toEqual(finding?.violations);
    expect(told.records).toHaveLength(finding?.records[1] ?? -1);
    expect(told.faults).toHaveLength(finding?.faults[1] ?? -1);
    const shown = await runOncefold(replay);
    expect(shown.stdout).toContain(finding?.timeline.join('\n'));
    expect(shown.status).toBe(0);
  });

  it('says 1 when what promises to be exact is not', async () => {
    const words = ['simulate', '--module', fixture('double-counting'), '--seeds', '30', '--base-seed', '0'];
    const { status, stdout } = await runOncefold(words);
    expect(stdout).toMatch(/\nBROKEN: module promises to be exact, and is not in \d+ of 30 histories: /);
    expect(stdout).toMatch(/\nReplay it:\n {2}npm run oncefold -- simulate --module \S+ --seed \d+\b/);
    expect(stdout).not.toContain('\u001b');
    expect(status).toBe(1);
  });

  it('says so when a history cannot be made again', async () => {
    const words = ['simulate', '--module', fixture('not-the-same'), '--seeds', '30', '--base-seed', '0'];
    const { status, stdout } = await runOncefold(words);
    expect(stdout).toMatch(/^the history of seed \d+ goes wrong in a worker only: /m);
    expect(stdout).toMatch(/^BROKEN: /m);
    expect(status).toBe(1);
  });

  it.each([
    ['ledger', []],
    ['none', ['--strategy', 'none', '--faults', 'redelivered,reply-lost', '--shards', '1']],
  ])('replays a history of %s to the byte', async (_, words) => {
    const replay = ['simulate', '--seed', '7', '--json', ...words];
    const [one, other] = await Promise.all([runOncefold(replay), runOncefold(replay)]);
    expect(one.stdout).toBe(other.stdout);
    const { history, records }: HistoryJson = JSON.parse(one.stdout);
    expect(history.at(-1)).toMatchObject({ type: 'ended', stuck: [] });
    expect(records.length).toBeGreaterThan(0);
  });

  it('writes the page of a history, and says where it is if nothing opens it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'oncefold-page-'));
    const page = join(folder, 'timeline.html');
    const words = ['simulate', '--seed', '7', '--strategy', 'none', '--open', '--output', page];
    // Without a path there is no program that could open it.
    const { stdout, status } = await runOncefold(words, { PATH: '' });
    expect(stdout).toContain(`wrote ${page}; open it in a browser\n`);
    expect(await readFile(page, 'utf8')).toMatch(/^<!doctype html>/i);
    expect(status).toBe(0);
    await rm(folder, { recursive: true });
  });

  it('ends all workers when it is interrupted, and says what was found so far', async () => {
    const simulate = startOncefold(['simulate', '--seeds', '100000000', '--base-seed', '1']);
    await simulate.line((line) => / of 100,000,000 histories, /.test(line));
    simulate.process.kill('SIGINT');
    const { status, stdout, stderr } = await simulate.ended;
    expect(stdout).toMatch(/\nINTERRUPTED: not all histories were run\n$/);
    expect({ status, stderr }).toEqual({ status: 130, stderr: 'oncefold: ended by SIGINT\n' });
  });

  it('replays a history of a small world, in which two deliveries meet', async () => {
    const words = ['simulate', '--strategy', 'none', '--world', '0:0,0,0'];
    const { status, stdout } = await runOncefold(words);
    expect(stdout).toMatch(/^One record in a transaction; both processes are cold; /);
    expect(stdout).toContain('DynamoDB writes request 2: the sums now contain r0 again\n');
    expect(stdout).toMatch(/>>> {2}r0 counts 3 times\n/);
    expect(stdout).toMatch(/\ndoubled: r0 counts more than once\n/);
    expect(stdout).toContain(`  npm run oncefold -- ${words.join(' ')}\n`);
    expect(status).toBe(0);
  });

  it('says how far an exhaustive search has come when it is interrupted', async () => {
    const search = startOncefold(['simulate', '--exhaustive', '--strategy', 'checkpoint']);
    await search.line((line) => / of 1,\d\d\d worlds, /.test(line));
    search.process.kill('SIGINT');
    const { status, stdout, stderr } = await search.ended;
    expect(stdout).toMatch(/\n│ checkpoint │ [^\n]* │ +0 │ [^\n]*\n/);
    expect(stdout).toMatch(/\nINTERRUPTED: not all worlds were searched\n$/);
    expect({ status, stderr }).toEqual({ status: 130, stderr: 'oncefold: ended by SIGINT\n' });
  });

  it.each([
    [
      'a small world that is not there',
      ['--world', '9999:0'],
      /no small world 9999: they go from 0 to 1\d\d\d/,
    ],
    ['choices that are not there', ['--world', '0:99'], /world 0 has no such choice: 99/],
    ['a module that is not there', ['--module', '/nowhere/mine.ts'], /there is no file \/nowhere\/mine.ts/],
    ['a module without a simulation', ['--module', fixture('nothing')], /exports no `simulation`/],
    [
      'a module that throws',
      ['--module', fixture('throwing'), '--base-seed', '0'],
      /seed \d+ could not be made/,
    ],
    [
      'a page that cannot be written',
      ['--seed', '1', '--output', '/nowhere/page.html'],
      /page cannot be written/,
    ],
  ])('says 2 in one line for %s', async (_, words, reason) => {
    const { status, stderr } = await runOncefold(['simulate', ...words]);
    expect(stderr).toMatch(/^oncefold: [^\n]+\n$/);
    expect(stderr).toMatch(reason);
    expect(status).toBe(2);
  });
});
