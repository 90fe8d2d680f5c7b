import { randomInt } from 'node:crypto';
import type { FaultPlan } from '../fault-proxy/fault-plan.ts';
import { TokenWindow } from '../fault-proxy/token-window.ts';
import type { DispatchedProcess } from '../functions/function-pool.ts';
import type { DeliveryFaults } from '../streams/delivery-faults.ts';
import { createBatchFaults } from './batch-faults.ts';
import { createFaultDecisions } from './fault-decisions.ts';
import { FaultLog, type FaultLogOptions } from './fault-log.ts';
import type { FaultSettings } from './fault-settings.ts';
import type { InjectedFaults } from './injected-fault.ts';
import { createRequestFaults } from './request-faults.ts';
import { RunningDeliveries } from './running-deliveries.ts';

export interface FaultInjector extends DeliveryFaults {
  readonly seed: number;
  readonly hasTwoPollers: boolean;
  /** Mappings have to remember their batches, so that they can be redelivered late. */
  readonly hasLateRetries: boolean;
  /** Faults of the requests of functions; its clients are the keys of their processes. */
  readonly plan: FaultPlan;
  /** Ages tokens; a late retry comes after they have expired. */
  readonly tokens: TokenWindow;
  dispatched(process: DispatchedProcess, requestId: string): void;
  injected(): InjectedFaults;
}

/**
 * Makes an injector of faults.
 *
 * Each decision is drawn from the seed, the kind of fault and the number of the delivery to its function, so that one
 * seed gives one pattern, whatever the speed of the machine. Faults are injected only while a function has a batch.
 */
export function createFaultInjector(settings: FaultSettings, options: FaultLogOptions = {}): FaultInjector {
  const { rates, seed = randomInt(2 ** 31) } = settings;
  const decisions = createFaultDecisions(rates, seed);
  const log = new FaultLog(seed, options);
  const tokens = new TokenWindow();
  const deliveries = new RunningDeliveries();
  return {
    ...createBatchFaults({ decisions, deliveries, log, tokens }),
    seed,
    hasTwoPollers: rates.has('two-pollers'),
    hasLateRetries: rates.has('late-retry'),
    plan: createRequestFaults(decisions, deliveries, log),
    tokens,
    dispatched: (process, requestId) => deliveries.dispatched(process, requestId),
    injected: () => log.injected(),
  };
}
