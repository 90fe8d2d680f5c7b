import { randomInt } from 'node:crypto';
import type { DispatchedProcess } from '../functions/function-pool.ts';
import type { InvocationResult } from '../functions/types.ts';
import type { Delivery, DeliveryEnd, DeliveryFaults } from '../streams/delivery-faults.ts';
import { countItemFailures } from '../streams/invocation-outcome.ts';
import type { FaultDecision, FaultPlan, ProxiedRequest } from './fault-plan.ts';
import type { FaultKind, FaultSettings } from './fault-settings.ts';
import type { InjectedFault, InjectedFaults } from './injected-fault.ts';
import { isCommittedWrite } from './is-write.ts';
import { throttlingException } from './rejections.ts';
import { createSeededDraw } from './seeded-draw.ts';
import { createTokenWindow, TOKEN_WINDOW_MS, type TokenWindow } from './token-window.ts';

/** Injects faults into a running application, and keeps note of each. */
export interface FaultInjector extends DeliveryFaults {
  readonly seed: number;
  readonly hasTwoPollers: boolean;
  /** Mappings have to remember their batches, so that they can come again late. */
  readonly hasLateRetries: boolean;
  /** What befalls the requests of functions; its clients are the keys of their processes. */
  readonly plan: FaultPlan;
  /** Ages tokens; a late retry comes after they have expired. */
  readonly tokens: TokenWindow;
  /** Tells which process has which invocation. */
  dispatched(process: DispatchedProcess, requestId: string): void;
  injected(): InjectedFaults;
}

/** A delivery as long as the function has it. */
interface Running {
  readonly delivery: Delivery;
  /** Names it among all deliveries to its function: the same in every run with the same seed. */
  readonly label: string;
  /** Its process is to die after a write. */
  isDoomed: boolean;
  isKilled: boolean;
  requests: number;
  writes: number;
  crash: (() => void) | undefined;
}

const FAULTS_KEPT_MAX = 10_000;
/** Chances are drawn in millionths. */
const DRAW_LIMIT = 1_000_000;
/** A late retry comes after so long, milliseconds; tokens are aged by the ten minutes that it stands for. */
const LATE_RETRY_MS = { least: 1_000, spread: 4_000 };
/** Each write of a doomed invocation may be its last: so that not only first writes are. */
const LAST_WRITE_CHANCE = 0.5;

/**
 * Makes an injector of faults.
 *
 * Each decision is drawn from the seed, the kind of fault and the number of the delivery to its function, so that one
 * seed gives one pattern, whatever the speed of the machine. Faults strike only while a function has a batch.
 *
 * @param settings - which faults, and how often
 * @param options.onFault - told of each as it strikes
 * @param options.now - milliseconds since the epoch
 */
export function createFaultInjector(
  settings: FaultSettings,
  options: { readonly onFault?: (fault: InjectedFault) => void; readonly now?: () => number } = {},
): FaultInjector {
  const { rates } = settings;
  const seed = settings.seed ?? randomInt(2 ** 31);
  const now = options.now ?? Date.now;
  const draw = createSeededDraw(seed, 'fault-injection');
  const tokens = createTokenWindow({ now: () => performance.now() });
  const byRequest = new Map<string, Running>();
  const byProcess = new Map<string, Running>();
  const deliveries = new Map<string, number>();
  /** Late retries that are planned, by what tells their batch. */
  const expectedLate = new Set<string>();
  const faults: InjectedFault[] = [];
  const counts = new Map<FaultKind, number>();

  function strikes(kind: FaultKind, label: string): boolean {
    const rate = rates.get(kind);
    return rate !== undefined && draw(`${kind} ${label}`, DRAW_LIMIT) < rate * DRAW_LIMIT;
  }

  function note(kind: FaultKind, { functionId, mappingId, command }: Delivery, operation?: string): void {
    const { shardId, startSequenceNumber, endSequenceNumber, recordCount, retryAttempt } = command;
    const fault: InjectedFault = {
      kind,
      at: now(),
      functionId,
      mappingId,
      batch: {
        shardId,
        firstSequenceNumber: startSequenceNumber,
        lastSequenceNumber: endSequenceNumber,
        records: recordCount,
        attempt: retryAttempt + 1,
      },
      ...(operation === undefined ? {} : { operation }),
    };
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (faults.length < FAULTS_KEPT_MAX) {
      faults.push(fault);
    }
    options.onFault?.(fault);
  }

  function begin(delivery: Delivery): (result: InvocationResult) => DeliveryEnd {
    const { functionId, mappingId, command, requestId } = delivery;
    const number = (deliveries.get(mappingId) ?? 0) + 1;
    deliveries.set(mappingId, number);
    const label = `${mappingId} ${number}`;
    const running: Running = {
      delivery,
      label,
      isDoomed: strikes('kill-after-commit', label),
      isKilled: false,
      requests: 0,
      writes: 0,
      crash: undefined,
    };
    byRequest.set(requestId, running);
    if (command.isRedelivery && expectedLate.delete(batchKey(delivery))) {
      tokens.advance(TOKEN_WINDOW_MS);
      note('late-retry', delivery);
    }
    if (mappingId.endsWith(SECOND_POLLER)) {
      note('two-pollers', delivery);
    }
    return (result) => {
      byRequest.delete(requestId);
      for (const [key, each] of byProcess) {
        if (each === running) {
          byProcess.delete(key);
        }
      }
      return end(running, result, functionId);
    };
  }

  function end(running: Running, given: InvocationResult, functionId: string): DeliveryEnd {
    const { delivery, label } = running;
    const isLate = running.isDoomed && !running.isKilled && given.code === 'succeeded';
    if (isLate) {
      // It wrote nothing that passed by here: its effect, if any, is done now, and nobody hears of it.
      running.crash?.();
      note('kill-after-commit', delivery);
    }
    const result: InvocationResult = isLate ? killed(functionId, given.durationMs) : given;
    const untouched = { result, isRedelivered: false, isRegrouped: false, lateRetryAfterMs: undefined };
    const wasRefused = result.code === 'failed' && result.cause === 'refused';
    if (delivery.command.isRedelivery || wasRefused) {
      return untouched;
    }
    if (strikes('regroup', label)) {
      note('regroup', delivery);
      return { ...untouched, isRegrouped: true };
    }
    if (result.code === 'failed' || countItemFailures(result.payload) > 0) {
      return untouched;
    }
    if (strikes('redeliver', label)) {
      note('redeliver', delivery);
      return { ...untouched, isRedelivered: true };
    }
    if (!strikes('late-retry', label)) {
      return untouched;
    }
    expectedLate.add(batchKey(delivery));
    return {
      ...untouched,
      lateRetryAfterMs: LATE_RETRY_MS.least + draw(`delay ${label}`, LATE_RETRY_MS.spread),
    };
  }

  function beforeEngine(request: ProxiedRequest): FaultDecision {
    const running = byProcess.get(request.client);
    if (running === undefined) {
      return 'pass';
    }
    running.requests += 1;
    if (!strikes('throttle', `${running.label} ${running.requests}`)) {
      return 'pass';
    }
    note('throttle', running.delivery, request.operation);
    return throttlingException();
  }

  const plan: FaultPlan = {
    beforeEngine,
    afterEngine(request, reply) {
      const running = byProcess.get(request.client);
      if (running === undefined || running.isKilled || !isCommittedWrite(request, reply)) {
        return 'pass';
      }
      running.writes += 1;
      const label = `${running.label} ${running.writes}`;
      if (running.isDoomed && draw(`last-write ${label}`, DRAW_LIMIT) < LAST_WRITE_CHANCE * DRAW_LIMIT) {
        running.isKilled = true;
        running.crash?.();
        note('kill-after-commit', running.delivery, request.operation);
        return 'drop';
      }
      if (!strikes('lost-reply', label)) {
        return 'pass';
      }
      note('lost-reply', running.delivery, request.operation);
      return 'drop';
    },
  };

  return {
    seed,
    hasTwoPollers: rates.has('two-pollers'),
    hasLateRetries: rates.has('late-retry'),
    plan,
    tokens,
    begin,
    dispatched({ processKey, crash }, requestId) {
      const running = byRequest.get(requestId);
      if (running === undefined) {
        return;
      }
      running.crash = crash;
      byProcess.set(processKey, running);
    },
    injected: () => ({ seed, faults: [...faults], counts: Object.fromEntries(counts) }),
  };
}

/** Ends the name of a mapping's second poller. */
export const SECOND_POLLER = '-2';

function batchKey({ mappingId, command }: Delivery): string {
  return `${mappingId} ${command.shardId} ${command.startSequenceNumber} ${command.endSequenceNumber}`;
}

function killed(functionId: string, durationMs: number): InvocationResult {
  return {
    code: 'failed',
    cause: 'exit',
    errorType: 'Runtime.ExitError',
    errorMessage: `Error: Runtime exited: signal: SIGKILL (injected after ${functionId} had answered)`,
    stackTrace: [],
    durationMs,
  };
}
