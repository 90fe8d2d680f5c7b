// Runs in a worker thread: takes slices, and answers each with what its histories have come to.
import { parentPort } from 'node:worker_threads';
import {
  createTurn,
  exhaustWorlds,
  type HistoryResult,
  runSeeds,
  type Simulation,
} from '@oncefold/simulator';
import { commitStageOf } from '../simulations/commit-stage-of.ts';
import { loadSimulation } from '../simulations/simulation-source.ts';
import { tallyOf } from './tally.ts';
import type { SeedSlice, Slice, WorkerAnswer, WorldSlice } from './worker-messages.ts';

// Refusals are errors, and simulated code meets them by the thousand; nobody reads where they were made.
Error.stackTraceLimit = 0;

const turn = createTurn();
const loaded = new Map<string, Promise<Simulation>>();

/** A simulation is loaded once per worker, whatever number of slices it gets. */
function load({ source }: SeedSlice): Promise<Simulation> {
  const name = JSON.stringify(source);
  const simulation = loaded.get(name) ?? loadSimulation(source);
  loaded.set(name, simulation);
  return simulation;
}

async function answer(slice: Slice): Promise<WorkerAnswer> {
  return slice.kind === 'seeds' ? answerSeeds(slice) : answerWorlds(slice);
}

async function answerSeeds(slice: SeedSlice): Promise<WorkerAnswer> {
  const { from, count, faults } = slice;
  let seed: number | undefined;
  try {
    const simulation = await load(slice);
    seed = from;
    const onHistory = ({ scenario }: HistoryResult): undefined => {
      seed = scenario.seed + 1;
    };
    const summary = await runSeeds(simulation, { from, count, faults, turn, onHistory });
    return { code: 'done', result: tallyOf(summary) };
  } catch (error) {
    // Histories are made one after the other: the one after the last that has ended.
    return { code: 'failed', seed, reason: describe(error) };
  }
}

async function answerWorlds({ strategy, part }: WorldSlice): Promise<WorkerAnswer> {
  try {
    return { code: 'done', result: await exhaustWorlds({ turn, ...(await commitStageOf(strategy)), part }) };
  } catch (error) {
    return { code: 'failed', seed: undefined, reason: describe(error) };
  }
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
