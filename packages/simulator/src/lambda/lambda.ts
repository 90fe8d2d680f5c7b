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
const SPREADS = [0, 0.1, 0.5] as const;

/** A batch on its way to a function. */
export interface InvocationRequest {
  readonly payload: string;
  readonly poller: string;
  readonly shard: string;
  readonly records: readonly string[];
  readonly attempt: number;
  readonly isRedelivery: boolean;
}

/** How an invocation ended. */
export type InvocationResult =
  | { readonly code: 'succeeded'; readonly responseText: string }
  | { readonly code: 'failed'; readonly error: string }
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
  const { scheduler, faults, draw, record, onFault, createEnvironment } = options;
  const running = new Map<SandboxControl, Invocation>();
  let idle: Warm[] = [];
  let sandboxes = 0;
  let version = 0;

  const end = (invocation: Invocation, result: InvocationResult, how: EndKind): void => {
    invocation.timer.cancel();
    running.delete(invocation.sandbox);
    const error = result.code === 'failed' ? result.error : '';
    record({
      type: 'invocation-ended',
      invocation: invocation.number,
      sandbox: invocation.sandbox.id,
      result: how,
      error,
    });
    scheduler.after(draw.fork('answer', invocation.number).fraction() * ANSWER_MS_MAX, () =>
      invocation.done(result),
    );
  };

  const start = (): Warm => {
    sandboxes += 1;
    const sandbox = createSandbox({
      id: `${definition.name}-${sandboxes}`,
      version,
      scheduler,
      timeoutMs: definition.timeoutMs,
      onCrash: () => {
        const invocation = running.get(sandbox);
        if (invocation !== undefined) {
          end(invocation, { code: 'failed', error: 'Runtime.ExitError' }, 'crashed');
        }
      },
    });
    return { sandbox, handler: definition.create(createEnvironment(sandbox)) };
  };

  const finish = (invocation: Invocation, result: InvocationResult): void => {
    const { sandbox, handler } = invocation;
    if (running.get(sandbox) !== invocation) {
      return;
    }
    if (faults.strikes('crash-before-answer') !== undefined) {
      onFault('crash-before-answer', sandbox.id);
      sandbox.crash();
      return;
    }
    end(invocation, result, result.code === 'succeeded' ? 'succeeded' : 'failed');
    sandbox.freeze();
    if (faults.strikes('sandbox-recycled') !== undefined) {
      onFault('sandbox-recycled', sandbox.id);
      sandbox.kill();
    } else if (sandbox.version === version) {
      idle.push({ sandbox, handler });
    } else {
      sandbox.kill();
    }
  };

  const deploy = (): void => {
    version += 1;
    for (const { sandbox } of idle) {
      sandbox.kill();
    }
    idle = [];
    const text = definition.describeVersion?.(version) ?? 'the same code and settings again';
    record({ type: 'deployed', function: definition.name, version, text });
  };

  // Lambda now and then starts a sandbox although another one is idle: which one a batch meets is not to be relied on.
  const spread = draw.fork('spread').pick(SPREADS);

  /** A warm sandbox, most often the one that ran last; or a new one. */
  const take = (chance: Draw): Warm => {
    if (idle.length + running.size < definition.concurrencyMax && chance.chance(spread)) {
      return start();
    }
    const index = chance.chance(0.7) ? idle.length - 1 : chance.integer(0, Math.max(0, idle.length - 1));
    const [warm] = idle.splice(Math.max(0, index), 1);
    return warm ?? start();
  };

  return {
    invoke: (request, done) => {
      if (faults.strikes('deployment') !== undefined) {
        onFault('deployment', definition.name);
        deploy();
      }
      const isThrottled = faults.strikes('invocation-throttled') !== undefined;
      if (isThrottled) {
        onFault('invocation-throttled', definition.name);
      }
      if (isThrottled || running.size >= definition.concurrencyMax) {
        scheduler.after(ANSWER_MS_MAX, () => done({ code: 'throttled' }));
        return;
      }
      const number = invocations.next();
      const before = sandboxes;
      const warm = take(draw.fork('sandbox', number));
      const { sandbox } = warm;
      const deadline = scheduler.now() + definition.timeoutMs;
      const timer = scheduler.after(definition.timeoutMs, () => {
        const own = running.get(sandbox);
        sandbox.kill();
        if (own !== undefined) {
          end(own, { code: 'failed', error: 'Sandbox.Timedout' }, 'timed-out');
        }
      });
      const invocation: Invocation = { ...warm, number, timer, done };
      running.set(sandbox, invocation);
      const { payload: _, ...told } = request;
      record({
        type: 'invocation-started',
        invocation: number,
        function: definition.name,
        sandbox: sandbox.id,
        isCold: sandboxes > before,
        ...told,
      });
      if (faults.strikes('crash-at-start') !== undefined) {
        onFault('crash-at-start', sandbox.id);
        sandbox.crash();
        return;
      }
      sandbox.resume();
      sandbox.deliver(() => {
        scheduler.resume();
        const context = {
          awsRequestId: `request-${number}`,
          functionName: definition.name,
          getRemainingTimeInMillis: () => Math.max(0, deadline - scheduler.now()),
        };
        run(warm.handler, JSON.parse(request.payload), context).then((result) =>
          sandbox.deliver(() => finish(invocation, result)),
        );
      });
    },
  };
}

type EndKind = Extract<EventBody, { readonly type: 'invocation-ended' }>['result'];

async function run(
  handler: SimulatedHandler,
  event: unknown,
  context: Parameters<SimulatedHandler>[1],
): Promise<InvocationResult> {
  try {
    return { code: 'succeeded', responseText: JSON.stringify(await handler(event, context)) ?? '' };
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { code: 'failed', error: text };
  }
}
