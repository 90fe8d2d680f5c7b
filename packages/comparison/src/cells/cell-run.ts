import { setTimeout as sleep } from 'node:timers/promises';
import type { InvocationResult, ProxiedRequest, SeededDraw } from '@oncefold/local-runtime';
import type { FaultHappened } from '../report/comparison-report.ts';
import { CellFailureError } from '../stage/cell-failure-error.ts';
import type { Poller } from '../stage/poller.ts';
import type { StageSandbox } from '../stage/stage-sandbox.ts';
import type { ArithmeticVersion, Slice, StageInput } from '../stage-input/stage-input.ts';
import { streamEvent } from '../stage-input/stream-record.ts';
import type { InterceptorPlan } from './interceptor-plan.ts';

type FailedInvocation = InvocationResult & { readonly code: 'failed' };

/** Limits for one batch: under Powertools, the lock of a killed invocation lasts as long as the function's timeout. */
const ATTEMPTS_MAX = 60;
const BATCH_TIMEOUT_MS = 40_000;
const BACKOFF_BASE_MS = 25;
const BACKOFF_MAX_MS = 400;

export interface CellRunOptions {
  readonly input: StageInput;
  readonly batches: readonly Slice[];
  readonly sandbox: StageSandbox;
  readonly plan: InterceptorPlan;
  readonly draw: SeededDraw;
  readonly pollerCount: number;
  /** How many of the pollers take turns, from the first on. */
  readonly alternatingPollers: number;
  /** Whether the function's handler may fail; in the control it may not. */
  readonly mayFail: boolean;
  readonly signal: AbortSignal;
}

/** What has happened in a cell. */
export interface CellTally {
  readonly invocations: number;
  readonly retries: number;
  readonly processes: number;
  readonly faultsHappened: readonly FaultHappened[];
  /** By batch: from its first delivery to its first success. */
  readonly latenciesMs: readonly number[];
  /** By record: the versions of the arithmetic under which it was delivered. */
  readonly versions: readonly ReadonlySet<ArithmeticVersion>[];
}

/** Delivers the batches of one cell as a mapping does, and records what happens; fault scenarios are written against it. */
export class CellRun {
  readonly plan: InterceptorPlan;
  readonly draw: SeededDraw;
  readonly sandbox: StageSandbox;
  readonly #options: CellRunOptions;
  readonly #pollers: readonly Poller[];
  /** Pollers whose process was killed on purpose and whose invocation has not failed yet. */
  readonly #killed = new Set<number>();
  readonly #faultsHappened: FaultHappened[] = [];
  readonly #versions: readonly Set<ArithmeticVersion>[];
  readonly #firstDelivery = new Map<number, number>();
  readonly #firstSuccess = new Map<number, number>();
  #version: ArithmeticVersion = 1;
  #turns = 0;
  #invocations = 0;
  #retries = 0;

  constructor(options: CellRunOptions) {
    const { input, sandbox, pollerCount } = options;
    this.#options = options;
    this.plan = options.plan;
    this.draw = options.draw;
    this.sandbox = sandbox;
    this.#versions = input.records.map(() => new Set());
    this.#pollers = Array.from({ length: pollerCount }, (_, at) =>
      sandbox.createPoller(`poller-${at}`, () => input.environment(this.#version)),
    );
  }

  batch(index: number): Slice {
    return found(this.#options.batches, index);
  }

  async warm(poller: number): Promise<void> {
    await found(this.#pollers, poller).warm();
  }

  async warmAll(): Promise<void> {
    await Promise.all(this.#pollers.map((poller) => poller.warm()));
  }

  /** Invokes the function once. */
  async deliver(slice: Slice, poller: number): Promise<InvocationResult> {
    const { input, batches, sandbox, signal } = this.#options;
    signal.throwIfAborted();
    for (const versions of this.#versions.slice(slice.from, slice.to)) {
      versions.add(this.#version);
    }
    const records = input.records.slice(slice.from, slice.to).map((record) => record.event(this.#version));
    const event = streamEvent(records, sandbox.resources);
    const delivered = batches.flatMap((batch, at) =>
      batch.from < slice.to && batch.to > slice.from ? [at] : [],
    );
    await this.warm(poller);
    setOnce(this.#firstDelivery, delivered);
    this.#invocations += 1;
    const result = await found(this.#pollers, poller).invoke(event);
    signal.throwIfAborted();
    if (result.code === 'failed') {
      this.#assertPlanned(result, poller);
      return result;
    }
    setOnce(this.#firstSuccess, delivered);
    return result;
  }

  /** Delivers repeatedly, as a mapping does, until the function succeeds. */
  async deliverUntilSuccess(slice: Slice, poller?: number): Promise<void> {
    const { signal } = this.#options;
    const deadline = performance.now() + BATCH_TIMEOUT_MS;
    let last = 'no attempt was made';
    for (let attempt = 0; attempt < ATTEMPTS_MAX && performance.now() < deadline; attempt += 1) {
      if (attempt > 0) {
        this.#retries += 1;
        await sleep(Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** (attempt - 1)), undefined, { signal });
      }
      const result = await this.deliver(slice, poller ?? this.nextPoller());
      if (result.code === 'succeeded') {
        return;
      }
      last = describe(result);
    }
    throw new CellFailureError('not-through', last);
  }

  /** Takes turns: Lambda hands a batch to any process that is free, whatever that process has seen before. */
  nextPoller(): number {
    const index = this.#turns % this.#options.alternatingPollers;
    this.#turns += 1;
    return index;
  }

  /** How many transactions of a batch succeed before the one that a fault meets; drawn from the seed. */
  commitsBeforeFault(batch: number): number {
    return this.#options.input.transactions === 'one' ? 0 : this.draw(`commit:${batch}`, 2);
  }

  /** Kills the process that sent a request. */
  kill({ client }: ProxiedRequest): void {
    const index = this.#pollers.findIndex(({ name }) => name === client);
    this.#killed.add(index);
    found(this.#pollers, index).kill();
  }

  async deployChangedArithmetic(): Promise<void> {
    this.#version = 2;
    await Promise.all(this.#pollers.map((poller) => poller.redeploy()));
  }

  recordFault(kind: FaultHappened['kind'], batch: number, times = 1): void {
    this.#faultsHappened.push({ kind, batch, times });
  }

  tally(): CellTally {
    return {
      invocations: this.#invocations,
      retries: this.#retries,
      processes: this.#pollers.reduce((sum, { processes }) => sum + processes, 0),
      faultsHappened: this.#faultsHappened,
      latenciesMs: this.#options.batches.map(
        (_, at) => (this.#firstSuccess.get(at) ?? 0) - (this.#firstDelivery.get(at) ?? 0),
      ),
      versions: this.#versions,
    };
  }

  #assertPlanned(result: FailedInvocation, poller: number): void {
    const wasKilled = result.cause === 'exit' && this.#killed.delete(poller);
    if (!wasKilled && !(result.cause === 'handler' && this.#options.mayFail)) {
      throw new CellFailureError('disturbed', `an invocation: ${describe(result)}`);
    }
  }
}

function setOnce(times: Map<number, number>, batches: readonly number[]): void {
  const now = performance.now();
  for (const batch of batches) {
    times.set(batch, times.get(batch) ?? now);
  }
}

function found<Value>(values: readonly Value[], index: number): Value {
  const value = values[index];
  if (value === undefined) {
    throw new Error(`invariant: ${index} is not one of ${values.length}`);
  }
  return value;
}

function describe(result: FailedInvocation): string {
  return `${result.cause}, ${result.errorType}: ${result.errorMessage}`;
}
