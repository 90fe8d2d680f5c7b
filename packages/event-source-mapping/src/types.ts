export type * from './event-types.ts';
export type * from './settings-types.ts';

/**
 * Where to read a shard from, as GetShardIterator has it.
 *
 * A driver keeps its own iterator per shard. It takes a new one when it has none for this position, when the old
 * one has expired, and after `read-failed`; otherwise it may go on with the iterator of its last answer, which
 * stands at `after-sequence-number` already.
 */
export type ReadPosition =
  | { readonly kind: 'trim-horizon' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'at-timestamp'; readonly timestampSeconds: number }
  | { readonly kind: 'at-sequence-number'; readonly sequenceNumber: string }
  | { readonly kind: 'after-sequence-number'; readonly sequenceNumber: string };

/** A shard as the stream lists it. */
export interface ShardDescription {
  readonly shardId: string;
  /** Parent and, after a merge, adjacent parent. Ids that are not in the list count as drained long ago. */
  readonly parentShardIds: readonly string[];
  /** True when the shard has an ending sequence number: it takes no more records. */
  readonly isClosed: boolean;
}

/** A Kinesis record as GetRecords gives it (SDK or wire). `Data` is bytes or, cheaper, base64 text. */
export interface KinesisSourceRecord {
  readonly SequenceNumber?: string | undefined;
  readonly PartitionKey?: string | undefined;
  readonly Data?: Uint8Array | string | undefined;
  /** Epoch seconds, or a Date. */
  readonly ApproximateArrivalTimestamp?: number | DateLike | undefined;
}

/** A DynamoDB stream record as GetRecords gives it (SDK or wire). Binary values are bytes or base64 text. */
export interface DynamoDbSourceRecord {
  readonly eventID?: string | undefined;
  readonly eventName?: string | undefined;
  readonly eventVersion?: string | undefined;
  readonly awsRegion?: string | undefined;
  readonly dynamodb?:
    | {
        /** Epoch seconds, or a Date. */
        readonly ApproximateCreationDateTime?: number | DateLike | undefined;
        readonly Keys?: Readonly<Record<string, unknown>> | undefined;
        readonly NewImage?: Readonly<Record<string, unknown>> | undefined;
        readonly OldImage?: Readonly<Record<string, unknown>> | undefined;
        readonly SequenceNumber?: string | undefined;
        readonly SizeBytes?: number | undefined;
        readonly StreamViewType?: string | undefined;
      }
    | undefined;
  /** SDK and wire spell the members differently. */
  readonly userIdentity?:
    | {
        readonly PrincipalId?: string | undefined;
        readonly Type?: string | undefined;
        readonly principalId?: string | undefined;
        readonly type?: string | undefined;
      }
    | undefined;
}

/** What of a Date is used, so that this package needs no clock. */
export interface DateLike {
  getTime(): number;
}

export type SourceRecord = KinesisSourceRecord | DynamoDbSourceRecord;

/** How an invocation ended. */
export type InvocationOutcome =
  | {
      readonly code: 'succeeded';
      /** The function's answer as JSON text, as it came over the Runtime API; undefined or empty counts as null. */
      readonly responseText?: string | undefined;
      /**
       * At-least-once: the service loses note of this success and delivers the same batch once more before anything
       * later of its lane. Whether the second delivery fails changes nothing, since the batch has succeeded before.
       */
      readonly isRedelivered?: boolean | undefined;
      /**
       * At-least-once: the poller is replaced and loses note of how this ended. The records are redelivered, before anything
       * later of their lane and cut into other batches; no retry is used up, and a window keeps the state it had before.
       */
      readonly isRegrouped?: boolean | undefined;
      readonly requestId?: string | undefined;
    }
  | {
      /** The function threw, timed out or its process died. */
      readonly code: 'failed';
      /** As for a success; here the retry that follows is cut anew, and counts as one. */
      readonly isRegrouped?: boolean | undefined;
      readonly requestId?: string | undefined;
      /** Default 'Unhandled'. Appears in the destination's document. */
      readonly functionError?: string | undefined;
    }
  | {
      /** The function was not invoked: reserved concurrency, 429 or a service error. Uses up no retry. */
      readonly code: 'throttled';
    };

/**
 * What the driver tells the machine. Each input carries `now`, milliseconds since the epoch, which must not go back
 * (an earlier `now` is taken as the latest one seen).
 */
export type MappingInput = { readonly now: number } & (
  | { readonly type: 'start' }
  /** Answers `list-shards`; may also come unasked. Always the whole list. */
  | { readonly type: 'shards-listed'; readonly shards: readonly ShardDescription[] }
  | { readonly type: 'shards-list-failed' }
  /** Answers `read`. */
  | {
      readonly type: 'records-read';
      readonly shardId: string;
      /** The `readId` of the command; an answer to an older one is ignored. */
      readonly readId: number;
      /** At most `limit`, in the shard's order, none at or before the position asked for. */
      readonly records: readonly SourceRecord[];
      /** True when the shard is closed and this was its end (no next iterator). */
      readonly isEndOfShard: boolean;
      /** Kinesis' MillisBehindLatest. Above 0 the next read follows at once; undefined means: at once if there were records. */
      readonly millisBehindLatest?: number | undefined;
    }
  /**
   * Answers `read`. 'trimmed': the position is no longer kept; the next read is from TRIM_HORIZON. 'unavailable'
   * (throttled, iterator expired, connection refused): the next read is from the same position, after a back-off.
   */
  | {
      readonly type: 'read-failed';
      readonly shardId: string;
      readonly readId: number;
      readonly reason: 'trimmed' | 'unavailable';
    }
  /** Answers `invoke`. An unknown or abandoned invocation is ignored. */
  | { readonly type: 'invocation-ended'; readonly invocationId: number; readonly outcome: InvocationOutcome }
  /** Answers `deliver`. */
  | { readonly type: 'delivery-ended'; readonly deliveryId: number; readonly isDelivered: boolean }
  /** The time announced by `wake-at` has come. Harmless at any other time. */
  | { readonly type: 'time-passed' }
  /**
   * At-least-once: deliver a batch again that has succeeded a while ago. Needs `behaviour.rememberedBatchesMax`; a batch
   * that is not remembered is ignored. With `delayMs` 0 it takes its lane's next turn, else it comes beside the lane, as
   * a late retry does. It is made once: whether it fails changes nothing. (`isRedelivered` of an outcome comes sooner.)
   */
  | { readonly type: 'redeliver'; readonly invocationId: number; readonly delayMs: number }
  /**
   * At-least-once: the poller of a shard is replaced. What was read is forgotten, running invocations are abandoned
   * (they may still finish in the function: a zombie), and reading begins after the checkpoint or, with
   * `afterSequenceNumber`, further back; batches are cut anew. An open tumbling window begins again with an empty state.
   */
  | {
      readonly type: 'restart-shard';
      readonly shardId: string;
      readonly afterSequenceNumber?: string | undefined;
    }
  /** No further reads, invocations or retries; what runs may end. Final. */
  | { readonly type: 'stop' }
);

/** What the machine wants done. */
export type MappingCommand =
  | { readonly type: 'list-shards' }
  | {
      readonly type: 'read';
      readonly shardId: string;
      readonly readId: number;
      readonly position: ReadPosition;
      readonly limit: number;
    }
  | InvokeCommand
  | DeliverCommand
  /** Records are given up. With a destination a `deliver` command follows or stands beside it. For logs and counts. */
  | {
      readonly type: 'discarded';
      readonly shardId: string;
      readonly condition: DiscardCondition;
      readonly recordCount: number;
      readonly startSequenceNumber: string;
      readonly endSequenceNumber: string;
      /** Each record that is given up; empty for the last event of a window that has no records. */
      readonly sequenceNumbers: readonly string[];
    }
  /** All records of the shard up to this one are done with: delivered, filtered out, or handed to the destination. */
  | { readonly type: 'checkpoint'; readonly shardId: string; readonly sequenceNumber: string }
  /** The shard is closed and drained; its children are read from now on. */
  | { readonly type: 'shard-drained'; readonly shardId: string }
  /** Replaces the earlier one: send `time-passed` at this time (ms since epoch), or not at all if undefined. */
  | { readonly type: 'wake-at'; readonly at: number | undefined };

/** Call the function with this event. */
export interface InvokeCommand {
  readonly type: 'invoke';
  readonly invocationId: number;
  readonly shardId: string;
  /** 0 to parallelizationFactor − 1. */
  readonly lane: number;
  /** The event as JSON text, ready to be sent. */
  readonly payload: string;
  /** UTF-8 bytes of `payload`. */
  readonly payloadBytes: number;
  /** 0 for a window's final event without records. */
  readonly recordCount: number;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
  /** Failed invocations that count against MaximumRetryAttempts so far; 0 the first time. */
  readonly retryAttempt: number;
  /** True for a second delivery asked for by `redeliver`. */
  readonly isRedelivery: boolean;
}

/** Hand a document to the on-failure destination. */
export interface DeliverCommand {
  readonly type: 'deliver';
  readonly deliveryId: number;
  readonly shardId: string;
  readonly destination: { readonly kind: 'sqs' | 'sns' | 's3'; readonly arn: string };
  /** JSON text: metadata for SQS and SNS, with the whole invocation payload for S3. */
  readonly body: string;
  /** Object key, for S3 only. */
  readonly objectKey?: string | undefined;
}

/** Why records are given up, as the destination's document says it. */
export type DiscardCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded' | 'PayloadTooLarge';

/** What one shard is doing. */
export interface ShardStats {
  readonly shardId: string;
  readonly status: 'waiting-for-parents' | 'reading' | 'drained';
  /** undefined until something is done with. */
  readonly checkpoint: string | undefined;
  /** Records read and not yet invoked with, retries not included. */
  readonly bufferedRecords: number;
  readonly bufferedBytes: number;
  /** Records read and not done with: buffered, in flight, or waiting for a retry. */
  readonly unfinishedRecords: number;
  /** When the oldest of these was read, in milliseconds since the epoch; undefined when there is none. */
  readonly oldestReadMs: number | undefined;
  readonly invocationsInFlight: number;
  /** Batches waiting to be sent again. */
  readonly batchesWaiting: number;
  readonly deliveriesInFlight: number;
  readonly hasOpenWindow: boolean;
  /** True when the last read found nothing more. */
  readonly isCaughtUp: boolean;
}

/** Counts since the machine was made. */
export interface MappingStats {
  readonly shards: readonly ShardStats[];
  readonly recordsRead: number;
  readonly recordsFiltered: number;
  readonly recordsSucceeded: number;
  readonly recordsDiscarded: number;
  readonly invocations: number;
  readonly failures: number;
  readonly throttles: number;
  readonly redeliveries: number;
  readonly deliveries: number;
  /** Documents that the destination never took. */
  readonly deliveriesLost: number;
}

/** Last record of each shard that is done with; give it to `createMapping` to go on from there. */
export type Checkpoints = ReadonlyMap<string, string>;

/**
 * The state machine of one event source mapping.
 *
 * It owns and changes its state: `step` is not a pure function of two values, but the machine is deterministic: the
 * same settings, the same random numbers and the same inputs give the same commands. It never reads a clock, waits or
 * calls out.
 */
export interface Mapping {
  /** Takes one input and says what is to be done. The returned array is the caller's. */
  step(input: MappingInput): MappingCommand[];
  /**
   * Says why an answer would fail its batch although the function has not failed: a wrong partial batch response, or no state in a
   * tumbling window. It changes nothing; the same answer comes in with `invocation-ended`.
   *
   * @param invocationId - of an invocation that is in flight
   * @param answer - what the function answered
   * @returns the predicate of a sentence about the answer, such as `is no JSON`; undefined where it does not fail the batch
   */
  whyAnswerFails(invocationId: number, answer: string): string | undefined;
  /**
   * True when nothing is buffered, waiting, in flight or being delivered, no window is open and the last read of every
   * shard that can be read found nothing more. A record that was put after that read is not known here.
   */
  isIdle(): boolean;
  /** True after `stop`, once nothing is in flight. */
  isStopped(): boolean;
  stats(): MappingStats;
  checkpoints(): Checkpoints;
}

/** What `createMapping` needs beside the settings. */
export interface MappingOptions {
  /** Numbers from 0 (inclusive) to 1 (exclusive); seeded where runs must be repeatable. */
  readonly random: () => number;
  /** Go on after these positions instead of at the starting position. Drained shards are re-read only from there. */
  readonly checkpoints?: Checkpoints | undefined;
}
