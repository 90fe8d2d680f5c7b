// Goal: the driver never goes quiet and never runs hot, whatever the clock and the stream do.
// Method: a stream in memory and a clock that the test moves; the real engines are in test/.
import type { MappingSettings, ShardDescription } from '@oncefold/event-source-mapping';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startMappingDriver } from './mapping-driver.ts';
import type { MappingEvent } from './mapping-event.ts';
import type { ShardRead, StreamSource } from './stream-source.ts';

const NOTHING: ShardRead = { code: 'records', records: [], isEndOfShard: false, millisBehindLatest: 0 };

beforeEach(() => {
  vi.useFakeTimers({ now: 1_763_884_800_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Driven {
  readonly driver: ReturnType<typeof startMappingDriver>;
  readonly reads: number[];
  readonly events: MappingEvent[];
  readonly failures: Error[];
}

/** Drives a mapping of a stream with one shard, whose reads answer as scripted. */
function drive(
  read: (count: number) => ShardRead | Error,
  listShards?: StreamSource['listShards'],
  more: Partial<MappingSettings> = {},
  gate?: (shardId: string) => Promise<void> | undefined,
): Driven {
  const driven = { reads: [] as number[], events: [] as MappingEvent[], failures: [] as Error[] };
  const driver = startMappingDriver({
    mappingId: 'Mapping',
    functionId: 'Function',
    settings: {
      source: { kind: 'kinesis', arn: 'arn:aws:kinesis:us-east-1:1:stream/S', region: 'us-east-1' },
      functionArn: 'arn:aws:lambda:us-east-1:1:function:f',
      startingPosition: 'TRIM_HORIZON',
      behaviour: { pollIntervalMs: 50, shardListIntervalMs: 100 },
      ...more,
    },
    source: {
      listShards: listShards ?? (async () => [{ shardId: 'shard', parentShardIds: [], isClosed: false }]),
      async read(shardId) {
        await gate?.(shardId);
        driven.reads.push(Date.now());
        const answer = read(driven.reads.length);
        if (answer instanceof Error) {
          throw answer;
        }
        return answer;
      },
    },
    invoke: async () => ({ code: 'succeeded', payload: '{"state":{}}', durationMs: 1 }),
    polling: { busyMs: 50, idleMs: 200 },
    random: () => 0.5,
    onEvent: (event) => driven.events.push(event),
    onFailed: (error) => driven.failures.push(error),
  });
  return { driver, ...driven };
}

function unavailable(): ShardRead {
  return { code: 'unavailable', error: Object.assign(new Error('busy'), { name: 'ThrottlingException' }) };
}

describe('startMappingDriver', () => {
  it('reads an idle shard at growing distances up to the limit', async () => {
    const { driver, reads } = drive(() => NOTHING);
    await vi.advanceTimersByTimeAsync(3_000);
    const distances = reads.slice(1).map((at, index) => at - (reads[index] ?? 0));
    expect(distances[0]).toBe(50);
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    expect(distances.at(-1)).toBe(200);
    await driver.stop();
    const count = reads.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reads).toHaveLength(count);
  });

  it('reads on when its timer ends before the clock shows the time', async () => {
    const { driver, reads } = drive(() => NOTHING);
    await vi.advanceTimersByTimeAsync(0);
    expect(reads).toHaveLength(1);
    vi.setSystemTime(Date.now() - 10);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(reads.length).toBeGreaterThan(3);
    await driver.stop();
  });

  it('reads again after transient failures, further apart each time, and reports each', async () => {
    const { driver, reads, events, failures } = drive((count) => (count <= 3 ? unavailable() : NOTHING));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(events.filter(({ type }) => type === 'read-retried')).toHaveLength(3);
    expect(failures).toEqual([]);
    expect(reads.length).toBeGreaterThan(4);
    expect(driver.isIdle(0)).toBe(true);
    await driver.stop();
  });

  it('gives up when transient failures go on', async () => {
    const { driver, reads, failures } = drive(unavailable);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(reads).toHaveLength(8);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({
      code: 'stream-failed',
      message: 'Mapping cannot read shard: ThrottlingException: busy',
    });
    await driver.stop();
  });

  it('gives up at once when a failure is not transient', async () => {
    const { driver, reads, failures } = drive(() => new Error('no such stream'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reads).toHaveLength(1);
    expect(failures.map(({ message }) => message)).toEqual([
      'Mapping cannot read shard: Error: no such stream',
    ]);
    await driver.stop();
  });

  it('gives up when the shards cannot be listed', async () => {
    const listShards = async () => {
      throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    };
    const { driver, reads, events, failures } = drive(() => NOTHING, listShards);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(reads).toEqual([]);
    expect(events.filter(({ type }) => type === 'read-retried')).toHaveLength(7);
    expect(failures.map(({ message }) => message)).toEqual([
      'Mapping cannot list the shards of its stream: Error: away',
    ]);
    await driver.stop();
  });

  it('is positioned when every shard that is read at once has answered', async () => {
    const gates = new Map(['a', 'b'].map((shardId) => [shardId, Promise.withResolvers<void>()]));
    const shards = [...gates.keys()].map((shardId) => ({ shardId, parentShardIds: [], isClosed: false }));
    const { driver } = drive(
      (count) => (count === 1 ? unavailable() : NOTHING),
      async () => [...shards, { shardId: 'c', parentShardIds: ['a'], isClosed: false }],
      { startingPosition: 'LATEST' },
      (shardId) => gates.get(shardId)?.promise,
    );
    let isPositioned = false;
    void driver.positioned.then(() => {
      isPositioned = true;
    });
    gates.get('a')?.resolve();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(isPositioned).toBe(false);
    gates.get('b')?.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(isPositioned).toBe(true);
    await driver.stop();
  });

  it('waits for no position where the stream has no shard yet, has failed, or is stopped', async () => {
    const empty = drive(
      () => NOTHING,
      async () => [],
    );
    await empty.driver.positioned;
    await empty.driver.stop();
    const broken = drive(() => new Error('no such stream'));
    await broken.driver.positioned;
    expect(broken.failures).toHaveLength(1);
    const stopped = drive(unavailable);
    await stopped.driver.stop();
    await stopped.driver.positioned;
  });

  it('is idle only when the shard was read to its end after the given time', async () => {
    const { driver } = drive(() => NOTHING);
    expect(driver.isIdle(0)).toBe(false);
    await vi.advanceTimersByTimeAsync(10);
    expect(driver.isIdle(0)).toBe(true);
    const now = Date.now();
    expect(driver.isIdle(now)).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(driver.isIdle(now)).toBe(true);
    await driver.stop();
  });

  it('is idle only when the shards that a split has made are known and read', async () => {
    const parent: ShardDescription = { shardId: 'a', parentShardIds: [], isClosed: false };
    const child: ShardDescription = { shardId: 'b', parentShardIds: ['a'], isClosed: false };
    let listing: Promise<ShardDescription[]> = Promise.resolve([parent]);
    const { driver } = drive(
      () => NOTHING,
      () => listing,
    );
    await vi.advanceTimersByTimeAsync(500);
    const splitAt = Date.now();
    const { promise, resolve } = Promise.withResolvers<ShardDescription[]>();
    listing = promise;
    await vi.advanceTimersByTimeAsync(1_000);
    expect([driver.isIdle(splitAt), driver.isAtRest(splitAt)]).toEqual([false, false]);
    resolve([parent, child]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([driver.isIdle(splitAt), driver.isAtRest(splitAt)]).toEqual([false, false]);
    await driver.stop();
  });

  it('asks a stream that cannot be listed for a while no more often because somebody asks whether it is idle', async () => {
    let listings = 0;
    let isAway = false;
    const { driver, failures } = drive(
      () => NOTHING,
      async () => {
        listings += 1;
        if (isAway) {
          throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
        }
        return [{ shardId: 'shard', parentShardIds: [], isClosed: false }];
      },
      { behaviour: { pollIntervalMs: 50, shardListIntervalMs: 1_000 } },
    );
    const askFor = async (milliseconds: number): Promise<void> => {
      for (const since = Date.now(); Date.now() < since + milliseconds; ) {
        await vi.advanceTimersByTimeAsync(25);
        driver.isIdle(since);
      }
    };
    await askFor(2_000);
    isAway = true;
    listings = 0;
    await askFor(3_000);
    expect(listings).toBeLessThan(8);
    expect(failures).toEqual([]);
    isAway = false;
    const backAt = Date.now();
    await askFor(5_000);
    expect(driver.isIdle(backAt)).toBe(true);
    await driver.stop();
    listings = 0;
    const stoppedAt = Date.now();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(driver.isIdle(stoppedAt)).toBe(false);
    expect(listings).toBe(0);
  });

  it('is idle only when the shards were listed anew, and lists them when it is asked', async () => {
    const listShards = vi.fn(async () => [{ shardId: 'shard', parentShardIds: [], isClosed: false }]);
    const behaviour = { pollIntervalMs: 50, shardListIntervalMs: 60_000 };
    const { driver } = drive(() => NOTHING, listShards, { behaviour });
    await vi.advanceTimersByTimeAsync(100);
    const now = Date.now();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(listShards).toHaveBeenCalledTimes(1);
    expect([driver.isIdle(now), driver.isIdle(now)]).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(0);
    expect(listShards).toHaveBeenCalledTimes(2);
    expect(driver.isIdle(now)).toBe(true);
    await driver.stop();
  });

  it('is at rest, and not idle, while a tumbling window is open', async () => {
    const record = {
      ...{ SequenceNumber: '1'.padStart(56, '0'), PartitionKey: 'p', Data: '' },
      ApproximateArrivalTimestamp: Date.now() / 1_000,
    };
    const { driver, events } = drive(
      (count) => (count === 1 ? { ...NOTHING, records: [record] } : NOTHING),
      undefined,
      { tumblingWindowInSeconds: 600 },
    );
    await vi.advanceTimersByTimeAsync(300);
    expect(events.filter(({ type }) => type === 'invocation-succeeded')).toHaveLength(1);
    expect([driver.isAtRest(0), driver.isIdle(0)]).toEqual([true, false]);
    const now = Date.now();
    expect(driver.isAtRest(now)).toBe(false);
    await vi.advanceTimersByTimeAsync(300);
    expect(driver.isAtRest(now)).toBe(true);
    expect(driver.backlog()).toEqual({ records: 0, oldestReadAt: undefined, isReadToEnd: true });
    await driver.stop();
  });
});
