import type { MappingCommand } from '@oncefold/event-source-mapping';
import type { MappingEvent } from './mapping-event.ts';
import { type PollingOptions, ShardPace } from './shard-pace.ts';
import { asError, FAILURES_MAX, isTransient, type ShardRead, type StreamSource } from './stream-source.ts';
import { timerDelay } from './timer-delay.ts';
import type { UntimedInput } from './untimed-input.ts';

export interface MappingReaderOptions {
  readonly mappingId: string;
  readonly source: StreamSource;
  readonly polling: PollingOptions;
  readonly onEvent: (event: MappingEvent) => void;
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

/**
 * Carries out the reading commands of a mapping's machine, at a pace that follows the traffic of each shard, so that an
 * idle stream costs little.
 *
 * Its promises reject with a {@link StreamFailedError} when an error is not transient or does not pass.
 */
export class MappingReader {
  readonly #options: MappingReaderOptions;
  readonly #paces = new Map<string, ShardPace>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #listFailures = 0;
  #listings = 0;
  #listedAtMs = 0;
  #isStopped = false;

  constructor(options: MappingReaderOptions) {
    this.#options = options;
  }

  async listShards(): Promise<UntimedInput[]> {
    const { mappingId, source } = this.#options;
    const beganAtMs = Date.now();
    this.#listings += 1;
    try {
      const shards = await source.listShards();
      this.#listFailures = 0;
      this.#listedAtMs = beganAtMs;
      return [{ type: 'shards-listed', shards }];
    } catch (thrown) {
      const error = asError(thrown);
      this.#listFailures += 1;
      if (!isTransient(error) || this.#listFailures >= FAILURES_MAX) {
        throw new StreamFailedError(`${mappingId} cannot list the shards of its stream`, { cause: thrown });
      }
      this.#reportRetry('', error);
      return [{ type: 'shards-list-failed' }];
    } finally {
      this.#listings -= 1;
    }
  }

  /**
   * Reads a shard as soon as its pace allows.
   *
   * @returns the machine's next input; nothing when the reader was stopped during the read. A read that has not
   * begun when the reader is stopped never resolves.
   */
  async read(command: ReadCommand): Promise<UntimedInput[]> {
    const { shardId, readId } = command;
    const pace = this.#paces.get(shardId) ?? new ShardPace(this.#options.polling);
    this.#paces.set(shardId, pace);
    if (pace.nextReadAtMs > Date.now()) {
      await this.#waitUntil(pace.nextReadAtMs);
    }
    pace.begin(Date.now());
    const answer = await this.#readOnce(command);
    if (this.#isStopped) {
      return [];
    }
    if (answer.code !== 'records') {
      if (pace.fail() >= FAILURES_MAX) {
        throw this.#failedRead(shardId, answer.error);
      }
      this.#reportRetry(shardId, answer.error);
      return [{ type: 'read-failed', shardId, readId, reason: answer.code }];
    }
    const { records, isEndOfShard, millisBehindLatest } = answer;
    pace.succeed(records.length, millisBehindLatest ?? 0);
    return [{ type: 'records-read', shardId, readId, records, isEndOfShard, millisBehindLatest }];
  }

  /** Start of the last listing of the shards that was answered; 0 before the first. */
  get listedAtMs(): number {
    return this.#listedAtMs;
  }

  /** Whether shards may be listed out of turn: no listing is on its way, and none has failed that the machine will repeat after a pause. */
  get mayList(): boolean {
    return this.#listings === 0 && this.#listFailures === 0 && !this.#isStopped;
  }

  /** Start of the last read of the shard that found nothing; 0 before the first. */
  emptyAtMs(shardId: string): number {
    return this.#paces.get(shardId)?.emptyAtMs ?? 0;
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) {
      clearTimeout(timer);
    }
  }

  #waitUntil(atMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, timerDelay(atMs));
      this.#timers.add(timer);
    });
  }

  async #readOnce({ shardId, position, limit }: ReadCommand): Promise<ShardRead> {
    try {
      return await this.#options.source.read(shardId, position, limit);
    } catch (error) {
      throw this.#failedRead(shardId, error);
    }
  }

  #failedRead(shardId: string, cause: unknown): StreamFailedError {
    return new StreamFailedError(`${this.#options.mappingId} cannot read ${shardId}`, { cause });
  }

  #reportRetry(shardId: string, { name: errorType, message: errorMessage }: Error): void {
    const { mappingId, onEvent } = this.#options;
    onEvent({ type: 'read-retried', mappingId, shardId, errorType, errorMessage });
  }
}
