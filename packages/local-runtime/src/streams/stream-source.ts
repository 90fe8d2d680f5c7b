import type { ReadPosition, ShardDescription, SourceRecord } from '@oncefold/event-source-mapping';

/** What one read of a shard brought. */
export type ShardRead =
  | {
      readonly code: 'records';
      readonly records: readonly SourceRecord[];
      readonly isEndOfShard: boolean;
      /** Kinesis only. */
      readonly millisBehindLatest?: number | undefined;
    }
  /** The position is no longer kept by the stream. */
  | { readonly code: 'trimmed'; readonly error: Error }
  /** A failure that may pass: throttling, an engine that is busy or not reachable. */
  | { readonly code: 'unavailable'; readonly error: Error };

/** A stream that can be read shard by shard. */
export interface StreamSource {
  /**
   * Lists all shards.
   *
   * @throws any error of the service; {@link isPassing} tells those that may pass
   */
  listShards(): Promise<readonly ShardDescription[]>;
  /**
   * Reads a shard once.
   *
   * @param limit - records at most
   * @throws any error of the service that will not pass by itself
   */
  read(shardId: string, position: ReadPosition, limit: number): Promise<ShardRead>;
}

/** A stream cannot be read any more; the application cannot go on. */
export class StreamFailedError extends Error {
  readonly code = 'stream-failed';
  readonly retryable = false;

  constructor(mappingId: string, what: string, cause: Error) {
    super(`${mappingId} cannot ${what}: ${cause.name}: ${cause.message}`, { cause });
    this.name = 'StreamFailedError';
  }
}

const PASSING_NAMES: ReadonlySet<string> = new Set([
  'InternalFailure',
  'InternalServerError',
  'KMSThrottlingException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'ThrottlingException',
  'TimeoutError',
]);

/** Says whether a failed request to a stream may succeed when it is sent again. */
export function isPassing(error: Error): boolean {
  if (PASSING_NAMES.has(error.name)) {
    return true;
  }
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: unknown };
  if (($metadata?.httpStatusCode ?? 0) >= 500) {
    return true;
  }
  return typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN)/.test(code);
}

/** Makes an Error of whatever was thrown. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
