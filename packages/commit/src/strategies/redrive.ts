import { assertKnownOptions } from '../assert-known-options.ts';
import { GuardLostError, GuardViolationError, StrategyError } from '../errors.ts';
import type { ItemReader } from '../item-reader.ts';
import { isPosition } from '../position.ts';
import { nodesOfRangesAround } from '../ranges.ts';
import { type ResolvedNames, resolveNames } from '../resolve-names.ts';
import type { Batch, CommitRecord, Invocation, Partition, Strategy, StrategySession } from '../strategy.ts';
import { type Item, itemName } from '../transaction-port.ts';
import {
  type CheckpointOptions,
  checkpoint,
  lastOf,
  positionIn,
  positionKey,
  positionOf,
  RANGES_BEHIND,
  raise,
  rangeMarkerKey,
  shardKey,
  startMarkerKey,
} from './checkpoint.ts';
import { type LedgerOptions, ledger } from './ledger.ts';

/** Options of {@link redrive}. */
export interface RedriveOptions {
  /** Those of the stage's ledger, with its own names; for a stage under `checkpoint`, the table is its `startsTable`. */
  readonly ledger: LedgerOptions;
  /** Those of the stage's `checkpoint`, with `ranges`; absent for a stage under `ledger`. */
  readonly checkpoint?: CheckpointOptions | undefined;
  /**
   * For a stage under `ledger` that may have been under `checkpoint` before: its table of positions. Where a shard has one it is raised, so
   * that no late request of that time gets in; none is begun.
   */
  readonly formerPositions?: string | undefined;
  readonly reader: ItemReader;
}

/** With the names filled in. */
interface ResolvedOptions extends RedriveOptions {
  readonly ledger: LedgerOptions & ResolvedNames;
}

/**
 * Guards a batch that an event source mapping has given up, and that is handed in again by another way than its shard.
 *
 * Whatever was applied of it before, or is applied by a request that is still on its way, counts once: the position of the shard is
 * raised to the end of the batch, so that no commit of `checkpoint` can get in any more; then the range markers tell what is applied;
 * and each other record gets a marker of the ledger, so that a second redrive, in any cut, adds nothing. What an earlier or a later
 * `ledger` of the stage has let in is known by the same markers.
 *
 * A batch is given up when its mapping has moved on, so no record at or before its end is still to come through the shard; one that
 * is redelivered is taken as applied, and counts by its redrive. So do not redrive records that the mapping has not given up.
 *
 * @param given - names and tables as the stage has them
 * @returns the strategy, for {@link commitBatch} or `commitOnce`, for batches with shard id, sequence numbers and times, without gaps
 * @throws {@link StrategyError} when an option cannot be used
 */
export function redrive(given: RedriveOptions): Strategy<'id'> {
  assertKnownOptions('redrive', given, {
    known: ['ledger', 'checkpoint', 'formerPositions', 'reader'],
    required: ['ledger', 'reader'],
  });
  const markers = ledger(given.ledger);
  const positions = given.checkpoint === undefined ? undefined : checkpoint(given.checkpoint);
  const options: ResolvedOptions = {
    ...given,
    ledger: { ...given.ledger, ...resolveNames('ledger', given.ledger) },
  };
  if (options.checkpoint !== undefined && options.checkpoint.startsTable !== options.ledger.table) {
    throw new StrategyError(
      'redrive needs the ledger in the startsTable of checkpoint: ranges are read there',
    );
  }
  const table = options.checkpoint?.table ?? options.formerPositions;
  return {
    code: 'ledger',
    identifiesBy: 'id',
    guardSize: (recordCount) => markers.guardSize(recordCount),
    open: (batch, invocation) => {
      assertTimes(batch);
      return {
        ...markers.open(batch, invocation),
        ...(table !== undefined &&
          closeShard(batch, {
            table,
            start: positions?.open(batch, invocation) as GuardedSession | undefined,
            invocation,
            options,
          })),
        find: (pending, delivered) => findApplied(batch, { pending, delivered, options }),
      };
    },
  };
}

/** A session of `ledger` or of `checkpoint`: both decide what their guard refuses, where strategies without a guard need not. */
type GuardedSession = StrategySession & Required<Pick<StrategySession, 'onGuardFailed'>>;

/** Without its time it could not be known whether what was left of a record has expired. */
function assertTimes({ records }: Batch): void {
  const index = records.findIndex(({ time }) => time === undefined);
  if (index >= 0) {
    throw new StrategyError(`record ${index} has no time: whether its marker has expired cannot be known`, {
      recordIndex: index,
    });
  }
}

/**
 * Raises the position to the end of the batch. From then on what `checkpoint` has applied of the batch changes no more.
 *
 * @param start - begins the shard before where that is needed; absent: a shard without a position is left so
 */
function closeShard(
  batch: Batch,
  {
    table,
    start,
    invocation,
    options,
  }: {
    table: string;
    start: GuardedSession | undefined;
    invocation: Invocation;
    options: ResolvedOptions;
  },
): Pick<StrategySession, 'opening' | 'onOpened' | 'onGuardFailed'> {
  const position = positionKey(shardKey(batch, options.ledger), table);
  const end = positionOf(lastOf(batch.records));
  const close = raise(position, end, end);
  const markers = ledger(options.ledger).open(batch, invocation) as GuardedSession;
  let isClosed = false;
  return {
    opening: () => (isClosed ? undefined : (start?.opening?.() ?? [close])),
    onOpened: () => {
      isClosed = start?.opening?.() === undefined;
      start?.onOpened?.();
    },
    onGuardFailed: (failure) => {
      if (failure.group.length > 0) {
        return markers.onGuardFailed(failure);
      }
      const { pending, failures } = failure;
      const refused = failures.find(({ action }) => action.type === 'raise');
      if (start !== undefined && refused?.existing === undefined) {
        // Without a position, as for any group that finds none.
        return start.onGuardFailed(refused === undefined ? failure : { ...failure, group: pending });
      }
      if (refused?.existing !== undefined && positionIn(refused.existing) < end) {
        throw new GuardViolationError(
          `a position refused a raise: ${itemName(position)} was changed by another program`,
        );
      }
      isClosed = true;
      return { fresh: pending, applied: [] };
    },
  };
}

async function findApplied(
  batch: Batch,
  {
    pending,
    delivered,
    options,
  }: {
    readonly pending: readonly CommitRecord[];
    readonly delivered: readonly CommitRecord[];
    readonly options: ResolvedOptions;
  },
): Promise<Partition> {
  const { table } = options.ledger;
  const shard = shardKey(batch, options.ledger);
  const positions = delivered.map(positionOf);
  const nodes = [...nodesOfRangesAround(positions)];
  const [marker, ...found] = await options.reader.read([
    startMarkerKey(shard, table),
    ...nodes.map((node) => rangeMarkerKey(shard, node, table)),
  ]);
  if (marker === undefined) {
    if (options.checkpoint !== undefined) {
      throw new GuardLostError('the start marker of a shard is missing although it has a position');
    }
    // The shard has never been under `checkpoint`.
    return { fresh: pending, applied: [] };
  }
  assertRangesKept(marker, positions);
  const ranges = found.flatMap((item) => (item === undefined ? [] : [rangeIn(item)]));
  const isApplied = (record: CommitRecord): boolean => {
    const position = positionOf(record);
    return ranges.some(({ first, last }) => first <= position && position <= last);
  };
  return { fresh: pending.filter((record) => !isApplied(record)), applied: pending.filter(isApplied) };
}

function assertRangesKept(marker: Item, positions: readonly string[]): void {
  const behind = marker[RANGES_BEHIND]?.S;
  if (behind !== undefined && positions.every((position) => position > behind)) {
    return;
  }
  throw new GuardLostError(
    'the shard was started without range markers: what is applied of the batch cannot be known. Compare the sums with their source and correct the difference',
  );
}

function rangeIn({ First, Last }: Item): { readonly first: string; readonly last: string } {
  if (
    First === undefined ||
    Last === undefined ||
    !('S' in First && 'S' in Last && isPosition(First.S) && isPosition(Last.S))
  ) {
    throw new GuardViolationError('a range marker has no First and Last that this release writes');
  }
  return { first: First.S, last: Last.S };
}
