import type { ShardStats } from '@oncefold/event-source-mapping';

/** What has been read from a stream and is not done with. */
export interface Backlog {
  /** Records that are buffered, in flight, or waiting for a retry. */
  readonly records: number;
  /** When the oldest of them was read, in milliseconds since the epoch; undefined when there is none. */
  readonly oldestReadAt: number | undefined;
  /** Whether the last read of every shard found nothing more; otherwise the stream holds more than is known here. */
  readonly isReadToEnd: boolean;
}

export function backlogOf({ unfinishedRecords, oldestReadMs, status, isCaughtUp }: ShardStats): Backlog {
  return {
    records: unfinishedRecords,
    oldestReadAt: oldestReadMs,
    isReadToEnd: status === 'drained' || isCaughtUp,
  };
}

/** What several shards, or several pollers, have not done. */
export function addBacklogs(backlogs: readonly Backlog[]): Backlog {
  const times = backlogs.flatMap(({ oldestReadAt }) => oldestReadAt ?? []);
  return {
    records: backlogs.reduce((sum, { records }) => sum + records, 0),
    oldestReadAt: times.length === 0 ? undefined : Math.min(...times),
    isReadToEnd: backlogs.every(({ isReadToEnd }) => isReadToEnd),
  };
}
