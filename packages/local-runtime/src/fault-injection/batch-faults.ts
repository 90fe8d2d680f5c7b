import { TOKEN_WINDOW_MS, type TokenWindow } from '../fault-proxy/token-window.ts';
import { countItemFailures, type InvocationResult } from '../functions/invocation.ts';
import {
  type Delivery,
  type DeliveryEnd,
  type DeliveryFaults,
  SECOND_POLLER_SUFFIX,
} from '../streams/delivery-faults.ts';
import type { FaultDecisions } from './fault-decisions.ts';
import type { FaultLog } from './fault-log.ts';
import type { RunningDeliveries, RunningDelivery } from './running-deliveries.ts';

/** A late retry comes after so long, milliseconds; tokens are aged by the ten minutes that it stands for. */
const LATE_RETRY_MS = { least: 1_000, spread: 4_000 };

export function createBatchFaults({
  decisions,
  deliveries,
  log,
  tokens,
}: {
  readonly decisions: FaultDecisions;
  readonly deliveries: RunningDeliveries;
  readonly log: FaultLog;
  readonly tokens: TokenWindow;
}): DeliveryFaults {
  /** Late retries that are planned, by the key of their batch. */
  const expectedLate = new Set<string>();

  function redeliver({ delivery, label }: RunningDelivery, result: InvocationResult): DeliveryEnd {
    const untouched = { result, isRedelivered: false, isRegrouped: false, lateRetryAfterMs: undefined };
    const wasRefused = result.code === 'failed' && result.cause === 'refused';
    if (delivery.command.isRedelivery || wasRefused) {
      return untouched;
    }
    if (decisions.injects('regroup', label)) {
      log.note('regroup', delivery);
      return { ...untouched, isRegrouped: true };
    }
    if (result.code === 'failed' || countItemFailures(result.payload) > 0) {
      return untouched;
    }
    if (decisions.injects('redeliver', label)) {
      log.note('redeliver', delivery);
      return { ...untouched, isRedelivered: true };
    }
    if (!decisions.injects('late-retry', label)) {
      return untouched;
    }
    expectedLate.add(batchKey(delivery));
    const delayMs = LATE_RETRY_MS.least + decisions.draw(`delay ${label}`, LATE_RETRY_MS.spread);
    return { ...untouched, lateRetryAfterMs: delayMs };
  }

  return {
    begin(delivery) {
      const running = deliveries.begin(delivery);
      running.isDoomed = decisions.injects('kill-after-commit', running.label);
      if (delivery.command.isRedelivery && expectedLate.delete(batchKey(delivery))) {
        tokens.advance(TOKEN_WINDOW_MS);
        log.note('late-retry', delivery);
      }
      if (delivery.mappingId.endsWith(SECOND_POLLER_SUFFIX)) {
        log.note('two-pollers', delivery);
      }
      return (result) => {
        deliveries.end(running);
        if (!running.isDoomed || running.isKilled || result.code === 'failed') {
          return redeliver(running, result);
        }
        // It wrote nothing that passed by here: its effect, if any, is done now, and nobody hears of it.
        running.crash?.();
        log.note('kill-after-commit', delivery);
        return redeliver(running, killed(delivery.functionId, result.durationMs));
      };
    },
  };
}

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
