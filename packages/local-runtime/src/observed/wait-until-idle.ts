import { setTimeout as sleep } from 'node:timers/promises';
import { type Application, isStreamMapping } from '@oncefold/sam-template';
import type { RunningApplication } from '../application/running-application.ts';
import { SECOND_POLLER_SUFFIX } from '../streams/delivery-faults.ts';
import type { ApplicationRecord } from './application-record.ts';
import { ApplicationFailedError, NotIdleError, ShardBlockedError, StoppedError } from './idle-errors.ts';

export interface IdleOptions {
  /** Longest wait, in milliseconds; 20,000 by default. */
  readonly timeoutMs?: number | undefined;
  /** So many failed attempts at one batch that would be retried for ever end the wait; 5 by default. */
  readonly attemptsMax?: number | undefined;
  /** Whether a tumbling window that is open counts as work; true by default. */
  readonly windows?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is waited for. */
export interface Awaited {
  readonly application: Pick<Application, 'functions' | 'mappings'>;
  readonly running: Pick<RunningApplication, 'isIdle' | 'isAtRest' | 'isStopped' | 'failure' | 'backlog'>;
  readonly failed: Promise<Error>;
  readonly record: Pick<ApplicationRecord, 'failedBatches'>;
}

const CHECK_MS = 25;
const TIMEOUT_MS = 20_000;
const ATTEMPTS_MAX = 5;

/**
 * Waits until everything that was written before the call has gone through all functions.
 *
 * @throws {@link ShardBlockedError} when a function fails at a batch that is retried for ever
 * @throws {@link ApplicationFailedError} when an engine or the application has ended
 * @throws {@link StoppedError} when it is stopped
 * @throws {@link NotIdleError} at the time limit, with what is not idle
 */
export async function waitUntilIdle(awaited: Awaited, options: IdleOptions = {}): Promise<void> {
  const { running } = awaited;
  const { timeoutMs = TIMEOUT_MS, attemptsMax = ATTEMPTS_MAX, windows = true, signal } = options;
  const sinceMs = Date.now();
  const deadline = performance.now() + timeoutMs;
  let engineFailure: Error | undefined;
  void awaited.failed.then((error) => {
    engineFailure = error;
  });
  for (;;) {
    // Lets a failure that is known already be seen before anything else is said.
    await sleep(0, undefined, { signal });
    const failure = running.failure ?? engineFailure;
    if (failure !== undefined) {
      throw new ApplicationFailedError(failure);
    }
    if (running.isStopped) {
      throw new StoppedError();
    }
    if (windows ? running.isIdle(sinceMs) : running.isAtRest(sinceMs)) {
      noteOver(awaited);
      return;
    }
    throwIfBlocked(awaited, attemptsMax);
    if (performance.now() >= deadline) {
      throw new NotIdleError(timeoutMs, describeOpen(awaited));
    }
    await sleep(CHECK_MS, undefined, { signal });
  }
}

/** Failed batches that were over when the application was idle: nobody says when a message becomes a dead letter. */
const over = new WeakSet<object>();

function noteOver({ record }: Awaited): void {
  for (const batch of record.failedBatches()) {
    over.add(batch);
  }
}

function throwIfBlocked({ application, record }: Awaited, attemptsMax: number): void {
  const blocking = record
    .failedBatches()
    .find(({ attempts, mappingId }) => attempts >= attemptsMax && isRetriedForEver(application, mappingId));
  if (blocking !== undefined) {
    throw new ShardBlockedError(blocking);
  }
}

function isRetriedForEver({ mappings }: Awaited['application'], mappingId: string): boolean {
  const mapping = mappings.find(
    ({ logicalId }) => logicalId === mappingId || `${logicalId}${SECOND_POLLER_SUFFIX}` === mappingId,
  );
  return mapping !== undefined && isStreamMapping(mapping) && mapping.settings.maximumRetryAttempts === -1;
}

function describeOpen({ application, running, record }: Awaited): readonly string[] {
  const failed = record.failedBatches().filter((batch) => !over.has(batch));
  const open = application.functions.flatMap(({ logicalId }) => {
    const { records, isReadToEnd } = running.backlog(logicalId);
    const errors = failed
      // Messages that wait for their visibility timeout are nothing that the function has read.
      .filter(({ functionId, attempts }) => functionId === logicalId && attempts > 0)
      .map(
        ({ shardId, attempts, lastError: { errorType, errorMessage } }) =>
          `a batch of ${shardId} has failed ${attempts === 1 ? 'once' : `${attempts} times`}, last with ${errorType}: ${errorMessage}`,
      );
    const state = [
      ...(records > 0 ? [`${records} ${records === 1 ? 'record' : 'records'} read and not done with`] : []),
      ...(isReadToEnd ? [] : ['its stream is not read to its end']),
      ...errors,
    ];
    return state.length === 0 ? [] : [`${logicalId}: ${state.join(', ')}`];
  });
  return open.length > 0
    ? open
    : [
        'a tumbling window is open, a stream was written to until the end, or a message of a queue is delayed or waits for its visibility timeout',
      ];
}
