import {
  type Checkpoints,
  createMapping,
  type InvokeCommand,
  type Mapping,
  type MappingCommand,
  type MappingSettings,
  type MappingStats,
  type ShardStats,
} from '@oncefold/event-source-mapping';
import { addBacklogs, type Backlog, backlogOf } from './backlog.ts';
import { type DeliverDocumentOptions, deliverDocument } from './deliver-document.ts';
import { type InvokeFunctionOptions, invokeFunction } from './invoke-function.ts';
import { MappingReader, type MappingReaderOptions } from './mapping-reader.ts';
import { createStartWatch } from './start-watch.ts';
import { asError } from './stream-source.ts';
import type { UntimedInput } from './untimed-input.ts';
import { createWakeTimer } from './wake-timer.ts';

export interface MappingDriverOptions
  extends MappingReaderOptions,
    InvokeFunctionOptions,
    DeliverDocumentOptions {
  readonly settings: MappingSettings;
  /** Where an earlier poller of the same stream stood; without it the settings say where to begin. */
  readonly checkpoints?: Checkpoints | undefined;
  readonly random: () => number;
  /** Called once, when the mapping cannot go on. It has stopped reading by then. */
  readonly onFailed: (error: Error) => void;
}

export interface MappingDriver {
  /**
   * Resolves when the place to begin at is fixed in every shard, so that nothing that is written from now on is missed; also
   * when the mapping fails or is stopped before. Never rejects.
   */
  readonly positioned: Promise<void>;
  /**
   * Says whether all that was in the stream has been dealt with.
   *
   * @param sinceMs - only shards that were listed, and read to their end, after this time count, milliseconds since the epoch
   */
  isIdle(sinceMs: number): boolean;
  /** The same, except that a tumbling window may be open. */
  isAtRest(sinceMs: number): boolean;
  /** Whether a batch is buffered, waiting, or in flight to the function or a destination. */
  hasOpenBatches(): boolean;
  backlog(): Backlog;
  /** Last record of each shard that is done with. */
  checkpoints(): Checkpoints;
  /** Stops reading and retrying; resolves when no invocation is in flight any more. */
  stop(): Promise<void>;
}

/**
 * Drives the machine of one event source mapping with real reads, invocations and time.
 *
 * What is read, batched, retried and given up is the machine's business; here its commands are carried out. An error
 * that is not transient ends the mapping.
 */
export function startMappingDriver(options: MappingDriverOptions): MappingDriver {
  const { mappingId, random, checkpoints, onEvent } = options;
  const machine = createMapping(options.settings, { random, checkpoints });
  const reader = new MappingReader(options);
  const wake = createWakeTimer(() => step({ type: 'time-passed' }));
  const start = createStartWatch();
  const stopped = Promise.withResolvers<void>();
  let isStopping = false;

  const whyAnswerFails = ({ invocationId }: InvokeCommand, answer: string): string | undefined =>
    machine.whyAnswerFails(invocationId, answer);

  function step(input: UntimedInput): void {
    let commands: MappingCommand[];
    try {
      commands = machine.step({ ...input, now: Date.now() });
    } catch (error) {
      fail(error);
      return;
    }
    start.note(input, commands);
    for (const command of commands) {
      carryOut(command);
    }
    if (isStopping && machine.isStopped()) {
      stopped.resolve();
    }
  }

  function follow(work: Promise<readonly UntimedInput[]>): void {
    work.then((inputs) => inputs.forEach(step)).catch(fail);
  }

  function carryOut(command: MappingCommand): void {
    switch (command.type) {
      case 'list-shards':
        follow(reader.listShards());
        return;
      case 'read':
        follow(reader.read(command));
        return;
      case 'invoke':
        follow(invokeFunction(command, { ...options, whyAnswerFails }));
        return;
      case 'deliver':
        follow(deliverDocument(command, options));
        return;
      case 'discarded': {
        const { shardId, recordCount: records, condition } = command;
        onEvent({ type: 'records-discarded', mappingId, shardId, records, condition });
        return;
      }
      case 'wake-at':
        wake.set(command.at);
        return;
      case 'checkpoint':
      case 'shard-drained':
        return;
    }
  }

  function fail(thrown: unknown): void {
    if (isStopping) {
      stopped.resolve();
      return;
    }
    void stop();
    options.onFailed(asError(thrown));
  }

  function stop(): Promise<void> {
    if (!isStopping) {
      isStopping = true;
      start.end();
      reader.stop();
      step({ type: 'stop' });
      wake.set(undefined);
    }
    return stopped.promise;
  }

  step({ type: 'start' });
  const listAgain = (): void => follow(reader.listShards());
  return { ...createQuestions(machine, reader, listAgain), positioned: start.ended, stop };
}

function createQuestions(
  machine: Mapping,
  reader: MappingReader,
  listAgain: () => void,
): Omit<MappingDriver, 'positioned' | 'stop'> {
  /** A listing that is older may lack the new shards of a split or merge: it is made anew where nothing else is missing. */
  const isListed = (sinceMs: number): boolean => {
    if (reader.listedAtMs <= sinceMs && Date.now() > sinceMs && reader.mayList) {
      listAgain();
    }
    return reader.listedAtMs > sinceMs;
  };
  return {
    isIdle: (sinceMs) =>
      machine.isIdle() && isReadToEnd(machine.stats(), { reader, sinceMs }) && isListed(sinceMs),
    isAtRest(sinceMs) {
      const stats = machine.stats();
      return (
        !stats.shards.some(hasOpenBatches) && isReadToEnd(stats, { reader, sinceMs }) && isListed(sinceMs)
      );
    },
    hasOpenBatches: () => machine.stats().shards.some(hasOpenBatches),
    backlog: () => addBacklogs(machine.stats().shards.map(backlogOf)),
    checkpoints: () => machine.checkpoints(),
  };
}

function hasOpenBatches(shard: ShardStats): boolean {
  const { bufferedRecords, batchesWaiting, invocationsInFlight, deliveriesInFlight } = shard;
  return bufferedRecords + batchesWaiting + invocationsInFlight + deliveriesInFlight > 0;
}

function isReadToEnd(
  { shards }: MappingStats,
  { reader, sinceMs }: { readonly reader: MappingReader; readonly sinceMs: number },
): boolean {
  const reading = shards.filter((shard) => shard.status !== 'drained');
  return reading.length > 0 && reading.every(({ shardId }) => reader.emptyAtMs(shardId) > sinceMs);
}
