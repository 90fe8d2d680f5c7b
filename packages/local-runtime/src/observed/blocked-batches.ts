import type { RuntimeEvent } from '../application/runtime-event.ts';
import type { ShardBlockedError } from './idle-errors.ts';

type InvocationEnd = Extract<RuntimeEvent, { type: 'invocation-succeeded' | 'invocation-failed' }>;
type FailedBatch = Pick<ShardBlockedError, 'functionId' | 'shardId' | 'attempts' | 'lastError'> & {
  readonly mappingId: string;
};

/** Of batches that fail, so many are watched: they are as many as there are shards, times the parallelization factor. */
const BATCHES_MAX = 1_000;
const INJECTED_MAX = 10_000;

/**
 * Counts the attempts that failed in a row, batch by batch.
 *
 * A batch is known by its first record. An attempt into which a fault was injected says nothing about the function. A
 * partial batch response that does not report the first record is progress.
 */
export class BlockedBatches {
  readonly #failed = new Map<string, FailedBatch>();
  /** Attempts into which a fault was injected. */
  readonly #injected = new Set<string>();

  noteFault({ mappingId, batch }: Extract<RuntimeEvent, { type: 'fault-injected' }>): void {
    if (this.#injected.size < INJECTED_MAX) {
      this.#injected.add(attemptOf({ mappingId, shardId: batch.shardId, attempt: batch.attempt }));
    }
  }

  noteEnd(
    event: InvocationEnd,
    { payload, response }: { readonly payload: string; readonly response: string },
  ): void {
    const { functionId, mappingId, shardId } = event;
    const hadFault = this.#injected.delete(attemptOf(event));
    const isDone = event.type === 'invocation-succeeded' && event.itemFailures === 0;
    if (isDone && this.#failed.size === 0) {
      return;
    }
    const first = firstRecordIn(payload);
    const key = `${mappingId} ${shardId} ${first.id}`;
    if (isDone || (event.type === 'invocation-succeeded' && !response.includes(first.sequenceNumber))) {
      this.#failed.delete(key);
      return;
    }
    if (this.#failed.size >= BATCHES_MAX && !this.#failed.has(key)) {
      return;
    }
    const attempts = (this.#failed.get(key)?.attempts ?? 0) + (hadFault ? 0 : 1);
    const lastError =
      event.type === 'invocation-failed'
        ? { errorType: event.errorType, errorMessage: event.errorMessage }
        : {
            errorType: 'ReportBatchItemFailures',
            errorMessage: `it reports the record ${first.id} as failed`,
          };
    this.#failed.set(key, { functionId, mappingId, shardId, attempts, lastError });
  }

  /** Batches of a mapping that were given up are blocked no longer. */
  noteDiscarded({ mappingId, shardId }: { readonly mappingId: string; readonly shardId: string }): void {
    for (const [key, batch] of this.#failed) {
      if (batch.mappingId === mappingId && batch.shardId === shardId) {
        this.#failed.delete(key);
      }
    }
  }

  /** What the old code of a function did says nothing about the new. */
  noteReloaded({ functionId }: { readonly functionId: string }): void {
    for (const [key, batch] of this.#failed) {
      if (batch.functionId === functionId) {
        this.#failed.delete(key);
      }
    }
  }

  failed(): readonly FailedBatch[] {
    return [...this.#failed.values()];
  }
}

function attemptOf(attempt: {
  readonly mappingId: string;
  readonly shardId: string;
  readonly attempt: number;
}): string {
  return `${attempt.mappingId} ${attempt.shardId} ${attempt.attempt}`;
}

interface RawRecord {
  readonly eventID?: string;
  /** Of a message. */
  readonly messageId?: string;
  readonly kinesis?: { readonly sequenceNumber?: string };
  readonly dynamodb?: { readonly SequenceNumber?: string };
}

function firstRecordIn(payload: string): { readonly id: string; readonly sequenceNumber: string } {
  const { Records: [first] = [] } = JSON.parse(payload) as { readonly Records?: readonly RawRecord[] };
  const id = first?.eventID ?? first?.messageId ?? '';
  return { id, sequenceNumber: first?.kinesis?.sequenceNumber ?? first?.dynamodb?.SequenceNumber ?? id };
}
