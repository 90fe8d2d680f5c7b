import { createMapping } from '../src/create-mapping.ts';
import type {
  DeliverCommand,
  InvocationOutcome,
  InvokeCommand,
  KinesisSourceRecord,
  Mapping,
  MappingCommand,
  MappingInput,
  MappingSettings,
  ReadPosition,
} from '../src/types.ts';

/** A shard in memory. */
export interface VirtualShard {
  readonly shardId: string;
  readonly parentShardIds: readonly string[];
  isClosed: boolean;
  readonly records: KinesisSourceRecord[];
}

export interface InvokedEvent {
  readonly Records: readonly {
    readonly kinesis: { readonly sequenceNumber: string; readonly partitionKey: string };
  }[];
  readonly state?: Readonly<Record<string, number>>;
  readonly window?: { readonly start: string; readonly end: string };
  readonly isFinalInvokeForWindow?: boolean;
  readonly isWindowTerminatedEarly?: boolean;
}

/** One invocation as the function saw it. */
export interface Seen {
  readonly atMs: number;
  readonly command: InvokeCommand;
  readonly event: InvokedEvent;
  readonly sequenceNumbers: readonly string[];
}

export interface Answer {
  readonly outcome: InvocationOutcome;
  /** Virtual milliseconds that the invocation takes. */
  readonly durationMs?: number;
  /** Inputs to give to the machine after the outcome. */
  readonly after?: readonly VirtualInput[];
}

type WithoutNow<T> = T extends unknown ? Omit<T, 'now'> : never;
export type VirtualInput = WithoutNow<MappingInput>;

export interface VirtualDriver {
  readonly mapping: Mapping;
  readonly seen: Seen[];
  readonly delivered: DeliverCommand[];
  readonly commands: MappingCommand[];
  now: number;
  send(input: VirtualInput): void;
  /** At this virtual time, do this. */
  at(ms: number, action: () => void): void;
  /** Runs until nothing is planned before this time, which then is the present. */
  runUntil(ms: number): void;
}

export const success: Answer = { outcome: { code: 'succeeded', responseText: 'null' } };
export const failure: Answer = { outcome: { code: 'failed' } };
export const throttle: Answer = { outcome: { code: 'throttled' } };

/** An answer with this response. */
export function respond(response: unknown): Answer {
  return { outcome: { code: 'succeeded', responseText: JSON.stringify(response) } };
}

export const epochMs: number = Date.UTC(2025, 0, 1);

export const kinesisSettings: MappingSettings = {
  source: {
    kind: 'kinesis',
    arn: 'arn:aws:kinesis:us-east-1:123456789012:stream/orders',
    region: 'us-east-1',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/consumer',
  },
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:consumer',
  startingPosition: 'TRIM_HORIZON',
};

/**
 * Runs a mapping on a virtual clock against shards in memory: what a real driver does with sockets and timers.
 *
 * @param options.invoke - the function; sees each event and says how the invocation ends
 * @param options.deliver - the destination; says whether it takes the document
 */
export function createVirtualDriver(options: {
  readonly settings: MappingSettings;
  readonly shards: VirtualShard[];
  readonly invoke: (seen: Seen) => Answer;
  readonly deliver?: (command: DeliverCommand) => boolean;
  readonly random?: () => number;
  readonly checkpoints?: ReadonlyMap<string, string>;
  readonly readMs?: number;
  readonly failRead?: () => 'trimmed' | 'unavailable' | undefined;
}): VirtualDriver {
  const random = options.random ?? (() => 0.5);
  const mapping = createMapping(options.settings, {
    random,
    ...(options.checkpoints && { checkpoints: options.checkpoints }),
  });
  const planned: { ms: number; order: number; action: () => void }[] = [];
  const latest = new Map<string, number>();
  let order = 0;
  let wakeAt: number | undefined;

  const driver: VirtualDriver = {
    mapping,
    seen: [],
    delivered: [],
    commands: [],
    now: epochMs,
    send(input) {
      for (const command of mapping.step({ ...input, now: driver.now } as MappingInput)) {
        driver.commands.push(command);
        execute(command);
      }
    },
    at(ms, action) {
      order += 1;
      planned.push({ ms: Math.max(ms, driver.now), order, action });
    },
    runUntil(ms) {
      for (let steps = 0; ; steps += 1) {
        if (steps > 200_000) {
          throw new Error('the machine does not come to rest');
        }
        planned.sort((left, right) => left.ms - right.ms || left.order - right.order);
        const next = planned[0];
        const wake = wakeAt ?? Number.POSITIVE_INFINITY;
        if (Math.min(next?.ms ?? Number.POSITIVE_INFINITY, wake) > ms) {
          break;
        }
        if (next !== undefined && next.ms <= wake) {
          planned.shift();
          driver.now = next.ms;
          next.action();
        } else {
          driver.now = Math.max(driver.now, wake);
          wakeAt = undefined;
          driver.send({ type: 'time-passed' });
        }
      }
      driver.now = ms;
    },
  };
  return driver;

  function execute(command: MappingCommand): void {
    switch (command.type) {
      case 'list-shards':
        driver.at(driver.now + 1, () =>
          driver.send({
            type: 'shards-listed',
            shards: options.shards.map(({ shardId, parentShardIds, isClosed }) => ({
              shardId,
              parentShardIds,
              isClosed,
            })),
          }),
        );
        return;
      case 'read': {
        // A LATEST iterator stands where the shard ended when it was first asked for.
        const shard = find(command.shardId);
        if (!latest.has(command.shardId)) {
          latest.set(command.shardId, shard.records.length);
        }
        driver.at(driver.now + (options.readMs ?? 5), () => answerRead(shard, command));
        return;
      }
      case 'invoke': {
        const event = JSON.parse(command.payload) as InvokedEvent;
        const sequenceNumbers = event.Records.map(({ kinesis }) => kinesis.sequenceNumber);
        const seen: Seen = { atMs: driver.now, command, event, sequenceNumbers };
        driver.seen.push(seen);
        const answer = options.invoke(seen);
        driver.at(driver.now + (answer.durationMs ?? 10), () => {
          driver.send({
            type: 'invocation-ended',
            invocationId: command.invocationId,
            outcome: answer.outcome,
          });
          for (const input of answer.after ?? []) {
            driver.send(input);
          }
        });
        return;
      }
      case 'deliver':
        driver.at(driver.now + 3, () => {
          const isDelivered = options.deliver?.(command) ?? true;
          if (isDelivered) {
            driver.delivered.push(command);
          }
          driver.send({ type: 'delivery-ended', deliveryId: command.deliveryId, isDelivered });
        });
        return;
      case 'wake-at':
        wakeAt = command.at;
        return;
      case 'discarded':
      case 'checkpoint':
      case 'shard-drained':
        return;
    }
  }

  function answerRead(shard: VirtualShard, command: Extract<MappingCommand, { type: 'read' }>): void {
    const { shardId, readId } = command;
    const reason = options.failRead?.();
    if (reason !== undefined) {
      driver.send({ type: 'read-failed', shardId, readId, reason });
      return;
    }
    const from = indexOf(shard, command.position, latest.get(shardId) ?? 0);
    const records = shard.records.slice(from, from + command.limit);
    const isAtEnd = from + records.length === shard.records.length;
    driver.send({
      type: 'records-read',
      shardId,
      readId,
      records,
      isEndOfShard: shard.isClosed && isAtEnd,
      millisBehindLatest: isAtEnd ? 0 : 1,
    });
  }

  function find(shardId: string): VirtualShard {
    const shard = options.shards.find((each) => each.shardId === shardId);
    if (shard === undefined) {
      throw new Error(`no shard ${shardId}`);
    }
    return shard;
  }
}

/** A record of a shard; numbers are as long as real ones and in order. */
export function record(
  number: number,
  overrides: { readonly key?: string; readonly data?: unknown; readonly atMs?: number } = {},
): KinesisSourceRecord {
  const text = JSON.stringify(overrides.data ?? { number });
  return {
    SequenceNumber: sequenceNumber(number),
    PartitionKey: overrides.key ?? `key-${number}`,
    Data: Uint8Array.from(text, (character) => character.charCodeAt(0)),
    ApproximateArrivalTimestamp: (overrides.atMs ?? epochMs) / 1000,
  };
}

export function sequenceNumber(number: number): string {
  return `4959033827149025660855969253836157109592${String(number).padStart(16, '0')}`;
}

/** One open shard with records 1 to `count`. */
export function shardWith(count: number, shardId = 'shardId-000000000000'): VirtualShard {
  const records = Array.from({ length: count }, (_, index) => record(index + 1));
  return { shardId, parentShardIds: [], isClosed: false, records };
}

/** UTF-8 bytes of a text, counted another way than the machine does. */
export function encodedLength(text: string): number {
  return encodeURIComponent(text).replace(/%../g, '.').length;
}

/** A small generator, so that a schedule is named by its seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function indexOf(shard: VirtualShard, position: ReadPosition, latestIndex: number): number {
  const numbers = shard.records.map(({ SequenceNumber }) => BigInt(SequenceNumber ?? '0'));
  const firstIndex = (test: (number: bigint, index: number) => boolean): number => {
    const index = numbers.findIndex(test);
    return index === -1 ? numbers.length : index;
  };
  switch (position.kind) {
    case 'trim-horizon':
      return 0;
    case 'latest':
      return latestIndex;
    case 'at-timestamp':
      return firstIndex((_, index) => {
        const time = shard.records[index]?.ApproximateArrivalTimestamp;
        return typeof time === 'number' && time >= position.timestampSeconds;
      });
    case 'at-sequence-number':
      return firstIndex((number) => number >= BigInt(position.sequenceNumber));
    case 'after-sequence-number':
      return firstIndex((number) => number > BigInt(position.sequenceNumber));
  }
}
