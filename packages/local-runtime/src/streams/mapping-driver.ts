import { randomUUID } from 'node:crypto';
import {
  type Checkpoints,
  createMapping,
  type DeliverCommand,
  type InvokeCommand,
  type MappingCommand,
  type MappingInput,
  type MappingSettings,
  type MappingStats,
  type ReadPosition,
} from '@oncefold/event-source-mapping';
import type { Invocation, InvocationResult } from '../functions/types.ts';
import type { PollingOptions } from '../running-application.ts';
import type { InvocationIdentity, RuntimeEvent } from '../runtime-event.ts';
import type { DeliveryFaults } from './delivery-faults.ts';
import { countItemFailures, invocationOutcome } from './invocation-outcome.ts';
import { createShardPace, type ShardPace } from './shard-pace.ts';
import { asError, isPassing, StreamFailedError, type StreamSource } from './stream-source.ts';

/** What it takes to run one event source mapping. */
export interface MappingDriverOptions {
  readonly mappingId: string;
  readonly functionId: string;
  readonly settings: MappingSettings;
  readonly source: StreamSource;
  readonly invoke: (invocation: Invocation) => Promise<InvocationResult>;
  /** Takes a document for the on-failure destination; without it such documents are reported as lost. */
  readonly deliver?: (document: DeliverCommand) => Promise<void>;
  readonly polling: PollingOptions;
  /** Where an earlier poller of the same stream stood; without it the settings say where to begin. */
  readonly checkpoints?: Checkpoints | undefined;
  /** What befalls deliveries on purpose. */
  readonly faults?: DeliveryFaults | undefined;
  readonly random: () => number;
  readonly onEvent: (event: RuntimeEvent) => void;
  /** Called once, when the mapping cannot go on. It has stopped reading by then. */
  readonly onFailed: (error: Error) => void;
}

/** A mapping that reads its stream and invokes its function. */
export interface MappingDriver {
  /**
   * Says whether all that was in the stream has been dealt with.
   *
   * @param sinceMs - only shards that were read to their end after this time count, milliseconds since the epoch
   */
  isIdle(sinceMs: number): boolean;
  stats(): MappingStats;
  /** Last record of each shard that is done with. */
  checkpoints(): Checkpoints;
  /** Stops reading and retrying; resolves when no invocation is in flight any more. */
  stop(): Promise<void>;
}

/** Reads or listings that fail in a row before the mapping gives up; the machine backs off between them. */
const FAILURES_MAX = 8;
const TIMER_MS_MAX = 2_147_483_647;

/**
 * Drives the machine of one event source mapping with real reads, invocations and time.
 *
 * What is read, batched, retried and given up is the machine's business. This is its hands: it reads shards at a
 * pace that follows the traffic, so that an idle stream costs little, and a failure that does not pass ends the
 * mapping with a clear error.
 */
export function startMappingDriver(options: MappingDriverOptions): MappingDriver {
  const { mappingId, functionId, source, polling, onEvent } = options;
  const machine = createMapping(options.settings, {
    random: options.random,
    checkpoints: options.checkpoints,
  });
  const paces = new Map<string, ShardPace>();
  const timers = new Set<NodeJS.Timeout>();
  const stopped = Promise.withResolvers<void>();
  let listFailures = 0;
  let isStopping = false;
  let wake: NodeJS.Timeout | undefined;

  function step(input: InputWithoutTime): void {
    let commands: MappingCommand[];
    try {
      commands = machine.step({ ...input, now: Date.now() } as MappingInput);
    } catch (error) {
      fail(asError(error));
      return;
    }
    for (const command of commands) {
      carryOut(command);
    }
    if (isStopping && machine.isStopped()) {
      stopped.resolve();
    }
  }

  function carryOut(command: MappingCommand): void {
    switch (command.type) {
      case 'list-shards':
        background(listShards());
        return;
      case 'read':
        scheduleRead(command);
        return;
      case 'invoke':
        background(invoke(command));
        return;
      case 'deliver':
        background(deliver(command));
        return;
      case 'discarded':
        emit({
          type: 'records-discarded',
          mappingId,
          shardId: command.shardId,
          records: command.recordCount,
          condition: command.condition,
        });
        return;
      case 'wake-at':
        clearTimeout(wake);
        if (command.at !== undefined) {
          wakeAt(command.at);
        }
        return;
      case 'checkpoint':
      case 'shard-drained':
        return;
    }
  }

  function wakeAt(atMs: number): void {
    wake = setTimeout(
      () => {
        // A timer may end a moment before the clock shows its time, and the machine would go on waiting for that.
        if (Date.now() < atMs) {
          wakeAt(atMs);
        } else {
          step({ type: 'time-passed' });
        }
      },
      Math.min(TIMER_MS_MAX, Math.max(0, atMs - Date.now())),
    );
  }

  async function listShards(): Promise<void> {
    try {
      const shards = await source.listShards();
      listFailures = 0;
      step({ type: 'shards-listed', shards });
    } catch (thrown) {
      const error = asError(thrown);
      listFailures += 1;
      if (!isPassing(error) || listFailures >= FAILURES_MAX) {
        throw new StreamFailedError(mappingId, 'list the shards of its stream', error);
      }
      emitRetry('', error);
      step({ type: 'shards-list-failed' });
    }
  }

  function scheduleRead(command: ReadCommand): void {
    const pace = paceOf(command.shardId);
    const delayMs = pace.nextReadAtMs - Date.now();
    if (delayMs <= 0) {
      background(read(command));
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      background(read(command));
    }, delayMs);
    timers.add(timer);
  }

  async function read({ shardId, readId, position, limit }: ReadCommand): Promise<void> {
    const pace = paceOf(shardId);
    pace.begin(Date.now());
    let answer: Awaited<ReturnType<StreamSource['read']>>;
    try {
      answer = await source.read(shardId, position, limit);
    } catch (error) {
      throw new StreamFailedError(mappingId, `read ${shardId}`, asError(error));
    }
    if (isStopping) {
      return;
    }
    if (answer.code !== 'records') {
      if (pace.fail() >= FAILURES_MAX) {
        throw new StreamFailedError(mappingId, `read ${shardId}`, answer.error);
      }
      emitRetry(shardId, answer.error);
      step({ type: 'read-failed', shardId, readId, reason: answer.code });
      return;
    }
    const { records, isEndOfShard, millisBehindLatest } = answer;
    pace.succeed(records.length, millisBehindLatest ?? 0);
    step({ type: 'records-read', shardId, readId, records, isEndOfShard, millisBehindLatest });
  }

  async function invoke(command: InvokeCommand): Promise<void> {
    const requestId = randomUUID();
    const identity: InvocationIdentity = {
      functionId,
      requestId,
      mappingId,
      shardId: command.shardId,
      records: command.recordCount,
      attempt: command.retryAttempt + 1,
    };
    emit({ type: 'invocation-started', ...identity });
    const endDelivery = options.faults?.begin({ functionId, mappingId, requestId, command });
    const invoked = await options.invoke({ requestId, payload: command.payload });
    const ended = endDelivery?.(invoked);
    const result = ended?.result ?? invoked;
    const { durationMs } = result;
    if (result.code === 'succeeded') {
      const itemFailures = countItemFailures(result.payload);
      emit({ type: 'invocation-succeeded', durationMs, itemFailures, ...identity });
    } else {
      const { errorType, errorMessage } = result;
      emit({ type: 'invocation-failed', durationMs, errorType, errorMessage, ...identity });
    }
    const { invocationId } = command;
    const { isRedelivered, isRegrouped, lateRetryAfterMs } = ended ?? {};
    const outcome = { ...invocationOutcome(result, requestId), isRedelivered, isRegrouped };
    step({ type: 'invocation-ended', invocationId, outcome });
    if (lateRetryAfterMs !== undefined) {
      step({ type: 'redeliver', invocationId, delayMs: lateRetryAfterMs });
    }
  }

  async function deliver(command: DeliverCommand): Promise<void> {
    let isDelivered = false;
    try {
      if (options.deliver !== undefined) {
        await options.deliver(command);
        isDelivered = true;
      }
    } catch (thrown) {
      emitRetry(command.shardId, asError(thrown));
    }
    step({ type: 'delivery-ended', deliveryId: command.deliveryId, isDelivered });
  }

  function paceOf(shardId: string): ShardPace {
    const known = paces.get(shardId);
    if (known !== undefined) {
      return known;
    }
    const pace = createShardPace(polling);
    paces.set(shardId, pace);
    return pace;
  }

  function emitRetry(shardId: string, error: Error): void {
    emit({ type: 'read-retried', mappingId, shardId, errorType: error.name, errorMessage: error.message });
  }

  function emit(event: EventWithoutTime): void {
    onEvent({ ...event, at: Date.now() } as RuntimeEvent);
  }

  /** Nothing that runs beside may fail unseen. */
  function background(work: Promise<void>): void {
    work.catch((error: unknown) => fail(asError(error)));
  }

  function fail(error: Error): void {
    if (isStopping) {
      stopped.resolve();
      return;
    }
    void stop();
    options.onFailed(error);
  }

  function stop(): Promise<void> {
    if (!isStopping) {
      isStopping = true;
      for (const timer of timers) {
        clearTimeout(timer);
      }
      step({ type: 'stop' });
      clearTimeout(wake);
    }
    return stopped.promise;
  }

  step({ type: 'start' });
  return {
    isIdle(sinceMs) {
      if (!machine.isIdle()) {
        return false;
      }
      const reading = machine.stats().shards.filter((shard) => shard.status !== 'drained');
      return reading.length > 0 && reading.every(({ shardId }) => paceOf(shardId).emptyAtMs > sinceMs);
    },
    stats: () => machine.stats(),
    checkpoints: () => machine.checkpoints(),
    stop,
  };
}

type ReadCommand = {
  readonly shardId: string;
  readonly readId: number;
  readonly position: ReadPosition;
  readonly limit: number;
};
/** Each member of a union without one of its fields. */
type Without<Union, Field extends PropertyKey> = Union extends unknown ? Omit<Union, Field> : never;
type InputWithoutTime = Without<MappingInput, 'now'>;
type EventWithoutTime = Without<RuntimeEvent, 'at'>;
