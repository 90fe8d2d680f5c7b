import {
  type CommitRecord,
  formatPosition,
  type ItemKey,
  type Partition,
  type Strategy,
} from '@oncefold/commit';

const ATTRIBUTE = 'SequenceNumber';

/**
 * What `checkpoint` was at first: each process remembers positions, and a group moves the position from where the process
 * believes it to be. When that fails, the group is partitioned by the position that was found, and the rest of the batch is not,
 * although the position may be behind it already.
 */
export function staleCheckpoint(options: {
  readonly namespace: string;
  readonly consumer: string;
  readonly table: string;
}): Strategy {
  /** Positions by shard, as this process saw them last. */
  const positions = new Map<string, string>();
  return {
    code: 'checkpoint',
    identifiesBy: 'position',
    guardSize: () => 1,
    open: ({ source, shardId }) => {
      const shard = `${options.namespace}/${options.consumer}/${source}/${shardId}`;
      const item: ItemKey = { table: options.table, key: { Position: { S: shard } } };
      const position = (): string => positions.get(shard) ?? START;
      let isAdmitted = false;
      return {
        // The store is asked for the position of a shard that is not known yet; the records are admitted by what is remembered.
        opening: () =>
          isAdmitted
            ? undefined
            : [{ type: 'put-if-absent', ...item, attributes: { [ATTRIBUTE]: { S: START } } }],
        onOpened: () => {
          isAdmitted = true;
          positions.set(shard, START);
        },
        guard: (group) => ({
          name: `${shard}#${positionOf(group.at(-1))}`,
          actions: [
            {
              type: 'compare-and-set',
              ...item,
              attribute: ATTRIBUTE,
              previous: position(),
              next: positionOf(group.at(-1)),
            },
          ],
        }),
        onGuardFailed: ({ group, failures, pending }) => {
          const existing = failures[0]?.existing?.[ATTRIBUTE];
          const found = existing !== undefined && 'S' in existing ? existing.S : START;
          if (group.length === 0) {
            isAdmitted = true;
            positions.set(shard, positions.get(shard) ?? found);
            return partitionAt(pending, position());
          }
          positions.set(shard, found);
          const { fresh, applied } = partitionAt(group, found);
          return { fresh: [...fresh, ...pending.slice(group.length)], applied };
        },
        around: async (group, commit) => {
          try {
            const outcome = await commit();
            if (outcome.code === 'committed') {
              positions.set(shard, positionOf(group.at(-1)));
            }
            return outcome;
          } catch (error) {
            positions.delete(shard);
            throw error;
          }
        },
      };
    },
  };
}

const START = formatPosition('0');

function partitionAt(records: readonly CommitRecord[], position: string): Partition {
  return {
    fresh: records.filter((record) => positionOf(record) > position),
    applied: records.filter((record) => positionOf(record) <= position),
  };
}

function positionOf(record: CommitRecord | undefined): string {
  return formatPosition(record?.sequenceNumber ?? '0', record?.subSequenceNumber);
}
