// Runs in a worker thread: takes slices of seeds, and answers each with what its histories have come to.
import { parentPort } from 'node:worker_threads';
import { createTurn, runHistory, runSeeds, type Simulation } from '@oncefold/simulator';
import { loadSimulation } from '../simulations/simulation-source.ts';
import { tallyOf } from './tally.ts';
import type { Slice, WorkerAnswer } from './worker-messages.ts';

const turn = createTurn();
const loaded = new Map<string, Promise<Simulation>>();

/** A simulation is loaded once per worker, whatever number of slices it gets. */
function load({ source }: Slice): Promise<Simulation> {
  const name = JSON.stringify(source);
  const simulation = loaded.get(name) ?? loadSimulation(source);
  loaded.set(name, simulation);
  return simulation;
}

async function answer(slice: Slice): Promise<WorkerAnswer> {
  const { from, count, faults } = slice;
  let simulation: Simulation | undefined;
  try {
    simulation = await load(slice);
    return { code: 'done', tally: tallyOf(await runSeeds(simulation, { from, count, faults, turn })) };
  } catch (error) {
    const found = simulation && (await findFailure(simulation, slice));
    return { code: 'failed', seed: found?.seed, reason: describe(found?.error ?? error) };
  }
}

/** Several histories were under way at once: alone, each says whether it was its own. */
async function findFailure(
  simulation: Simulation,
  { from, count, faults }: Slice,
): Promise<{ readonly seed: number; readonly error: unknown } | undefined> {
  for (let seed = from; seed < from + count; seed += 1) {
    try {
      await runHistory(simulation, { seed, faults }, { turn });
    } catch (error) {
      return { seed, error };
    }
  }
  return undefined;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function post(message: WorkerAnswer): void {
  parentPort?.postMessage(message);
}

// One after the other: the next slice is already here when one is done, so that the worker never waits.
let last = Promise.resolve();
parentPort?.on('message', (slice: Slice) => {
  last = last.then(async () => post(await answer(slice)));
});
post({ code: 'ready' });
