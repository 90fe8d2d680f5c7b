import type { FunctionDefinition, FunctionEnvironment, SimulatedHandler } from '../application.ts';
import type { FaultKind } from '../faults/fault-kinds.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { EventBody } from '../history/history.ts';
import type { Draw } from '../random/draw.ts';
import type { Scheduler, Timer } from '../scheduler/scheduler.ts';
import { createSandbox, type SandboxControl } from './sandbox.ts';

/** Longest time from a handler's end until the poller knows of it, in milliseconds. */
const ANSWER_MS_MAX = 5;

/** How often a new sandbox is started although another one is idle. */
const SPREADS = [0, 0.2, 0.5] as const;

/** An event on its way to a function. */
export interface InvocationRequest {
  readonly payload: string;
  /** The poller that brings it, or the process that has no mapping. */
  readonly poller: string;
  readonly shard: string;
  readonly records: readonly string[];
  readonly attempt: number;
  readonly isRedelivery: boolean;
}

/** How an invocation ended. */
export type InvocationResult =
  | { readonly code: 'succeeded'; readonly responseText: string }
  /** Type and message, as Lambda tells them to whoever has invoked the function. */
  | { readonly code: 'failed'; readonly errorType: string; readonly errorMessage: string }
  | { readonly code: 'throttled' };

/** What Lambda works with. */
export interface LambdaOptions {
  readonly scheduler: Scheduler;
  readonly faults: FaultPlan;
  readonly draw: Draw;
  readonly record: (event: EventBody) => void;
  readonly onFault: (kind: FaultKind, target: string) => void;
  readonly createEnvironment: (sandbox: SandboxControl) => FunctionEnvironment;
}

/** One function with its sandboxes. */
export interface SimulatedFunction {
  invoke(request: InvocationRequest, done: (result: InvocationResult) => void): void;
}

interface Warm {
  readonly sandbox: SandboxControl;
  readonly handler: SimulatedHandler;
}

interface Invocation extends Warm {
  readonly number: number;
  readonly timer: Timer;
  /** When its time is over, in milliseconds since the epoch. */
  readonly deadline: number;
  readonly done: (result: InvocationResult) => void;
}

/** Numbers of one history's invocations, over all functions. */
export interface Counter {
  next(): number;
}

/** Makes a function without sandboxes. */
export function createFunction(
  definition: FunctionDefinition,
  options: LambdaOptions,
  invocations: Counter,
): SimulatedFunction {
  return new LambdaFunction(definition, options, invocations);
}

class LambdaFunction implements SimulatedFunction {
  readonly #definition: FunctionDefinition;
  readonly #options: LambdaOptions;
  readonly #invocations: Counter;
  readonly #running = new Map<SandboxControl, Invocation>();
  /** Lambda now and then starts a sandbox although another one is idle: which one a batch meets is not to be relied on. */
  readonly #spread: number;
  #idle: Warm[] = [];
  #sandboxes = 0;
  #version = 0;

  constructor(definition: FunctionDefinition, options: LambdaOptions, invocations: Counter) {
    this.#definition = definition;
    this.#options = options;
    this.#invocations = invocations;
    this.#spread = options.draw.fork('spread').pick(SPREADS);
  }

  invoke(request: InvocationRequest, done: (result: InvocationResult) => void): void {
    const { scheduler } = this.#options;
    const { name, concurrencyMax } = this.#definition;
    if (this.#strikes('deployment', name)) {
      this.#deploy();
    }
    if (this.#strikes('invocation-throttled', name) || this.#running.size >= concurrencyMax) {
      scheduler.after(ANSWER_MS_MAX, () => done({ code: 'throttled' }));
      return;
    }
    const invocation = this.#begin(request, done);
    const { sandbox } = invocation;
    if (this.#strikes('crash-at-start', sandbox.id)) {
      sandbox.crash();
      return;
    }
    sandbox.resume();
    sandbox.deliver(() => this.#run(invocation, request.payload));
  }

  #begin(request: InvocationRequest, done: (result: InvocationResult) => void): Invocation {
    const { scheduler, draw, record } = this.#options;
    const { name, timeoutMs } = this.#definition;
    const number = this.#invocations.next();
    const before = this.#sandboxes;
    const warm = this.#take(draw.fork('sandbox', number));
    const { sandbox } = warm;
    const deadline = scheduler.now() + timeoutMs;
    const timer = scheduler.after(timeoutMs, () => this.#timeOut(sandbox));
    const invocation: Invocation = { ...warm, number, timer, deadline, done };
    this.#running.set(sandbox, invocation);
    const { payload: _, ...told } = request;
    record({
      type: 'invocation-started',
      invocation: number,
      function: name,
      sandbox: sandbox.id,
      isCold: this.#sandboxes > before,
      ...told,
    });
    return invocation;
  }

  #run(invocation: Invocation, payload: string): void {
    const { scheduler } = this.#options;
    const { sandbox, handler, number, deadline } = invocation;
    scheduler.resume();
    const context = {
      awsRequestId: `request-${number}`,
      functionName: this.#definition.name,
      getRemainingTimeInMillis: () => Math.max(0, deadline - scheduler.now()),
    };
    callHandler(handler, JSON.parse(payload), context).then((result) =>
      sandbox.deliver(() => this.#finish(invocation, result)),
    );
  }

  #finish(invocation: Invocation, result: InvocationResult): void {
    const { sandbox, handler } = invocation;
    if (this.#running.get(sandbox) !== invocation) {
      return;
    }
    if (this.#strikes('crash-before-answer', sandbox.id)) {
      sandbox.crash();
      return;
    }
    this.#end(invocation, result, result.code === 'succeeded' ? 'succeeded' : 'failed');
    sandbox.freeze();
    if (this.#strikes('sandbox-recycled', sandbox.id) || sandbox.version !== this.#version) {
      sandbox.kill();
    } else {
      this.#idle.push({ sandbox, handler });
    }
  }

  #timeOut(sandbox: SandboxControl): void {
    const invocation = this.#running.get(sandbox);
    sandbox.kill();
    if (invocation !== undefined) {
      this.#end(invocation, { code: 'failed', errorType: 'Sandbox.Timedout', errorMessage: '' }, 'timed-out');
    }
  }

  #end(invocation: Invocation, result: InvocationResult, how: EndKind): void {
    const { scheduler, draw, record } = this.#options;
    const { number, sandbox, timer, done } = invocation;
    timer.cancel();
    this.#running.delete(sandbox);
    const error = result.code === 'failed' ? errorText(result) : '';
    record({ type: 'invocation-ended', invocation: number, sandbox: sandbox.id, result: how, error });
    scheduler.after(draw.fork('answer', number).fraction() * ANSWER_MS_MAX, () => done(result));
  }

  /** A warm sandbox, most often the one that ran last; or a new one. */
  #take(draw: Draw): Warm {
    const sandboxes = this.#idle.length + this.#running.size;
    if (sandboxes < this.#definition.concurrencyMax && draw.chance(this.#spread)) {
      return this.#start();
    }
    const last = this.#idle.length - 1;
    const index = draw.chance(0.4) ? last : draw.integer(0, Math.max(0, last));
    const [warm] = this.#idle.splice(Math.max(0, index), 1);
    return warm ?? this.#start();
  }

  #start(): Warm {
    const { scheduler, createEnvironment } = this.#options;
    const { name, timeoutMs, create } = this.#definition;
    this.#sandboxes += 1;
    const sandbox = createSandbox({
      id: `${name}-${this.#sandboxes}`,
      version: this.#version,
      scheduler,
      timeoutMs,
      onCrash: () => {
        const invocation = this.#running.get(sandbox);
        if (invocation !== undefined) {
          this.#end(
            invocation,
            { code: 'failed', errorType: 'Runtime.ExitError', errorMessage: '' },
            'crashed',
          );
        }
      },
    });
    return { sandbox, handler: create(createEnvironment(sandbox)) };
  }

  /** What runs may end; nothing else is started in the sandboxes of the former version. */
  #deploy(): void {
    this.#version += 1;
    for (const { sandbox } of this.#idle) {
      sandbox.kill();
    }
    this.#idle = [];
    const { name, describeVersion } = this.#definition;
    const text = describeVersion?.(this.#version) ?? 'the same code and settings again';
    this.#options.record({ type: 'deployed', function: name, version: this.#version, text });
  }

  #strikes(kind: FaultKind, target: string): boolean {
    const isStruck = this.#options.faults.strikes(kind) !== undefined;
    if (isStruck) {
      this.#options.onFault(kind, target);
    }
    return isStruck;
  }
}

type EndKind = Extract<EventBody, { readonly type: 'invocation-ended' }>['result'];

async function callHandler(
  handler: SimulatedHandler,
  event: unknown,
  context: Parameters<SimulatedHandler>[1],
): Promise<InvocationResult> {
  try {
    return { code: 'succeeded', responseText: JSON.stringify(await handler(event as never, context)) ?? '' };
  } catch (error) {
    return error instanceof Error
      ? { code: 'failed', errorType: error.name, errorMessage: error.message }
      : { code: 'failed', errorType: String(error), errorMessage: '' };
  }
}

function errorText({
  errorType,
  errorMessage,
}: Extract<InvocationResult, { readonly code: 'failed' }>): string {
  return errorMessage === '' ? errorType : `${errorType}: ${errorMessage}`;
}
