import { identityKey } from '@oncefold/request-token';
import { assertKnownOptions } from '../assert-known-options.ts';
import { GuardLostError, GuardViolationError, StrategyError } from '../errors.ts';
import {
  assertPlace,
  formatPosition,
  isPosition,
  POSITION_OF_START,
  SUB_SEQUENCE_NUMBER_MAX,
} from '../position.ts';
import { nodeOfRange } from '../ranges.ts';
import { type Names, type ResolvedNames, resolveNames } from '../resolve-names.ts';
import { assertRetention, RETENTION_SECONDS_DEFAULT } from '../retention.ts';
import type { Batch, CommitRecord, GuardFailure, Partition, Strategy, StrategySession } from '../strategy.ts';
import {
  type Action,
  type CompareAndSet,
  type FailedCondition,
  type Item,
  type ItemKey,
  itemName,
  type Put,
  type PutIfAbsent,
  type Raise,
} from '../transaction-port.ts';

const ATTRIBUTE = 'SequenceNumber';

/** Attribute of a start marker: the position behind which every commit of the shard leaves a range marker. */
export const RANGES_BEHIND = 'RangesBehind';

/** Options of {@link checkpoint}. */
export interface CheckpointOptions extends Names {
  /** Name of the table of positions: key `Position` (S), text attribute `SequenceNumber`. */
  readonly table: string;
  /**
   * Name of the table in which the start of each shard is marked for good: key `Marker` (S), so that it may be the table of
   * `ledger`. It must be another one than `table`, so that a table of positions that is lost is not taken for a first start.
   */
  readonly startsTable: string;
  /**
   * That of the event source mapping. Above 1, several batches of one shard run at once and out of order, so that a position
   * says nothing and records would be lost: the strategy refuses it.
   */
  readonly parallelizationFactor: number;
  /**
   * The source that release 0.1.0 may have worked on: its positions (`<consumer>#<shard id>`) are then taken over, and text is left
   * there that it refuses. Needed as long as a shard that it has worked on is open; it costs one item per shard. Absent: there are
   * none.
   */
  readonly formerSource?: string | undefined;
  /**
   * Leaves a marker of the committed range with each commit, in `startsTable`, with which {@link redrive} tells the records of a batch
   * that the mapping has given up from those that are applied. It costs 2 write units per commit. Absent: there are none, and
   * a batch that was given up cannot be redriven.
   */
  readonly ranges?: RangeOptions | undefined;
}

/** How {@link checkpoint} keeps the ranges that it has committed. */
export interface RangeOptions {
  /** How long a range marker is kept, in whole seconds; longer than any batch that is given up waits for its redrive. Default 15 days. */
  readonly retentionSeconds?: number | undefined;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Guards a group with the shard's position, raised in the same transaction to the group's last record, only if it is lower than
 * the group's first.
 *
 * It holds for any redelivery, any grouping and any late write, without limit of time, as long as the records come through their
 * shard: a record behind the position is taken as applied. So records that the mapping has skipped, and that are delivered
 * later, would be dropped: they are redriven with {@link redrive}, for which this strategy leaves `ranges`.
 *
 * Nothing is remembered or read: the condition is checked by the store, and a condition that fails returns the position. A shard
 * without a position is started by a transaction of its own, which also writes the start marker. A position that is missing
 * although its shard was started throws {@link GuardLostError}, however often the batch is delivered.
 *
 * @param options - names, the two tables, and the mapping's own parallelization factor
 * @returns the strategy, for {@link commitBatch} or `commitOnce`
 * @throws {@link StrategyError} when an option cannot be used
 */
export function checkpoint(options: CheckpointOptions): Strategy<'position'> {
  assertKnownOptions('checkpoint', options, {
    known: [
      'namespace',
      'consumer',
      'table',
      'startsTable',
      'parallelizationFactor',
      'formerSource',
      'ranges',
    ],
    required: ['table'],
    texts: ['table', 'formerSource'],
  });
  const names = resolveNames('checkpoint', options);
  if (options.parallelizationFactor !== 1) {
    throw new StrategyError(
      'checkpoint needs parallelizationFactor: 1, and a mapping that has it: with more, batches of one shard overtake each other and records are lost',
    );
  }
  if (
    typeof options.startsTable !== 'string' ||
    options.startsTable === '' ||
    options.startsTable === options.table
  ) {
    throw new StrategyError(
      'checkpoint needs a startsTable that is another table than that of the positions: the table of a ledger will do',
    );
  }
  const ranges = resolveRanges(options.ranges);
  return {
    code: 'checkpoint',
    identifiesBy: 'position',
    guardSize: () => (ranges === undefined ? 1 : 2),
    open: (batch) => openSession(batch, { ...options, ...names, ranges }),
  };
}

/** What is known of the shard's position. */
type Knowledge =
  /** Nothing: the condition will tell. */
  | { readonly code: 'unknown' }
  /** It is absent, so that the shard must be started, from the position of release 0.1.0 where there is one. */
  | { readonly code: 'absent'; readonly former: string | undefined };

/** With every default filled in. */
interface ResolvedOptions extends Omit<CheckpointOptions, keyof ResolvedNames | 'ranges'>, ResolvedNames {
  readonly ranges: ResolvedRanges | undefined;
}

interface ResolvedRanges {
  readonly retentionSeconds: number;
  readonly now: () => number;
}

function openSession(batch: Batch, options: ResolvedOptions): StrategySession {
  const { ranges } = options;
  const shardId = shardOf(batch);
  const shard = shardKey(batch, options);
  const position = positionKey(shard, options.table);
  const marker = startMarkerKey(shard, options.startsTable);
  const former: ItemKey = {
    table: options.table,
    key: { Position: { S: `${options.consumer}#${shardId}` } },
  };
  assertAscending(batch.records);
  let knowledge: Knowledge = { code: 'unknown' };

  const hasFormer = batch.source === options.formerSource;
  const openingActions = (formerPosition: string | undefined): Action[] => {
    const start = formerPosition === undefined ? POSITION_OF_START : endOf(formerPosition);
    return [
      { type: 'put-if-absent', ...position, attributes: { [ATTRIBUTE]: { S: start } } },
      {
        type: 'put-if-absent',
        ...marker,
        attributes: ranges === undefined ? {} : { [RANGES_BEHIND]: { S: start } },
      },
      ...(hasFormer ? [takeOver(former, formerPosition, shard)] : []),
    ];
  };

  const onOpeningFailed = (
    failures: GuardFailure['failures'],
    pending: GuardFailure['pending'],
  ): Partition => {
    const failureOf = (item: ItemKey): FailedCondition | undefined =>
      failures.find(({ action }) => itemName(action) === itemName(item));
    if (failureOf(position) !== undefined) {
      // Another process started the shard, or this very transaction did and its answer was lost.
      knowledge = { code: 'unknown' };
      return { fresh: pending, applied: [] };
    }
    if (failureOf(marker) !== undefined) {
      throw positionLost();
    }
    const formerPosition = formerPositionIn(failureOf(former)?.existing);
    knowledge = { code: 'absent', former: formerPosition };
    return partitionAt(pending, endOf(formerPosition));
  };

  return {
    opening: () => (knowledge.code === 'absent' ? openingActions(knowledge.former) : undefined),
    onOpened: () => {
      knowledge = { code: 'unknown' };
    },
    guard: (group) => ({
      name: `${shard}#${nameOf(lastOf(group))}`,
      actions: [
        raise(position, positionOf(firstOf(group)), positionOf(lastOf(group))),
        ...(ranges === undefined
          ? []
          : [rangeMarker(shard, group, { table: options.startsTable, ...ranges })]),
      ],
    }),
    onGuardFailed: ({ group, failures, pending }) => {
      if (group.length === 0) {
        return onOpeningFailed(failures, pending);
      }
      const existing = failures.find(({ action }) => itemName(action) === itemName(position))?.existing;
      if (existing === undefined) {
        knowledge = { code: 'absent', former: undefined };
        return { fresh: pending, applied: [] };
      }
      const partition = partitionAt(pending, positionIn(existing));
      if (partition.applied.length === 0) {
        throw new GuardViolationError(
          'a position refused a group that lies behind it: it was changed by another program',
        );
      }
      return partition;
    },
  };
}

/** What is at or before the position is applied. */
function partitionAt(records: readonly CommitRecord[], position: string): Partition {
  const isApplied = (record: CommitRecord): boolean => positionOf(record) <= position;
  return { fresh: records.filter((record) => !isApplied(record)), applied: records.filter(isApplied) };
}

export function raise(position: ItemKey, below: string, to: string): Raise {
  return { type: 'raise', ...position, attribute: ATTRIBUTE, below, to };
}

/** Put without a condition: the position beside it lets each range in once. */
function rangeMarker(
  shard: string,
  group: readonly CommitRecord[],
  { table, retentionSeconds, now }: ResolvedRanges & { readonly table: string },
): Put {
  const first = positionOf(firstOf(group));
  const last = positionOf(lastOf(group));
  // Not before the records, whatever this machine's clock says: the retention is counted from there.
  const latest = Math.max(now() / 1000, ...group.map(({ time = 0 }) => time));
  return {
    type: 'put',
    ...rangeMarkerKey(shard, nodeOfRange(first, last), table),
    attributes: {
      First: { S: first },
      Last: { S: last },
      ExpiresAt: { N: String(Math.ceil(latest) + retentionSeconds) },
    },
  };
}

export function shardKey(batch: Batch, names: ResolvedNames): string {
  return identityKey({ ...names, source: batch.source, id: shardOf(batch) });
}

export function positionKey(shard: string, table: string): ItemKey {
  return { table, key: { Position: { S: shard } } };
}

export function startMarkerKey(shard: string, table: string): ItemKey {
  return { table, key: { Marker: { S: `${shard}#start` } } };
}

export function rangeMarkerKey(shard: string, node: string, table: string): ItemKey {
  return { table, key: { Marker: { S: `${shard}#range#${node}` } } };
}

function resolveRanges(ranges: RangeOptions | undefined): ResolvedRanges | undefined {
  if (ranges === undefined) {
    return undefined;
  }
  assertKnownOptions('checkpoint: ranges', ranges, { known: ['retentionSeconds', 'now'], required: [] });
  const { retentionSeconds = RETENTION_SECONDS_DEFAULT, now = Date.now } = ranges;
  assertRetention('checkpoint: ranges', retentionSeconds, now);
  return { retentionSeconds, now };
}

/** Leaves text that release 0.1.0 refuses, so that old code that runs once more stops instead of counting again. */
function takeOver(former: ItemKey, position: string | undefined, shard: string): CompareAndSet | PutIfAbsent {
  const next = `taken over by ${shard}`;
  return position === undefined
    ? { type: 'put-if-absent', ...former, attributes: { [ATTRIBUTE]: { S: next } } }
    : { type: 'compare-and-set', ...former, attribute: ATTRIBUTE, previous: position, next };
}

/** What was taken over has a position of its own, or had one. */
function formerPositionIn(item: Item | undefined): string {
  const value = item?.[ATTRIBUTE];
  if (value === undefined || !('S' in value) || !/^\d{1,129}$/.test(value.S)) {
    throw positionLost();
  }
  return value.S;
}

/** Release 0.1.0 knew whole Kinesis records only. */
function endOf(formerPosition: string): string {
  return formatPosition(formerPosition, SUB_SEQUENCE_NUMBER_MAX);
}

function shardOf(batch: Batch): string {
  if (batch.shardId === undefined || batch.shardId === '') {
    throw new StrategyError(
      'checkpoint needs the shard id: Kinesis has it in eventID, DynamoDB Streams tell it only to a mapping with a tumbling window',
    );
  }
  return batch.shardId;
}

export function positionOf(record: CommitRecord): string {
  return formatPosition(sequenceNumberOf(record), record.subSequenceNumber);
}

function nameOf(record: CommitRecord): string {
  const { subSequenceNumber } = record;
  return `${sequenceNumberOf(record)}${subSequenceNumber === undefined ? '' : `.${subSequenceNumber}`}`;
}

function sequenceNumberOf({ sequenceNumber }: CommitRecord): string {
  if (sequenceNumber === undefined) {
    throw new StrategyError('checkpoint needs the sequence number of every record');
  }
  return sequenceNumber;
}

export function positionIn(item: Item): string {
  const value = item[ATTRIBUTE];
  if (value === undefined || !('S' in value) || !isPosition(value.S)) {
    throw new GuardViolationError(`the position has no ${ATTRIBUTE} that this release writes`);
  }
  return value.S;
}

function positionLost(): GuardLostError {
  return new GuardLostError(
    'the position of a shard is missing although the shard was started: put it back before the shard goes on, or records count twice',
  );
}

function firstOf(group: readonly CommitRecord[]): CommitRecord {
  const first = group[0];
  if (first === undefined) {
    throw new GuardViolationError('a group without records has no guard');
  }
  return first;
}

export function lastOf(group: readonly CommitRecord[]): CommitRecord {
  return group.at(-1) ?? firstOf(group);
}

function assertAscending(records: readonly CommitRecord[]): void {
  let previous: CommitRecord | undefined;
  for (const [index, record] of records.entries()) {
    assertPlace(sequenceNumberOf(record), record.subSequenceNumber);
    if (previous !== undefined && !isBehind(record, previous)) {
      throw new StrategyError(`record ${index} of the batch is not behind the one before it in its shard`, {
        recordIndex: index,
      });
    }
    previous = record;
  }
}

/** Digits of equal number are in the order of their numbers; only for others are the positions written, which takes twice as long. */
function isBehind(record: CommitRecord, previous: CommitRecord): boolean {
  const [own, other] = [sequenceNumberOf(record), sequenceNumberOf(previous)];
  return own.length === other.length && own !== other
    ? own > other
    : positionOf(record) > positionOf(previous);
}
