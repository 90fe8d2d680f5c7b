import {
  type Checkpoints,
  createMapping,
  type InvokeCommand,
  type MappingCommand,
  type MappingInput,
  type MappingSettings,
} from '@oncefold/event-source-mapping';
import type { FaultKind } from '../faults/fault-kinds.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { EventBody } from '../history/history.ts';
import type { InvocationResult, SimulatedFunction } from '../lambda/lambda.ts';
import type { Draw } from '../random/draw.ts';
import type { Scheduler, Timer } from '../scheduler/scheduler.ts';
import type { Bucket } from '../store/bucket.ts';
import type { SimulatedStream } from '../streams/simulated-stream.ts';

/** Longest time that a call of the stream's interface takes, in milliseconds. */
const READ_MS_MAX = 20;
/** Latest second delivery of a batch that has succeeded: past the 10 minutes of a token, within the 24 hours of a stream. */
const REDELIVERY_MS_MAX = 20 * 60 * 60 * 1000;

/** How often the oldest checkpoint is the one that is left: what is before it may have been trimmed by then. */
const OLDEST_SHARE = 0.6;

/** The checkpoint that a poller begins again from, of those that were stored. */
export function pickCheckpoint(draw: Draw, stored: readonly string[]): string {
  return stored[0] !== undefined && draw.chance(OLDEST_SHARE) ? stored[0] : draw.pick(stored);
}

type WithoutTime<Input> = Input extends unknown ? Omit<Input, 'now'> : never;

/** What a poller works with. */
export interface PollerOptions {
  readonly id: string;
  readonly stream: SimulatedStream;
  readonly function: SimulatedFunction;
  readonly failedBatches: Bucket;
  readonly settings: MappingSettings;
  readonly checkpoints: Checkpoints;
  readonly scheduler: Scheduler;
  readonly faults: FaultPlan;
  readonly draw: Draw;
  readonly record: (event: EventBody) => void;
  readonly isDetailed: boolean;
  readonly onFault: (kind: FaultKind, target: string) => void;
  /** Told after each invocation, when another poller may take over. */
  readonly onInvocationEnded: () => void;
}

/** A poller of one mapping: it reads all shards of a stream and calls the function. */
export interface Poller {
  readonly id: string;
  /** No further reads or invocations; what runs may end. */
  stop(): void;
  /** Checkpoints of every shard, oldest first, as they were stored. */
  checkpointsSoFar(): ReadonlyMap<string, readonly string[]>;
  /** What is not done, in words; empty where all is done. */
  unfinished(): readonly string[];
  /** What the mapping has met: for coverage. */
  readonly met: ReadonlySet<string>;
}

/** Starts a poller: the machine of the mapping on virtual time. */
export function startPoller(options: PollerOptions): Poller {
  const poller = new MappingPoller(options);
  poller.start();
  return poller;
}

class MappingPoller implements Poller {
  readonly id: string;
  readonly met: Set<string> = new Set();
  readonly #options: PollerOptions;
  readonly #machine: ReturnType<typeof createMapping>;
  readonly #stored = new Map<string, string[]>();
  /** Records of each shard at the last read that found nothing: before there are more, there is nothing to be found. */
  readonly #emptyAt = new Map<string, number>();
  /** The read of each shard that is asked for; an answer to an older one says nothing any more. */
  readonly #reads = new Map<string, number>();
  /** Reads that wait until there is something to be read, by shard: what lets each go on. */
  readonly #held = new Map<string, () => void>();
  #wake: Timer | undefined;
  #isStopped = false;
  #calls = 0;

  constructor(options: PollerOptions) {
    this.#options = options;
    this.id = options.id;
    const random = options.draw.fork('mapping');
    this.#machine = createMapping(options.settings, {
      random: () => random.fraction(),
      checkpoints: options.checkpoints,
    });
    for (const [shard, sequenceNumber] of options.checkpoints) {
      this.#stored.set(shard, [sequenceNumber]);
    }
  }

  start(): void {
    const { stream } = this.#options;
    const text = [...this.#options.checkpoints]
      .map(([shard, last]) => `after ${stream.labelsBetween(shard, last, last).join()} of ${shard}`)
      .join(', ');
    this.#options.record({
      type: 'poller-started',
      poller: this.id,
      text: text === '' ? 'from the beginning' : text,
    });
    this.#step({ type: 'start' });
  }

  stop(): void {
    this.#isStopped = true;
    this.#wake?.cancel();
    this.#options.record({ type: 'poller-stopped', poller: this.id });
    this.#step({ type: 'stop' });
  }

  checkpointsSoFar(): ReadonlyMap<string, readonly string[]> {
    return this.#stored;
  }

  unfinished(): readonly string[] {
    if (this.#isStopped) {
      return [];
    }
    const behind = this.#behind();
    return behind.length === 0 && !this.#machine.isIdle() ? [`${this.id} is not idle`] : behind;
  }

  /** Shards whose last record is not done with, in words. */
  #behind(): readonly string[] {
    const checkpoints = this.#machine.checkpoints();
    return [...this.#options.stream.lastSequenceNumbers()]
      .filter(([shard, last]) => BigInt(checkpoints.get(shard) ?? -1) < BigInt(last))
      .map(
        ([shard, last]) =>
          `${this.id}: ${shard} is done up to ${checkpoints.get(shard) ?? 'nothing'} of ${last}`,
      );
  }

  #step(input: WithoutTime<MappingInput>): void {
    const commands = this.#machine.step({ ...input, now: this.#options.scheduler.now() } as MappingInput);
    for (const command of commands) {
      this.#carryOut(command);
    }
  }

  #carryOut(command: MappingCommand): void {
    this.met.add(command.type);
    switch (command.type) {
      case 'list-shards':
        this.#listShards();
        break;
      case 'read':
        this.#read(command);
        break;
      case 'invoke':
        this.#invoke(command);
        break;
      case 'deliver':
        this.#deliver(command);
        break;
      case 'discarded':
        this.#recordDiscarded(command);
        break;
      case 'checkpoint':
        this.#store(command.shardId, command.sequenceNumber);
        break;
      case 'shard-drained':
        break;
      case 'wake-at':
        this.#wakeAt(command.at);
        break;
    }
  }

  /** A poller that is replaced before it knows of the answer gives the records up again, in another cut. */
  #deliver({ deliveryId, objectKey, body }: Extract<MappingCommand, { type: 'deliver' }>): void {
    const end = (): void => this.#step({ type: 'delivery-ended', deliveryId, isDelivered: true });
    this.#later('deliver', () => {
      if (objectKey === undefined) {
        end();
      } else {
        this.#options.failedBatches.put(objectKey, body);
        this.#later('deliver', end);
      }
    });
  }

  #recordDiscarded(command: Extract<MappingCommand, { type: 'discarded' }>): void {
    const { stream, record } = this.#options;
    const { shardId, condition, startSequenceNumber, endSequenceNumber } = command;
    const records = stream.labelsBetween(shardId, startSequenceNumber, endSequenceNumber);
    record({ type: 'records-discarded', poller: this.id, condition, records });
  }

  /** Nothing that only looks again keeps a history going. */
  #wakeAt(at: number | undefined): void {
    const { scheduler } = this.#options;
    this.#wake?.cancel();
    if (at === undefined || this.#isStopped) {
      return;
    }
    // A shard that is not listed yet may hold records that the machine does not know of.
    const isIdle = this.#machine.isIdle() && this.#behind().length === 0;
    const delayMs = at - scheduler.now();
    const run = (): void => this.#step({ type: 'time-passed' });
    this.#wake = isIdle ? scheduler.afterInBackground(delayMs, run) : scheduler.after(delayMs, run);
  }

  #store(shard: string, sequenceNumber: string): void {
    const stored = this.#stored.get(shard) ?? [];
    stored.push(sequenceNumber);
    this.#stored.set(shard, stored);
    if (this.#options.isDetailed) {
      this.#options.record({ type: 'checkpoint-moved', poller: this.id, shard, sequenceNumber });
    }
  }

  #later(label: string, run: () => void): void {
    this.#calls += 1;
    const delayMs = this.#options.draw.fork(label, this.#calls).fraction() * READ_MS_MAX;
    this.#options.scheduler.after(delayMs, run);
  }

  #strikes(kind: FaultKind, target: string): Draw | undefined {
    const struck = this.#options.faults.strikes(kind);
    if (struck !== undefined) {
      this.#options.onFault(kind, target);
    }
    return struck;
  }

  #listShards(): void {
    this.#later('list', () => {
      if (this.#strikes('read-failed', `${this.id}, list of shards`) !== undefined) {
        this.#step({ type: 'shards-list-failed' });
      } else {
        this.#step({ type: 'shards-listed', shards: this.#options.stream.describe() });
      }
    });
  }

  #read(command: Extract<MappingCommand, { type: 'read' }>): void {
    const { stream } = this.#options;
    const { shardId, readId } = command;
    this.#reads.set(shardId, readId);
    const emptyAt = this.#emptyAt.get(shardId);
    // A window that is open is closed by a read that finds nothing.
    if (emptyAt === undefined || this.#hasOpenWindow(shardId)) {
      this.#later('read', () => this.#answerRead(command));
      return;
    }
    this.#emptyAt.delete(shardId);
    const goOn = (): void => {
      if (this.#held.get(shardId) === goOn) {
        this.#held.delete(shardId);
        this.#later('read', () => this.#answerRead(command));
      }
    };
    this.#held.set(shardId, goOn);
    stream.whenChanged(shardId, emptyAt, goOn);
  }

  #hasOpenWindow(shardId: string): boolean {
    return (
      (this.#options.settings.tumblingWindowInSeconds ?? 0) > 0 &&
      this.#machine.stats().shards.some((shard) => shard.shardId === shardId && shard.hasOpenWindow)
    );
  }

  #answerRead({ shardId, readId, position, limit }: Extract<MappingCommand, { type: 'read' }>): void {
    const { stream } = this.#options;
    if (this.#isStopped || this.#reads.get(shardId) !== readId) {
      return;
    }
    if (this.#strikes('read-failed', `${this.id}, ${shardId}`) !== undefined) {
      this.#step({ type: 'read-failed', shardId, readId, reason: 'unavailable' });
      return;
    }
    const result = stream.read(shardId, position, limit);
    if (result.code === 'trimmed') {
      this.met.add('trimmed');
      this.#step({ type: 'read-failed', shardId, readId, reason: 'trimmed' });
      return;
    }
    if (result.records.length === 0 && !result.isEndOfShard) {
      this.#emptyAt.set(shardId, stream.countOf(shardId));
    }
    this.#step({
      type: 'records-read',
      shardId,
      readId,
      records: result.records,
      isEndOfShard: result.isEndOfShard,
    });
  }

  #invoke(command: InvokeCommand): void {
    const { stream, function: target, settings } = this.#options;
    if (settings.tumblingWindowInSeconds !== undefined) {
      // The batch may open a window, and only a read that finds nothing closes it.
      this.#held.get(command.shardId)?.();
    }
    const { shardId: shard, startSequenceNumber, endSequenceNumber, recordCount } = command;
    target.invoke(
      {
        payload: command.payload,
        poller: this.id,
        shard,
        records: recordCount === 0 ? [] : stream.labelsBetween(shard, startSequenceNumber, endSequenceNumber),
        attempt: command.retryAttempt + 1,
        isRedelivery: command.isRedelivery,
      },
      (result) => this.#endInvocation(command, result),
    );
  }

  #endInvocation(command: InvokeCommand, result: InvocationResult): void {
    const { invocationId, shardId } = command;
    const target = `${this.id}, ${shardId}`;
    if (result.code === 'throttled') {
      this.met.add('invocation-throttled');
      this.#step({ type: 'invocation-ended', invocationId, outcome: { code: 'throttled' } });
      return;
    }
    const isRegrouped = this.#strikes('regrouped', target) !== undefined;
    if (result.code === 'failed') {
      this.met.add('invocation-failed');
      this.#step({ type: 'invocation-ended', invocationId, outcome: { code: 'failed', isRegrouped } });
    } else {
      this.met.add('invocation-succeeded');
      const isRedelivered = !isRegrouped && this.#strikes('redelivered', target) !== undefined;
      const { responseText } = result;
      this.#step({
        type: 'invocation-ended',
        invocationId,
        outcome: { code: 'succeeded', responseText, isRedelivered, isRegrouped },
      });
      this.#redeliverLate(command);
    }
    this.#restart(shardId);
    this.#options.onInvocationEnded();
  }

  #redeliverLate({ invocationId, shardId }: InvokeCommand): void {
    const late = this.#strikes('redelivered-late', `${this.id}, ${shardId}`);
    if (late !== undefined) {
      const delayMs = 1 + Math.floor(late.fraction() ** 4 * REDELIVERY_MS_MAX);
      this.#step({ type: 'redeliver', invocationId, delayMs });
    }
  }

  #restart(shardId: string): void {
    const struck = this.#strikes('poller-restarted', `${this.id}, ${shardId}`);
    if (struck === undefined) {
      return;
    }
    const stored = this.#stored.get(shardId) ?? [];
    this.#emptyAt.delete(shardId);
    this.#step({
      type: 'restart-shard',
      shardId,
      afterSequenceNumber: stored.length === 0 ? undefined : pickCheckpoint(struck, stored),
    });
  }
}
