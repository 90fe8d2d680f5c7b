import type { MappingCommand } from '@oncefold/event-source-mapping';
import type { MappingEvent } from './mapping-event.ts';
import { createShardPace, type PollingOptions, type ShardPace } from './shard-pace.ts';
import { asError, isTransient, type ShardRead, type StreamSource } from './stream-source.ts';
import type { UntimedInput } from './untimed-input.ts';

export interface MappingReaderOptions {
  readonly mappingId: string;
  readonly source: StreamSource;
  readonly polling: PollingOptions;
  readonly onEvent: (event: MappingEvent) => void;
}

/** Carries out the reading commands of a mapping's machine. */
export interface MappingReader {
  listShards(): Promise<UntimedInput>;
  /**
   * Reads a shard as soon as its pace allows.
   *
   * @returns the machine's next input; `undefined` when the reader was stopped during the read. A read that has not
   * begun when the reader is stopped never resolves.
   */
  read(command: ReadCommand): Promise<UntimedInput | undefined>;
  /** Start of the last read of the shard that found nothing; 0 before the first. */
  emptyAtMs(shardId: string): number;
  stop(): void;
}

type ReadCommand = Extract<MappingCommand, { type: 'read' }>;

/** A stream cannot be read any more; the application cannot go on. */
class StreamFailedError extends Error {
  override readonly name = 'StreamFailedError';
  readonly code = 'stream-failed';

  constructor(failure: string, options: { readonly cause: unknown }) {
    const { name, message } = asError(options.cause);
    super(`${failure}: ${name}: ${message}`, options);
  }
}

/** Reads or listings that fail in a row before the mapping gives up; the machine backs off between them. */
const FAILURES_MAX = 8;

/**
 * Makes a reader that follows the traffic of each shard, so that an idle stream costs little.
 *
 * Its promises reject with a {@link StreamFailedError} when an error is not transient or does not pass.
 */
export function createMappingReader(options: MappingReaderOptions): MappingReader {
  const { mappingId, source, polling, onEvent } = options;
  const paces = new Map<string, ShardPace>();
  const timers = new Set<NodeJS.Timeout>();
  let listFailures = 0;
  let isStopped = false;

  function paceOf(shardId: string): ShardPace {
    const pace = paces.get(shardId) ?? createShardPace(polling);
    paces.set(shardId, pace);
    return pace;
  }

  function waitUntil(atMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      timers.delete(timer);
      resolve();
    }, atMs - Date.now());
    timers.add(timer);
    return promise;
  }

  async function readOnce({ shardId, position, limit }: ReadCommand): Promise<ShardRead> {
    try {
      return await source.read(shardId, position, limit);
    } catch (error) {
      throw new StreamFailedError(`${mappingId} cannot read ${shardId}`, { cause: error });
    }
  }

  function reportRetry(shardId: string, error: Error): void {
    onEvent({ type: 'read-retried', mappingId, shardId, errorType: error.name, errorMessage: error.message });
  }

  return {
    async listShards() {
      try {
        const shards = await source.listShards();
        listFailures = 0;
        return { type: 'shards-listed', shards };
      } catch (thrown) {
        const error = asError(thrown);
        listFailures += 1;
        if (!isTransient(error) || listFailures >= FAILURES_MAX) {
          throw new StreamFailedError(`${mappingId} cannot list the shards of its stream`, { cause: thrown });
        }
        reportRetry('', error);
        return { type: 'shards-list-failed' };
      }
    },
    async read(command) {
      const { shardId, readId } = command;
      const pace = paceOf(shardId);
      if (pace.nextReadAtMs > Date.now()) {
        await waitUntil(pace.nextReadAtMs);
      }
      pace.begin(Date.now());
      const answer = await readOnce(command);
      if (isStopped) {
        return undefined;
      }
      if (answer.code !== 'records') {
        if (pace.fail() >= FAILURES_MAX) {
          throw new StreamFailedError(`${mappingId} cannot read ${shardId}`, { cause: answer.error });
        }
        reportRetry(shardId, answer.error);
        return { type: 'read-failed', shardId, readId, reason: answer.code };
      }
      const { records, isEndOfShard, millisBehindLatest } = answer;
      pace.succeed(records.length, millisBehindLatest ?? 0);
      return { type: 'records-read', shardId, readId, records, isEndOfShard, millisBehindLatest };
    },
    emptyAtMs: (shardId) => paces.get(shardId)?.emptyAtMs ?? 0,
    stop() {
      isStopped = true;
      for (const timer of timers) {
        clearTimeout(timer);
      }
    },
  };
}
