import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultProxy, InvocationResult, ProxiedRequest, SeededDraw } from '@oncefold/local-runtime';
import type { FaultHappened } from '../report/comparison-report.ts';
import type { Poller } from '../stage/poller.ts';
import type { ArithmeticVersion, StageInput } from '../stage-input/stage-input.ts';
import { streamEvent } from '../stage-input/stream-record.ts';
import { CellFailureError } from './cell-failure-error.ts';
import type { InterceptorPlan } from './interceptor-plan.ts';

/** A run of records of the stage's stream: those from `from` up to, but without, `to`. */
export interface Slice {
  readonly from: number;
  readonly to: number;
}

/** Everything that a scenario of a fault works with. */
export interface CellRun {
  readonly plan: InterceptorPlan;
  readonly proxy: FaultProxy;
  readonly draw: SeededDraw;
  /** The records of a batch, as the stream is cut when nothing goes wrong. */
  batch(index: number): Slice;
  /** Invokes the function once; a failure that was not planned fails the cell. */
  deliver(slice: Slice, poller: number): Promise<InvocationResult>;
  /**
   * Delivers again and again, as a mapping does, until the function succeeds.
   *
   * @param poller - who delivers; absent, whoever has the turn, attempt by attempt
   */
  deliverUntilThrough(slice: Slice, poller?: number): Promise<void>;
  /** Gives the next poller the turn: Lambda hands a batch to any process that is free, whatever that one has seen before. */
  turn(): number;
  /** How many of a batch's transactions go through before the one that a fault meets; drawn from the seed. */
  commitsBefore(batch: number): number;
  poller(index: number): Poller;
  /** Kills the process that sent a request, as planned. */
  kill(request: ProxiedRequest): void;
  /** Puts another version of the arithmetic in place of the first. */
  deployChange(): Promise<void>;
  happened(kind: FaultHappened['kind'], batch: number, times?: number): void;
}

/** What a cell has come to. */
export interface CellTally {
  readonly invocations: number;
  readonly retries: number;
  readonly faultsHappened: readonly FaultHappened[];
  /** By batch: from the first delivery to the first success, in milliseconds. */
  readonly settleMs: readonly number[];
  /** By record: the versions of the arithmetic under which it was delivered. */
  readonly versions: readonly ReadonlySet<ArithmeticVersion>[];
}

/** Attempts and time for one batch; a lock of a dead invocation stands for the function's timeout. */
const ATTEMPTS_MAX = 60;
const THROUGH_TIMEOUT_MS = 40_000;
const BACKOFF_BASE_MS = 25;
const BACKOFF_MAX_MS = 400;

/**
 * Makes the run of a cell, before its first delivery.
 *
 * @param options.window - whether the mapping has a tumbling window
 * @param options.mayFail - whether the function may fail by itself; in the control it may not
 * @param options.signal - ends the cell
 */
export function createCellRun(options: {
  readonly work: StageInput;
  readonly table: string;
  readonly batches: readonly Slice[];
  readonly window: boolean;
  readonly mayFail: boolean;
  /** How many of the pollers take turns, from the first on. */
  readonly turns: number;
  readonly pollers: readonly Poller[];
  /** Changes what {@link CellRun.deployChange} changes in the function's environment. */
  readonly onVersion: (version: ArithmeticVersion) => void;
  readonly plan: InterceptorPlan;
  readonly proxy: FaultProxy;
  readonly draw: SeededDraw;
  readonly signal: AbortSignal;
}): CellRun & { tally(): CellTally } {
  const { work, batches, pollers, signal } = options;
  let version: ArithmeticVersion = 1;
  let turns = 0;
  let invocations = 0;
  let retries = 0;
  const faultsHappened: FaultHappened[] = [];
  const killed = new Set<number>();
  const versions = work.records.map(() => new Set<ArithmeticVersion>());
  const firstDelivery = new Map<number, number>();
  const settled = new Map<number, number>();

  function poller(index: number): Poller {
    const found = pollers[index];
    if (found === undefined) {
      throw new Error(`invariant: there is no poller ${index}`);
    }
    return found;
  }

  function turn(): number {
    const index = turns % options.turns;
    turns += 1;
    return index;
  }

  async function deliver(slice: Slice, index: number): Promise<InvocationResult> {
    signal.throwIfAborted();
    const records = work.records.slice(slice.from, slice.to);
    for (const delivered of versions.slice(slice.from, slice.to)) {
      delivered.add(version);
    }
    const event = streamEvent(
      records.map((record) => record.event(version)),
      options,
    );
    await poller(index).warm();
    const startedAt = performance.now();
    const touched = batches.flatMap((batch, at) =>
      batch.from < slice.to && batch.to > slice.from ? [at] : [],
    );
    for (const batch of touched) {
      firstDelivery.set(batch, firstDelivery.get(batch) ?? startedAt);
    }
    invocations += 1;
    const result = await poller(index).invoke(event);
    signal.throwIfAborted();
    if (result.code === 'failed') {
      assertPlanned(result, index);
      return result;
    }
    for (const batch of touched) {
      settled.set(batch, settled.get(batch) ?? performance.now());
    }
    return result;
  }

  function assertPlanned(result: InvocationResult & { readonly code: 'failed' }, index: number): void {
    const wasKilled = result.cause === 'exit' && killed.delete(index);
    if (wasKilled || (result.cause === 'handler' && options.mayFail)) {
      return;
    }
    throw new CellFailureError('disturbed', `an invocation: ${describe(result)}`);
  }

  return {
    plan: options.plan,
    proxy: options.proxy,
    draw: options.draw,
    batch: (index) => {
      const slice = batches[index];
      if (slice === undefined) {
        throw new Error(`invariant: there is no batch ${index}`);
      }
      return slice;
    },
    deliver,
    turn,
    commitsBefore: (batch) => (work.transactions === 'one' ? 0 : options.draw(`commit:${batch}`, 2)),
    deliverUntilThrough: async (slice, index) => {
      const deadline = performance.now() + THROUGH_TIMEOUT_MS;
      let last = 'it was never tried';
      for (let attempt = 0; attempt < ATTEMPTS_MAX && performance.now() < deadline; attempt += 1) {
        if (attempt > 0) {
          retries += 1;
          await sleep(Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** (attempt - 1)), undefined, { signal });
        }
        const result = await deliver(slice, index ?? turn());
        if (result.code === 'succeeded') {
          return;
        }
        last = describe(result);
      }
      throw new CellFailureError('not-through', last);
    },
    poller,
    kill: ({ client }) => {
      const index = pollers.findIndex(({ name }) => name === client);
      killed.add(index);
      poller(index).kill();
    },
    deployChange: async () => {
      version = 2;
      options.onVersion(version);
      await Promise.all(pollers.map((each) => each.redeploy()));
    },
    happened: (kind, batch, times = 1) => void faultsHappened.push({ kind, batch, times }),
    tally: () => ({
      invocations,
      retries,
      faultsHappened,
      versions,
      settleMs: batches.map((_, at) => (settled.get(at) ?? 0) - (firstDelivery.get(at) ?? 0)),
    }),
  };
}

function describe(result: InvocationResult & { readonly code: 'failed' }): string {
  return `${result.cause}, ${result.errorType}: ${result.errorMessage}`;
}
