import { GuardViolationError, StrategyError } from '../errors.ts';
import { compareSequenceNumbers } from '../sequence-number.ts';
import type { Batch, CommitRecord, Division, Strategy, StrategySession } from '../strategy.ts';
import type { CompareAndSet, Item } from '../transaction-port.ts';

const ATTRIBUTE = 'SequenceNumber';

/**
 * Guards a group with the shard's position, moved in the same transaction from where it was to the group's last record.
 *
 * It holds for any redelivery, any grouping and any zombie, without limit of time, as long as the records come through their
 * shard: a record behind the position is taken as applied. So records that were skipped by the mapping and are sent again
 * through another door would be dropped; give such a door a consumer name of its own, or use `ledger`.
 *
 * @param options.consumer - the name under which this function consumes the stream; must not hold `#`.
 * @param options.table - name of the table of positions (key `Position`, text attribute `SequenceNumber`).
 * @param options.parallelizationFactor - that of the mapping. Above 1 several batches of one shard run at once and out of
 * order, so a position says nothing, and the strategy refuses.
 */
export function checkpoint(options: {
  consumer: string;
  table: string;
  parallelizationFactor?: number;
}): Strategy {
  if (options.consumer === '' || options.consumer.includes('#'))
    throw new StrategyError('consumer must be text without "#"');
  if ((options.parallelizationFactor ?? 1) !== 1) {
    throw new StrategyError(
      'checkpoint needs a parallelization factor of 1: with more, batches of one shard overtake each other',
    );
  }
  /** Positions by shard as this process last saw them. A stale one costs one failed condition, never a wrong sum. */
  const positions = new Map<string, string | undefined>();

  return {
    code: 'checkpoint',
    guardSize: () => 1,
    forget: (batch) => {
      if (batch.shardId !== undefined) positions.delete(batch.shardId);
    },
    open: async (batch, { read }) => {
      const shardId = shardOf(batch);
      const key: Item = { Position: { S: `${options.consumer}#${shardId}` } };
      if (!positions.has(shardId)) {
        const standing = await read({ table: options.table, key });
        positions.set(shardId, standing === undefined ? undefined : positionIn(standing));
      }
      return openSession({
        table: options.table,
        key,
        name: `${options.consumer}#${shardId}`,
        shardId,
        positions,
      });
    },
  };
}

function openSession(place: {
  table: string;
  key: Item;
  name: string;
  shardId: string;
  positions: Map<string, string | undefined>;
}): StrategySession {
  const divide = (records: readonly CommitRecord[]): Division => {
    const position = place.positions.get(place.shardId);
    const isApplied = (record: CommitRecord): boolean =>
      position !== undefined && compareSequenceNumbers(sequenceNumberOf(record), position) <= 0;
    return { fresh: records.filter((r) => !isApplied(r)), applied: records.filter(isApplied) };
  };

  return {
    admit: (records) => {
      assertAscending(records);
      return divide(records);
    },
    guard: (group) => {
      const last = sequenceNumberOf(lastOf(group));
      const move: CompareAndSet = {
        type: 'compare-and-set',
        table: place.table,
        key: place.key,
        attribute: ATTRIBUTE,
        previous: place.positions.get(place.shardId),
        next: last,
      };
      return { name: `${place.name}#${last}`, actions: [move] };
    },
    onConditionFailed: (group, guard, failures) => {
      const own = failures.find(({ action }) => action === guard.actions[0]);
      if (own === undefined)
        throw new GuardViolationError('a row of sums stands though the position is before its records');
      if (own.standing === undefined) throw new GuardViolationError('the position of the shard went away');
      const standing = positionIn(own.standing);
      const previous = place.positions.get(place.shardId);
      if (previous !== undefined && compareSequenceNumbers(standing, previous) <= 0) {
        throw new GuardViolationError('the position of the shard went backwards');
      }
      place.positions.set(place.shardId, standing);
      return divide(group);
    },
    onTokenMismatch: () => {
      throw new GuardViolationError('a token mismatch was reported for a transaction without a token');
    },
    onCommitted: (group) => {
      place.positions.set(place.shardId, sequenceNumberOf(lastOf(group)));
    },
  };
}

function shardOf(batch: Batch): string {
  if (batch.shardId === undefined || batch.shardId === '') {
    throw new StrategyError(
      'checkpoint needs the shard id: Kinesis has it in eventID, DynamoDB Streams tell it only to a mapping with a tumbling window',
    );
  }
  return batch.shardId;
}

function sequenceNumberOf(record: CommitRecord): string {
  if (record.sequenceNumber === undefined)
    throw new StrategyError('checkpoint needs the sequence number of every record');
  return record.sequenceNumber;
}

function positionIn(item: Item): string {
  const value = item[ATTRIBUTE];
  if (value === undefined || !('S' in value))
    throw new GuardViolationError(`the position has no text attribute ${ATTRIBUTE}`);
  return value.S;
}

function lastOf(group: readonly CommitRecord[]): CommitRecord {
  const last = group.at(-1);
  if (last === undefined) throw new GuardViolationError('a group without records has no guard');
  return last;
}

function assertAscending(records: readonly CommitRecord[]): void {
  for (const [index, record] of records.entries()) {
    const next = records[index + 1];
    if (next !== undefined && compareSequenceNumbers(sequenceNumberOf(record), sequenceNumberOf(next)) >= 0) {
      throw new StrategyError(
        'checkpoint needs the records of a batch in ascending order of sequence number',
      );
    }
  }
}
