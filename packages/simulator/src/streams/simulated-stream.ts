import type { ReadPosition, ShardDescription, SourceRecord } from '@oncefold/event-source-mapping';

/** How long a stream keeps a record, in milliseconds: 24 hours. */
const RETENTION_MS = 24 * 60 * 60 * 1000;

/**
 * Sequence numbers of a stream's first record. Two streams have the same ones. They are past what a number of JavaScript can say, and
 * soon become one digit longer, in decimals or as the state stage writes them (base 36); or they are short, as no stream of AWS has them.
 */
export const FIRST_SEQUENCE_NUMBERS: readonly bigint[] = [96n, 10n ** 20n - 4n, 36n ** 13n - 4n];

interface StoredRecord {
  readonly sequenceNumber: bigint;
  readonly at: number;
  readonly label: string;
  readonly record: SourceRecord;
}

interface Shard {
  readonly id: string;
  readonly parents: readonly string[];
  /** Part of the hash range, from 0 to 1. */
  readonly from: number;
  readonly to: number;
  readonly records: StoredRecord[];
  isClosed: boolean;
  waiting: (() => void)[];
}

/** What a read of a shard brings. */
export type ReadResult =
  | { readonly code: 'read'; readonly records: readonly SourceRecord[]; readonly isEndOfShard: boolean }
  | { readonly code: 'trimmed' };

/** A stream with shards that are split and merged. Every stream has the same shard ids and sequence numbers as every other one. */
export interface SimulatedStream {
  readonly name: string;
  readonly kind: 'kinesis' | 'dynamodb';
  readonly arn: string;
  /** Adds a record to the open shard of its partition key; says where it is. */
  put(
    partitionKey: string,
    label: string,
    create: (sequenceNumber: string) => SourceRecord,
  ): { readonly shardId: string; readonly sequenceNumber: string };
  describe(): readonly ShardDescription[];
  read(shardId: string, position: ReadPosition, limit: number): ReadResult;
  /** Calls back once, when the shard has a record behind the position or is closed; at once if that is so already. */
  whenChanged(shardId: string, count: number, run: () => void): void;
  /** Records that the shard has had. */
  countOf(shardId: string): number;
  /** Labels of the records of a shard from one number to another, both included. */
  labelsBetween(shardId: string, first: string, last: string): readonly string[];
  /** Splits the n-th open shard; says in words what became of it. */
  split(index: number): string;
  /** Merges the n-th open shard with its neighbour; undefined where it has none. */
  merge(index: number): string | undefined;
  /** Ids of the shards that take records. */
  openShards(): readonly string[];
  /** Last record of every shard whose last record is still kept. */
  lastSequenceNumbers(): ReadonlyMap<string, string>;
}

/** How a stream is made. */
export interface StreamOptions {
  readonly name: string;
  readonly kind: 'kinesis' | 'dynamodb';
  readonly shards: number;
  /** One of {@link FIRST_SEQUENCE_NUMBERS}. */
  readonly firstSequenceNumber: bigint;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Makes a stream without records. */
export function createStream(options: StreamOptions): SimulatedStream {
  return new ShardedStream(options);
}

class ShardedStream implements SimulatedStream {
  readonly name: string;
  readonly kind: 'kinesis' | 'dynamodb';
  readonly arn: string;
  readonly #now: () => number;
  readonly #shards = new Map<string, Shard>();
  #sequenceNumber: bigint;

  constructor({ name, kind, shards, firstSequenceNumber, now }: StreamOptions) {
    this.name = name;
    this.kind = kind;
    this.arn =
      kind === 'kinesis'
        ? `arn:aws:kinesis:us-east-1:123456789012:stream/${name}`
        : `arn:aws:dynamodb:us-east-1:123456789012:table/${name}/stream/2026-01-01T00:00:00.000`;
    this.#now = now;
    this.#sequenceNumber = firstSequenceNumber;
    for (let index = 0; index < shards; index += 1) {
      this.#open([], index / shards, (index + 1) / shards);
    }
  }

  put(
    partitionKey: string,
    label: string,
    create: (sequenceNumber: string) => SourceRecord,
  ): { readonly shardId: string; readonly sequenceNumber: string } {
    const place = placeOf(partitionKey);
    const shard = this.#openShards().find(({ from, to }) => place >= from && place < to) as Shard;
    const sequenceNumber = this.#sequenceNumber;
    this.#sequenceNumber += 1n;
    const text = String(sequenceNumber);
    shard.records.push({ sequenceNumber, at: this.#now(), label, record: create(text) });
    wake(shard);
    return { shardId: shard.id, sequenceNumber: text };
  }

  describe(): readonly ShardDescription[] {
    return [...this.#shards.values()].map(({ id, parents, isClosed }) => ({
      shardId: id,
      parentShardIds: parents,
      isClosed,
    }));
  }

  read(shardId: string, position: ReadPosition, limit: number): ReadResult {
    return readShard(this.#shardOf(shardId), { position, limit, trimmedBefore: this.#now() - RETENTION_MS });
  }

  whenChanged(shardId: string, count: number, run: () => void): void {
    const shard = this.#shardOf(shardId);
    if (shard.records.length > count || shard.isClosed) {
      run();
    } else {
      shard.waiting.push(run);
    }
  }

  countOf(shardId: string): number {
    return this.#shardOf(shardId).records.length;
  }

  labelsBetween(shardId: string, first: string, last: string): readonly string[] {
    const isBetween = ({ sequenceNumber }: StoredRecord): boolean =>
      sequenceNumber >= BigInt(first) && sequenceNumber <= BigInt(last);
    return this.#shardOf(shardId)
      .records.filter(isBetween)
      .map(({ label }) => label);
  }

  split(index: number): string {
    const candidates = this.#openShards();
    const shard = candidates[index % candidates.length] as Shard;
    const middle = (shard.from + shard.to) / 2;
    close(shard);
    const children = [this.#open([shard.id], shard.from, middle), this.#open([shard.id], middle, shard.to)];
    return `${shard.id} is split into ${children.map(({ id }) => id).join(' and ')}`;
  }

  merge(index: number): string | undefined {
    const candidates = this.#openShards().sort((a, b) => a.from - b.from);
    const left = candidates[index % candidates.length] as Shard;
    const right = candidates.find(({ from }) => from === left.to);
    if (right === undefined) {
      return undefined;
    }
    close(left);
    close(right);
    const child = this.#open([left.id, right.id], left.from, right.to);
    return `${left.id} and ${right.id} are merged into ${child.id}`;
  }

  openShards(): readonly string[] {
    return this.#openShards().map(({ id }) => id);
  }

  lastSequenceNumbers(): ReadonlyMap<string, string> {
    const numbers = new Map<string, string>();
    for (const { id, records } of this.#shards.values()) {
      const last = records.at(-1);
      if (last !== undefined && last.at >= this.#now() - RETENTION_MS) {
        numbers.set(id, String(last.sequenceNumber));
      }
    }
    return numbers;
  }

  #open(parents: readonly string[], from: number, to: number): Shard {
    const id = `shardId-${String(this.#shards.size).padStart(12, '0')}`;
    const shard: Shard = { id, parents, from, to, records: [], isClosed: false, waiting: [] };
    this.#shards.set(id, shard);
    return shard;
  }

  #openShards(): Shard[] {
    return [...this.#shards.values()].filter(({ isClosed }) => !isClosed);
  }

  #shardOf(shardId: string): Shard {
    const shard = this.#shards.get(shardId);
    if (shard === undefined) {
      throw new Error(`invariant: ${this.name} has no ${shardId}`);
    }
    return shard;
  }
}

function close(shard: Shard): void {
  shard.isClosed = true;
  wake(shard);
}

function wake(shard: Shard): void {
  const { waiting } = shard;
  shard.waiting = [];
  for (const run of waiting) {
    run();
  }
}

function readShard(
  shard: Shard,
  options: { readonly position: ReadPosition; readonly limit: number; readonly trimmedBefore: number },
): ReadResult {
  const { position, limit, trimmedBefore } = options;
  const { records, isClosed } = shard;
  const isKept = ({ at }: StoredRecord): boolean => at >= trimmedBefore;
  let start = 0;
  switch (position.kind) {
    case 'trim-horizon':
      start = firstIndex(records, isKept);
      break;
    case 'latest':
      start = records.length;
      break;
    case 'at-timestamp':
      start = firstIndex(
        records,
        (record) => isKept(record) && record.at >= position.timestampSeconds * 1000,
      );
      break;
    case 'at-sequence-number':
    case 'after-sequence-number': {
      const number = BigInt(position.sequenceNumber);
      const isAfter = position.kind === 'after-sequence-number';
      start = firstIndex(records, (record) =>
        isAfter ? record.sequenceNumber > number : record.sequenceNumber >= number,
      );
      const next = records[start];
      if (next !== undefined && !isKept(next)) {
        return { code: 'trimmed' };
      }
      break;
    }
  }
  const some = records.slice(start, start + limit);
  return {
    code: 'read',
    records: some.map(({ record }) => record),
    isEndOfShard: isClosed && start + some.length === records.length,
  };
}

function firstIndex(records: readonly StoredRecord[], matches: (record: StoredRecord) => boolean): number {
  const index = records.findIndex(matches);
  return index < 0 ? records.length : index;
}

/** Where a partition key is in the hash range of a stream's shards, from 0 to 1. */
export function placeOf(partitionKey: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < partitionKey.length; index += 1) {
    hash = Math.imul(hash ^ partitionKey.charCodeAt(index), 0x01000193);
  }
  // Keys that differ in their last letters only must not be neighbours.
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}
