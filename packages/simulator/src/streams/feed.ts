import type { SourceRecord } from '@oncefold/event-source-mapping';
import type { Application, ForeignWrite, ProducedRecord } from '../application.ts';
import type { FaultKind } from '../faults/fault-kinds.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { EventBody } from '../history/history.ts';
import { observedItem } from '../history/observe-tables.ts';
import type { Draw } from '../random/draw.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { SimulatedStore } from '../store/create-store.ts';
import { slotOf } from '../store/store-table.ts';
import type { SimulatedStream } from './simulated-stream.ts';

/** Open shards of one stream; beyond them none is split. */
const SHARDS_MAX = 6;

/** How often another program tries to write an item that a transaction holds, and how long it waits between. */
const FOREIGN_ATTEMPTS_MAX = 100;
const FOREIGN_RETRY_MS = 100;

interface FeedOptions {
  readonly scheduler: Scheduler;
  readonly faults: FaultPlan;
  readonly draw: Draw;
  readonly record: (event: EventBody) => void;
  readonly onFault: (kind: FaultKind, target: string) => void;
  readonly streams: ReadonlyMap<string, SimulatedStream>;
  readonly store: SimulatedStore;
}

/** Schedules what comes from outside: records of producers, writes of other programs, and other shards. */
export function feed(application: Application, options: FeedOptions): void {
  for (const record of application.load) {
    options.scheduler.after(record.atMs, () => produce(record, options));
  }
  for (const write of application.foreignWrites ?? []) {
    options.scheduler.after(write.atMs, () => writeForeign(write, options));
  }
  for (const { atMs } of [...application.load, ...(application.foreignWrites ?? [])]) {
    options.scheduler.after(atMs, () => {
      for (const stream of options.streams.values()) {
        reshard(stream, options);
      }
    });
  }
}

function produce(record: ProducedRecord, { streams, scheduler, record: note }: FeedOptions): void {
  const stream = streams.get(record.stream);
  if (stream === undefined) {
    throw new Error(`the application has no stream ${record.stream}`);
  }
  const { shardId, sequenceNumber } = stream.put(record.partitionKey, record.label, (number) =>
    sourceRecord(record, number, scheduler.now()),
  );
  note({ type: 'record-put', stream: stream.name, shard: shardId, sequenceNumber, label: record.label });
}

function sourceRecord(
  { content, partitionKey }: ProducedRecord,
  number: string,
  nowMs: number,
): SourceRecord {
  if ('data' in content) {
    return {
      SequenceNumber: number,
      PartitionKey: partitionKey,
      Data: content.data,
      ApproximateArrivalTimestamp: nowMs / 1000,
    };
  }
  // An image has its key.
  const Id = content.image['Id'] ?? { S: partitionKey };
  return {
    eventID: `event-${number}`,
    eventName: 'INSERT',
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(nowMs / 1000),
      Keys: { Id },
      NewImage: { Id, ...content.image },
      SequenceNumber: number,
      StreamViewType: 'NEW_IMAGE',
    },
  };
}

function writeForeign(write: ForeignWrite, options: FeedOptions, attempt = 1): void {
  const { store, record, scheduler } = options;
  const table = store.table(write.table);
  if (table === undefined) {
    throw new Error(`the application has no table ${write.table}`);
  }
  const slot = slotOf(table, write.key);
  if (slot.heldBy !== undefined && attempt < FOREIGN_ATTEMPTS_MAX) {
    scheduler.after(FOREIGN_RETRY_MS, () => writeForeign(write, options, attempt + 1));
    return;
  }
  const isDone = slot.heldBy === undefined && (write.onlyIfPresent !== true || slot.item !== undefined);
  const before = slot.item;
  if (isDone) {
    const item = write.change === undefined ? write.item : write.change(before);
    store.write(slot, item === undefined ? undefined : { ...item, ...write.key });
  }
  const change = {
    ...(before !== undefined && { before: observedItem(before) }),
    ...(slot.item !== undefined && { after: observedItem(slot.item) }),
  };
  record({
    type: 'foreign-write',
    table: write.table,
    label: write.label,
    isDone,
    ...(write.change !== undefined && { change }),
  });
}

function reshard(stream: SimulatedStream, { faults, onFault, record }: FeedOptions): void {
  const { name } = stream;
  const split = stream.openShards().length < SHARDS_MAX ? faults.strikes('shard-split') : undefined;
  if (split !== undefined) {
    onFault('shard-split', name);
    record({ type: 'shards-changed', stream: name, text: stream.split(split.integer(0, SHARDS_MAX)) });
  }
  // DynamoDB Streams never merge shards.
  const merge = stream.kind === 'kinesis' ? faults.strikes('shards-merged') : undefined;
  const text = merge === undefined ? undefined : stream.merge(merge.integer(0, SHARDS_MAX));
  if (text !== undefined) {
    onFault('shards-merged', name);
    record({ type: 'shards-changed', stream: name, text });
  }
}
