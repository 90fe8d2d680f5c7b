import { type BufferedRecord, RecordQueue } from './record-queue.ts';
import type { DeliverCommand, InvokeCommand, ReadPosition } from './types.ts';

/** Records that are sent to the function together, or were and are redelivered. */
export interface Batch {
  readonly records: readonly BufferedRecord[];
  /** Failed invocations that count against the retry limit. */
  retryAttempt: number;
  /** All invocations of these records, for the destination's document. */
  invokeCount: number;
  throttleCount: number;
  /** Not to be sent before this time, in milliseconds since the epoch. */
  notBeforeMs: number;
  /** Is redelivered in other batches, whatever the settings say. */
  isToBeRecut: boolean;
  /** Closes a tumbling window. */
  readonly isFinal: boolean;
  lastRequestId: string | undefined;
  lastFunctionError: string | undefined;
}

/** A tumbling window that has begun. */
export interface OpenWindow {
  readonly startMs: number;
  readonly endMs: number;
  /** What the function returned last, as JSON text. */
  state: string;
  /** The state has outgrown its limit: the next event is the window's last. */
  isTerminatedEarly: boolean;
  readonly firstRecord: BufferedRecord;
  lastRecord: BufferedRecord;
}

/** A document on its way to the on-failure destination. Its lane waits for it. */
export interface PendingDelivery {
  /** The first record that is given up; of a window’s last event without records, the first of the window. */
  readonly firstRecord: BufferedRecord;
  readonly command: Omit<DeliverCommand, 'deliveryId'>;
  /** Undefined while it waits to be offered again. */
  deliveryId: number | undefined;
  attempts: number;
  notBeforeMs: number;
}

/** What a lane runs now. */
export interface Running {
  readonly command: InvokeCommand;
  /** Undefined for a redelivery, whose end changes nothing. */
  readonly batch: Batch | undefined;
}

/** One of the parallel sequences of batches of a shard; records of one key are always in the same. */
export interface Lane {
  readonly index: number;
  readonly fresh: RecordQueue;
  /** Batches to be sent again, the next one last. */
  readonly waiting: Batch[];
  readonly redeliveries: InvokeCommand[];
  running: Running | undefined;
  delivery: PendingDelivery | undefined;
  window: OpenWindow | undefined;
}

export interface ShardState {
  readonly shardId: string;
  readonly parentShardIds: readonly string[];
  status: 'waiting-for-parents' | 'reading' | 'drained';
  lanes: Lane[];
  position: ReadPosition;
  /** Last record read, filtered ones included. */
  lastSequenceNumber: string | undefined;
  /** First record that passed the filter: where to begin again while there is no checkpoint. */
  firstSequenceNumber: string | undefined;
  checkpoint: string | undefined;
  /** Set while a read is out. */
  readId: number | undefined;
  readLimit: number;
  nextReadMs: number;
  failedReads: number;
  hasEnded: boolean;
  /** When a read last found nothing more; undefined after one that found something. */
  caughtUpMs: number | undefined;
  recordsRead: number;
  remembered: InvokeCommand[];
  /** Late redeliveries, beside the lanes. */
  readonly late: { readonly atMs: number; readonly command: InvokeCommand }[];
  detachedInFlight: number;
  /** When there is something to do next, in milliseconds since the epoch, or Infinity. */
  dueMs: number;
}

/** A shard of which nothing has been read since its checkpoint, if it has one. */
export function createShard(
  { shardId, parentShardIds }: Pick<ShardState, 'shardId' | 'parentShardIds'>,
  { position, checkpoint }: Pick<ShardState, 'position' | 'checkpoint'>,
  laneCount: number,
): ShardState {
  return {
    shardId,
    parentShardIds,
    status: 'waiting-for-parents',
    lanes: createLanes(laneCount),
    position,
    lastSequenceNumber: checkpoint,
    firstSequenceNumber: undefined,
    checkpoint,
    readId: undefined,
    readLimit: 0,
    nextReadMs: 0,
    failedReads: 0,
    hasEnded: false,
    caughtUpMs: undefined,
    recordsRead: 0,
    remembered: [],
    late: [],
    detachedInFlight: 0,
    dueMs: Number.POSITIVE_INFINITY,
  };
}

/** Empty lanes. */
export function createLanes(count: number): Lane[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    fresh: new RecordQueue(),
    waiting: [],
    redeliveries: [],
    running: undefined,
    delivery: undefined,
    window: undefined,
  }));
}

/** A batch that was never sent. */
export function createBatch(records: readonly BufferedRecord[], isFinal: boolean): Batch {
  return {
    records,
    retryAttempt: 0,
    invokeCount: 0,
    throttleCount: 0,
    notBeforeMs: 0,
    isToBeRecut: false,
    isFinal,
    lastRequestId: undefined,
    lastFunctionError: undefined,
  };
}

export function partOf(batch: Batch, records: readonly BufferedRecord[], isFinal: boolean): Batch {
  return { ...batch, records, isFinal };
}

/**
 * The oldest record of a lane that is not done with.
 *
 * The records of an open window count as not done: their sum is only in the state, which is lost with the poller, and
 * the position is checkpointed after the window's last invocation.
 */
export function oldestUnfinished(lane: Lane): BufferedRecord | undefined {
  if (lane.window !== undefined) {
    return lane.window.firstRecord;
  }
  const heads = [
    lane.running?.batch?.records[0],
    lane.delivery?.firstRecord,
    lane.waiting.at(-1)?.records[0],
    lane.fresh.at(0),
  ];
  return heads.reduce(older, undefined);
}

/** The one of two records that was read first. */
export function older(
  left: BufferedRecord | undefined,
  right: BufferedRecord | undefined,
): BufferedRecord | undefined {
  if (left === undefined || right === undefined) {
    return left ?? right;
  }
  return left.order <= right.order ? left : right;
}

/**
 * Does the lane hold or do anything? An open window alone does not count. A redelivery only waits while the lane runs or
 * delivers something else.
 */
export function isLaneEmpty(lane: Lane): boolean {
  return (
    lane.running === undefined &&
    lane.delivery === undefined &&
    lane.waiting.length === 0 &&
    lane.fresh.length === 0
  );
}
