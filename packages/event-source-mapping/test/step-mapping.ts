import { createMapping } from '../src/create-mapping.ts';
import type {
  InvocationOutcome,
  Mapping,
  MappingCommand,
  MappingInput,
  MappingOptions,
  MappingSettings,
  MappingStats,
  ReadPosition,
  ShardStats,
} from '../src/types.ts';
import { epochMs, kinesisSettings, record, sequenceNumber, type VirtualInput } from './virtual-driver.ts';

/** An input at so many milliseconds after the epoch of the tests, and what the mapping wants done then, in words. */
export type Step = readonly [atMs: number, input: VirtualInput, ...commands: string[]];

/** Gives inputs by hand: no driver answers, so that a test decides over every answer, its order and its time. */
export interface SteppedMapping {
  readonly mapping: Mapping;
  step(atMs: number, input: VirtualInput): MappingCommand[];
}

export function createSteppedMapping(
  settings: Partial<MappingSettings> = {},
  options: Partial<MappingOptions> = {},
): SteppedMapping {
  const mapping = createMapping({ ...kinesisSettings, ...settings }, { random: () => 0.5, ...options });
  return {
    mapping,
    step: (atMs, input) => mapping.step({ ...input, now: epochMs + atMs } as MappingInput),
  };
}

/** Gives a mapping the inputs of these steps; returns them with the commands that came, and where it comes to rest. */
export function follow({ mapping, step }: SteppedMapping, steps: readonly Step[]): Step[] {
  let isIdle = mapping.isIdle();
  return steps.map(([atMs, input]) => {
    const words = step(atMs, input).map(inWords);
    if (mapping.isIdle() !== isIdle) {
      isIdle = !isIdle;
      words.push(isIdle ? 'idle' : 'busy');
    }
    return [atMs, input, ...words];
  });
}

export const start: VirtualInput = { type: 'start' };
export const stop: VirtualInput = { type: 'stop' };
export const timePassed: VirtualInput = { type: 'time-passed' };
export const listFailed: VirtualInput = { type: 'shards-list-failed' };

/** The shards `a`, `b<a` (a child of `a`), `c<a+b` (of both), `a!` (closed). */
export function listed(...shards: string[]): VirtualInput {
  return {
    type: 'shards-listed',
    shards: shards.map((shard) => {
      const [shardId = '', parents = ''] = shard.replace('!', '').split('<');
      const parentShardIds = parents.split('+').filter((parent) => parent !== '');
      return { shardId, parentShardIds, isClosed: shard.endsWith('!') };
    }),
  };
}

/** The answer to a read: records by number; a record `[number, atMs]` arrived at another time than the epoch. */
export function read(
  shardId: string,
  readId: number,
  numbers: readonly (number | readonly [number: number, atMs: number])[],
  rest: { readonly isEndOfShard?: boolean; readonly millisBehindLatest?: number; readonly key?: string } = {},
): VirtualInput {
  const { isEndOfShard = false, key, ...behind } = rest;
  const records = numbers.map((each) => {
    const [number, atMs] = typeof each === 'number' ? [each, 0] : each;
    return record(number, { atMs: epochMs + atMs, ...(key !== undefined && { key }) });
  });
  return { type: 'records-read', shardId, readId, records, isEndOfShard, ...behind };
}

export function readFailed(shardId: string, readId: number, reason: 'trimmed' | 'unavailable'): VirtualInput {
  return { type: 'read-failed', shardId, readId, reason };
}

/** An invocation succeeds, with this response. */
export function succeeded(
  invocationId: number,
  response?: unknown,
  rest: { readonly isRedelivered?: boolean; readonly isRegrouped?: boolean } = {},
): VirtualInput {
  const responseText = response === undefined ? undefined : JSON.stringify(response);
  return ended(invocationId, { code: 'succeeded', responseText, ...rest });
}

export function failed(
  invocationId: number,
  rest: Partial<Extract<InvocationOutcome, { code: 'failed' }>> = {},
): VirtualInput {
  return ended(invocationId, { code: 'failed', ...rest });
}

export function throttled(invocationId: number): VirtualInput {
  return ended(invocationId, { code: 'throttled' });
}

/** An invocation succeeds and reports these records. */
export function reported(invocationId: number, ...numbers: number[]): VirtualInput {
  const batchItemFailures = numbers.map((number) => ({ itemIdentifier: sequenceNumber(number) }));
  return succeeded(invocationId, { batchItemFailures });
}

export function delivered(deliveryId: number, isDelivered: boolean): VirtualInput {
  return { type: 'delivery-ended', deliveryId, isDelivered };
}

export function redeliver(invocationId: number, delayMs: number): VirtualInput {
  return { type: 'redeliver', invocationId, delayMs };
}

export function restart(shardId: string, after?: number): VirtualInput {
  const afterSequenceNumber = after === undefined ? undefined : sequenceNumber(after);
  return { type: 'restart-shard', shardId, afterSequenceNumber };
}

function ended(invocationId: number, outcome: InvocationOutcome): VirtualInput {
  return { type: 'invocation-ended', invocationId, outcome };
}

function inWords(command: MappingCommand): string {
  switch (command.type) {
    case 'list-shards':
      return 'list shards';
    case 'read':
      return `#${command.readId} read ${command.shardId} ${positionInWords(command.position)} max ${command.limit}`;
    case 'invoke':
      return invocationInWords(command);
    case 'deliver':
      return `#${command.deliveryId} deliver to ${command.destination.kind} for ${command.shardId}`;
    case 'discarded':
      return `discard ${command.shardId} ${rangeOf(command)} ${command.condition} (${command.recordCount}: ${command.sequenceNumbers.map(numberOf).join(' ')})`;
    case 'checkpoint':
      return `checkpoint ${command.shardId} ${numberOf(command.sequenceNumber)}`;
    case 'shard-drained':
      return `drained ${command.shardId}`;
    case 'wake-at':
      return command.at === undefined ? 'wake never' : `wake at ${command.at - epochMs}`;
  }
}

function invocationInWords(command: Extract<MappingCommand, { type: 'invoke' }>): string {
  const event = JSON.parse(command.payload) as {
    Records: { kinesis: { sequenceNumber: string } }[];
    window?: { start: string; end: string };
    state?: unknown;
    isFinalInvokeForWindow?: boolean;
    isWindowTerminatedEarly?: boolean;
  };
  const numbers = event.Records.map(({ kinesis }) => numberOf(kinesis.sequenceNumber)).join(' ');
  return [
    `#${command.invocationId} invoke ${command.shardId}/${command.lane} [${numbers}]`,
    ...(event.Records.length === command.recordCount ? [] : [`of ${command.recordCount}`]),
    ...(rangeOf(command) === rangeOfEvent(event) ? [] : [`as ${rangeOf(command)}`]),
    ...(command.retryAttempt > 0 ? [`retry ${command.retryAttempt}`] : []),
    ...(command.isRedelivery ? ['redelivery'] : []),
    ...(event.window === undefined ? [] : [`window ${event.window.start.slice(14, 19)}`]),
    ...(event.state === undefined ? [] : [shortened(JSON.stringify(event.state))]),
    ...(event.isFinalInvokeForWindow === true ? ['final'] : []),
    ...(event.isWindowTerminatedEarly === true ? ['early'] : []),
  ].join(' ');
}

function shortened(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 10)}… of ${text.length}`;
}

function rangeOf(command: {
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
}): string {
  return `${numberOf(command.startSequenceNumber)}-${numberOf(command.endSequenceNumber)}`;
}

function rangeOfEvent({ Records }: { Records: { kinesis: { sequenceNumber: string } }[] }): string {
  const [first, last] = [Records[0], Records.at(-1)];
  return `${numberOf(first?.kinesis.sequenceNumber ?? '')}-${numberOf(last?.kinesis.sequenceNumber ?? '')}`;
}

function positionInWords(position: ReadPosition): string {
  switch (position.kind) {
    case 'after-sequence-number':
      return `after ${numberOf(position.sequenceNumber)}`;
    case 'at-sequence-number':
      return `at ${numberOf(position.sequenceNumber)}`;
    case 'at-timestamp':
      return `from ${position.timestampSeconds}`;
    case 'trim-horizon':
    case 'latest':
      return position.kind;
  }
}

function numberOf(text: string): number {
  return Number(text.slice(-16));
}

/** What one rule means for the commands. */
export interface Scenario {
  readonly rule: string;
  readonly settings?: Partial<MappingSettings>;
  readonly options?: Partial<MappingOptions>;
  readonly steps: readonly Step[];
  /** What the counts are in the end. */
  readonly end?: {
    readonly [Name in keyof MappingStats]?: MappingStats[Name] | readonly Partial<ShardStats>[];
  };
}
