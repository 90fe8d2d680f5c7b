import type { InvocationIdentity, RuntimeEvent } from '@oncefold/local-runtime';

/** What one function, a stage of the pipeline, has done so far. */
export interface StageProgress {
  /** Logical id of the function in the template. */
  readonly functionId: string;
  /** Invocations that succeeded with every record; one finishes a batch, or one half of a batch that was cut in two. */
  readonly batches: number;
  /** Records that were processed and are not delivered again, as far as that is known. */
  readonly records: number;
  /** Invocations that failed, whole or in part, whatever the reason. */
  readonly failures: number;
  readonly inducedFailures: number;
  /** Failed batches that were delivered again, whole or cut in two. */
  readonly retries: number;
  /** Shards whose last invocation failed: what they deliver next is delivered again. */
  readonly failedShards: readonly string[];
  /** When the first batch was committed, in milliseconds since the epoch. */
  readonly firstCommitAt: number | undefined;
  /** When the last batch was committed so far, in milliseconds since the epoch. */
  readonly lastCommitAt: number | undefined;
  /** The last failure that nobody asked for. */
  readonly lastError: string | undefined;
}

/** What the mapping of an event reads. */
export interface BatchSource {
  readonly isQueue: boolean;
}

/** The error that the induced-failures middleware throws. */
const inducedFailure = 'InducedFailure';

/** Begins the account of one stage. */
export function createStageProgress(functionId: string): StageProgress {
  return {
    functionId,
    batches: 0,
    records: 0,
    failures: 0,
    inducedFailures: 0,
    retries: 0,
    failedShards: [],
    firstCommitAt: undefined,
    lastCommitAt: undefined,
    lastError: undefined,
  };
}

/** Takes one event of the running application into the account of a stage. */
export function advanceStage(
  stage: StageProgress,
  event: RuntimeEvent,
  source: BatchSource = { isQueue: false },
): StageProgress {
  if (!('functionId' in event) || event.functionId !== stage.functionId) {
    return stage;
  }
  switch (event.type) {
    case 'invocation-started':
      return stage.failedShards.includes(shardOf(event))
        ? { ...stage, retries: stage.retries + 1, failedShards: without(stage.failedShards, event) }
        : stage;
    case 'invocation-succeeded': {
      const processed = countProcessed(event, source);
      const isWhole = event.itemFailures === 0;
      return {
        ...(isWhole ? { ...stage, batches: stage.batches + 1 } : withFailure(stage, event)),
        records: stage.records + processed,
        // The last invocation of a window has no records: it commits nothing.
        firstCommitAt: stage.firstCommitAt ?? (processed > 0 ? event.at : undefined),
        lastCommitAt: processed > 0 ? event.at : stage.lastCommitAt,
      };
    }
    case 'invocation-failed': {
      const failed = withFailure(stage, event);
      return event.errorType === inducedFailure
        ? { ...failed, inducedFailures: stage.inducedFailures + 1 }
        : { ...failed, lastError: `${event.errorType}: ${event.errorMessage}` };
    }
    default:
      return stage;
  }
}

/**
 * Counts what is not delivered again. A queue delivers again what was reported. A stream delivers again everything from
 * the first reported record on, and the event does not tell where in the batch that is.
 */
function countProcessed(
  { records, itemFailures }: Extract<RuntimeEvent, { type: 'invocation-succeeded' }>,
  { isQueue }: BatchSource,
): number {
  return itemFailures === 0 || isQueue ? Math.max(0, records - itemFailures) : 0;
}

function withFailure(stage: StageProgress, event: InvocationIdentity): StageProgress {
  const failedShards = [...without(stage.failedShards, event), shardOf(event)];
  return { ...stage, failures: stage.failures + 1, failedShards };
}

function shardOf(event: InvocationIdentity): string {
  return `${event.mappingId} ${event.shardId}`;
}

function without(shards: readonly string[], event: InvocationIdentity): readonly string[] {
  return shards.filter((shard) => shard !== shardOf(event));
}
