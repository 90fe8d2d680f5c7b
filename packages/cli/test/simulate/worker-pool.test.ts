// Goal: a slice of seeds is run once, and a worker that dies or hangs is told with its slice.
// Method: real threads; some run a fixture that dies in its own way.
import {
  addReports,
  commitStage,
  commitStrategies,
  createTurn,
  type ExhaustReport,
  exhaustWorlds,
  runSeeds,
} from '@oncefold/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { slicesOf } from '../../src/simulate/workers/slices.ts';
import { addTallies, emptyTally, tallyOf } from '../../src/simulate/workers/tally.ts';
import type { SeedSlice, WorldSlice } from '../../src/simulate/workers/worker-messages.ts';
import {
  startWorkerPool,
  type WorkerPool,
  type WorkerPoolOptions,
} from '../../src/simulate/workers/worker-pool.ts';

const all: SeedSlice = {
  kind: 'seeds',
  source: { kind: 'stage', stage: 'commit', strategy: 'none' },
  faults: undefined,
  from: 1_000,
  count: 90,
};

let pool: WorkerPool | undefined;
afterEach(() => pool?.end());

async function start(
  options: Partial<WorkerPoolOptions> & { readonly fixture?: string },
): Promise<WorkerPool> {
  const { fixture, ...rest } = options;
  pool = await startWorkerPool({
    workers: 2,
    signal: new AbortController().signal,
    ...(fixture !== undefined && { entry: new URL(`../fixtures/workers/${fixture}.ts`, import.meta.url) }),
    ...rest,
  });
  return pool;
}

describe('startWorkerPool', () => {
  it('comes to what one thread comes to, whatever the slices', async () => {
    const { run } = await start({});
    let tally = emptyTally;
    await run(slicesOf(all, 2), (part) => {
      tally = addTallies(tally, part);
    });
    const summary = await runSeeds(commitStage(commitStrategies.none), { ...all, turn: createTurn() });
    expect(tally).toEqual(tallyOf(summary));
    expect(tally.histories).toBe(90);
    expect(tally.violating.count).toBeGreaterThan(20);
  });

  it('searches the same worlds as one thread, whatever the parts', async () => {
    const { run } = await start({});
    const slices = [7, 103].map((index): WorldSlice => {
      return { kind: 'worlds', strategy: 'request-token', part: { index, count: 192 } };
    });
    let report: ExhaustReport = { worlds: 0, histories: 0, wrong: 0, runs: 0, examples: [] };
    await run(slices, (part) => {
      report = addReports(report, part);
    });
    const whole = await exhaustWorlds({
      ...commitStrategies['request-token'],
      part: { index: 7, count: 96 },
    });
    expect({ ...report, examples: report.examples.map(({ world }) => world).sort((a, b) => a - b) }).toEqual({
      ...whole,
      examples: whole.examples.map(({ world }) => world),
    });
    expect(report.wrong).toBeGreaterThan(0);
  });

  it('says which seed could not be made, and why', async () => {
    const { run } = await start({});
    const path = new URL('../fixtures/simulations/throwing.ts', import.meta.url).pathname;
    const slices = slicesOf({ ...all, source: { kind: 'module', path } }, 2);
    await expect(run(slices, () => {})).rejects.toThrow(
      /^a history of seed 10\d\d could not be made: this stage has no such shard$/,
    );
  });

  it('says which slice a worker ran when it exited', async () => {
    const { run } = await start({ fixture: 'exits', workers: 1 });
    await expect(run(slicesOf(all, 1), () => {})).rejects.toThrow(
      'a worker was lost while it ran seeds 1016 to 1031 with none: it has exited with code 7',
    );
  });

  it('says which slice a worker ran when it threw', async () => {
    const { run } = await start({ fixture: 'throws', workers: 1 });
    await expect(run(slicesOf(all, 1), () => {})).rejects.toThrow(
      'a worker was lost while it ran seeds 1000 to 1015 with none: out of luck',
    );
  });

  it('does not give a slice to a worker that is dead', async () => {
    const { run } = await start({ fixture: 'throws', workers: 1 });
    await expect(run(slicesOf(all, 1), () => {})).rejects.toThrow('out of luck');
    await expect(run(slicesOf(all, 1), () => {})).rejects.toThrow('a worker was lost');
  });

  it('gives up a worker that does not answer', async () => {
    const { run } = await start({ fixture: 'hangs', workers: 1, answerMsMax: 2_000 });
    await expect(run(slicesOf(all, 1), () => {})).rejects.toThrow(
      'a worker was lost while it ran seeds 1000 to 1015 with none: no answer within 2 s',
    );
  });

  it('says so when a worker does not start', async () => {
    await expect(start({ fixture: 'never-ready' })).rejects.toThrow(
      'a worker could not be started: it has exited with code 3',
    );
  });

  it('returns when it is aborted, whatever its workers do', async () => {
    const controller = new AbortController();
    const { run } = await start({ fixture: 'hangs', signal: controller.signal });
    const ended = run(slicesOf(all, 2), () => {});
    controller.abort(new Error('enough'));
    await expect(ended).resolves.toBeUndefined();
    await expect(start({ signal: controller.signal })).rejects.toThrow('enough');
  });
});
