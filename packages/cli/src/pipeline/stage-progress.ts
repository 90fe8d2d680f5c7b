import type { InvocationIdentity, RuntimeEvent } from '@oncefold/local-runtime';

/** What one function, a stage of the pipeline, has done so far. */
export interface StageProgress {
  /** Logical id of the function in the template. */
  readonly functionId: string;
  /** Invocations that succeeded; each of them finished a batch, or a part of one. */
  readonly batches: number;
  /** Records in the batches that succeeded, each counted when its batch did. */
  readonly records: number;
  /** Invocations that failed, whatever the reason. */
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
export function advanceStage(stage: StageProgress, event: RuntimeEvent): StageProgress {
  if (!('functionId' in event) || event.functionId !== stage.functionId) {
    return stage;
  }
  switch (event.type) {
    case 'invocation-started':
      return stage.failedShards.includes(shardOf(event))
        ? { ...stage, retries: stage.retries + 1, failedShards: without(stage.failedShards, event) }
        : stage;
    case 'invocation-succeeded':
      return {
        ...stage,
        batches: stage.batches + 1,
        records: stage.records + Math.max(0, event.records - event.itemFailures),
        // The last invocation of a window has no records: it commits nothing.
        firstCommitAt: stage.firstCommitAt ?? (event.records > 0 ? event.at : undefined),
        lastCommitAt: event.records > 0 ? event.at : stage.lastCommitAt,
      };
    case 'invocation-failed': {
      const failedShards = [...without(stage.failedShards, event), shardOf(event)];
      const failed = { ...stage, failures: stage.failures + 1, failedShards };
      return event.errorType === inducedFailure
        ? { ...failed, inducedFailures: stage.inducedFailures + 1 }
        : { ...failed, lastError: `${event.errorType}: ${event.errorMessage}` };
    }
    default:
      return stage;
  }
}

function shardOf(event: InvocationIdentity): string {
  return `${event.mappingId} ${event.shardId}`;
}

function without(shards: readonly string[], event: InvocationIdentity): readonly string[] {
  return shards.filter((shard) => shard !== shardOf(event));
}
