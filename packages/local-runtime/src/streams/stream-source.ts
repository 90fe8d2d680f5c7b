import type { ReadPosition, ShardDescription, SourceRecord } from '@oncefold/event-source-mapping';

/** The outcome of one read of a shard. */
export type ShardRead =
  | {
      readonly code: 'records';
      readonly records: readonly SourceRecord[];
      readonly isEndOfShard: boolean;
      /** Kinesis only. */
      readonly millisBehindLatest?: number | undefined;
    }
  /** The stream no longer keeps records of the position. */
  | { readonly code: 'trimmed'; readonly error: Error }
  /** A transient failure: throttling, an engine that is busy or not reachable. */
  | { readonly code: 'unavailable'; readonly error: Error };

export interface StreamSource {
  listShards(): Promise<readonly ShardDescription[]>;
  /** Reads a shard once. */
  read(shardId: string, position: ReadPosition, recordsMax: number): Promise<ShardRead>;
}

/** Requests that fail in a row before a mapping gives up; it backs off between them. */
export const FAILURES_MAX = 8;

const TRANSIENT_NAMES: ReadonlySet<string> = new Set([
  'InternalFailure',
  'InternalServerError',
  'KMSThrottlingException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'ServiceUnavailable',
  'ThrottlingException',
  'TimeoutError',
]);

/** Says whether a failed request to a stream or a queue may succeed when it is sent again. */
export function isTransient(error: Error): boolean {
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: unknown };
  return (
    TRANSIENT_NAMES.has(error.name) ||
    ($metadata?.httpStatusCode ?? 0) >= 500 ||
    (typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN)/.test(code))
  );
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
