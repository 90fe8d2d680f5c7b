import {
  createMapping,
  type InvokeCommand,
  type MappingCommand,
  type MappingInput,
} from '@oncefold/event-source-mapping';
import { type PollingOptions, ShardPace } from '@oncefold/local-runtime';
import type { Agenda } from './agenda.ts';

/** A stream on the simulated clock; each shard holds what was put into it. */
export interface SimulatedStream<Content> {
  readonly shards: readonly (readonly { readonly atMs: number; readonly content: Content }[])[];
  put(content: Content, atMs: number): void;
}

/** Settings of an event source mapping, and what is known of reading its stream. */
export interface StageSettings {
  readonly kind: 'kinesis' | 'dynamodb';
  readonly batchSize: number;
  readonly windowSeconds: number;
  /** Pauses of the local runtime between reads; without them, those of Lambda. */
  readonly polling?: PollingOptions | undefined;
  /** How long a read takes. */
  readonly readMs: number;
}

const FIRST_SEQUENCE_NUMBER = 1_000_000_000;
/** Shards neither come nor go. */
const LIST_INTERVAL_MS = 1e9;
/** The machine's own choices, such as the jitter of a back-off, are of no account where nothing fails. */
const RANDOM = 0.5;

/** Makes a stream whose shards take turns. */
export function createStream<Content>(shardCount: number): SimulatedStream<Content> {
  const shards = Array.from({ length: shardCount }, (): { atMs: number; content: Content }[] => []);
  let next = 0;
  return {
    shards,
    put(content, atMs) {
      shards[next % shardCount]?.push({ atMs, content });
      next += 1;
    },
  };
}

/**
 * Feeds a stage from a stream, with the very state machine that feeds functions in the local runtime.
 *
 * @param invoke - takes a batch when its invocation begins, and says when that ends
 */
export function startStage<Content>(
  settings: StageSettings,
  context: {
    readonly agenda: Agenda;
    readonly stream: SimulatedStream<Content>;
    readonly invoke: (batch: readonly Content[], done: () => void) => void;
  },
): void {
  const { agenda, stream, invoke } = context;
  const { kind, polling } = settings;
  const shards = stream.shards.map((_shard, index) => ({
    shardId: String(index),
    parentShardIds: [],
    isClosed: false,
  }));
  const paces = stream.shards.map(() => (polling === undefined ? undefined : new ShardPace(polling)));
  const mapping = createMapping(
    {
      source: { kind, arn: `arn:aws:${kind}:us-east-1:123456789012:stream/model`, region: 'us-east-1' },
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:model',
      startingPosition: 'TRIM_HORIZON',
      batchSize: settings.batchSize,
      maximumBatchingWindowInSeconds: settings.windowSeconds,
      behaviour: {
        shardListIntervalMs: LIST_INTERVAL_MS,
        ...(polling !== undefined && { pollIntervalMs: polling.busyMs }),
      },
    },
    { random: () => RANDOM },
  );
  let wakesAtMs: number | undefined;

  function step(input: MappingInput): void {
    for (const command of mapping.step(input)) {
      carryOut(command);
    }
  }

  function carryOut(command: MappingCommand): void {
    switch (command.type) {
      case 'list-shards':
        agenda.plan(agenda.nowMs, () => step({ type: 'shards-listed', now: agenda.nowMs, shards }));
        break;
      case 'read':
        read(command);
        break;
      case 'invoke':
        begin(command);
        break;
      case 'wake-at':
        wake(command.at);
        break;
      default:
      // Nothing fails here, so nothing is given up or delivered elsewhere.
    }
  }

  function begin({ invocationId, shardId, startSequenceNumber, endSequenceNumber }: InvokeCommand): void {
    const batch = (stream.shards[Number(shardId)] ?? [])
      .slice(indexOf(startSequenceNumber), indexOf(endSequenceNumber) + 1)
      .map(({ content }) => content);
    const outcome = { code: 'succeeded' } as const;
    invoke(batch, () => step({ type: 'invocation-ended', now: agenda.nowMs, invocationId, outcome }));
  }

  function wake(at: number | undefined): void {
    wakesAtMs = at;
    if (at !== undefined) {
      agenda.plan(at, () => {
        // A later command takes the place of this one.
        if (wakesAtMs === at) {
          step({ type: 'time-passed', now: at });
        }
      });
    }
  }

  function read({ shardId, readId, position, limit }: Extract<MappingCommand, { type: 'read' }>): void {
    const pace = paces[Number(shardId)];
    agenda.plan(pace?.nextReadAtMs ?? agenda.nowMs, () => {
      pace?.begin(agenda.nowMs);
      agenda.plan(agenda.nowMs + settings.readMs, () => {
        const shard = stream.shards[Number(shardId)] ?? [];
        const from = position.kind === 'after-sequence-number' ? indexOf(position.sequenceNumber) + 1 : 0;
        let to = from;
        while (to < shard.length && to - from < limit && (shard[to]?.atMs ?? 0) <= agenda.nowMs) {
          to += 1;
        }
        const isBehind = (shard[to]?.atMs ?? Number.POSITIVE_INFINITY) <= agenda.nowMs;
        // Only Kinesis says how far behind a read is.
        const millisBehindLatest = kind === 'dynamodb' ? undefined : Number(isBehind);
        pace?.succeed(to - from, millisBehindLatest ?? 0);
        const records = shard
          .slice(from, to)
          .map((_record, index) => recordOf(kind, from + index, agenda.nowMs));
        const answer = { shardId, readId, records, isEndOfShard: false, millisBehindLatest };
        step({ type: 'records-read', now: agenda.nowMs, ...answer });
      });
    });
  }

  agenda.plan(agenda.nowMs, () => step({ type: 'start', now: agenda.nowMs }));
}

function recordOf(kind: StageSettings['kind'], index: number, nowMs: number) {
  const SequenceNumber = String(FIRST_SEQUENCE_NUMBER + index);
  return kind === 'kinesis'
    ? { SequenceNumber, PartitionKey: '0', Data: '', ApproximateArrivalTimestamp: nowMs / 1_000 }
    : {
        eventID: SequenceNumber,
        eventName: 'INSERT',
        dynamodb: { SequenceNumber, ApproximateCreationDateTime: nowMs / 1_000 },
      };
}

function indexOf(sequenceNumber: string): number {
  return Number(sequenceNumber) - FIRST_SEQUENCE_NUMBER;
}
