import { describe, expect, it } from 'vitest';
import {
  createSteppedMapping,
  failed,
  follow,
  listed,
  read,
  redeliver,
  type SteppedMapping,
  start,
  stop,
  succeeded,
  timePassed,
} from '../test/step-mapping.ts';
import { epochMs, sequenceNumber } from '../test/virtual-driver.ts';
import type { ShardStats } from './types.ts';

const caughtUp = { millisBehindLatest: 0 };
/** Bytes of the text of one of the records 1 to 9. */
const recordBytes = 519;
const destinationConfig = { onFailure: { destination: 'arn:aws:sqs:us-east-1:123456789012:failed' } };

const quiet: ShardStats = {
  shardId: 'a',
  status: 'reading',
  checkpoint: undefined,
  bufferedRecords: 0,
  bufferedBytes: 0,
  unfinishedRecords: 0,
  oldestReadMs: undefined,
  invocationsInFlight: 0,
  batchesWaiting: 0,
  deliveriesInFlight: 0,
  hasOpenWindow: false,
  isCaughtUp: false,
};

function shardOf({ mapping }: SteppedMapping): ShardStats | undefined {
  return mapping.stats().shards[0];
}

describe('stats', () => {
  it('counts from nothing', () => {
    const { mapping } = createSteppedMapping();
    expect(mapping.stats()).toEqual({
      shards: [],
      recordsRead: 0,
      recordsFiltered: 0,
      recordsSucceeded: 0,
      recordsDiscarded: 0,
      invocations: 0,
      failures: 0,
      throttles: 0,
      redeliveries: 0,
      deliveries: 0,
      deliveriesLost: 0,
    });
  });

  it('says of each shard whether it waits, is read or is drained, in the order of the first listing', () => {
    const stepped = createSteppedMapping();
    follow(stepped, [
      [0, start],
      [0, listed('c<b', 'b<a', 'a!')],
      [1, read('a', 1, [], { isEndOfShard: true })],
    ]);
    expect(stepped.mapping.checkpoints()).toEqual(new Map());
    expect(stepped.mapping.stats().shards).toEqual([
      { ...quiet, shardId: 'c', status: 'waiting-for-parents' },
      { ...quiet, shardId: 'b' },
      { ...quiet, shardId: 'a', status: 'drained', isCaughtUp: true },
    ]);
  });

  it('counts what waits and what runs, in all lanes and beside them', () => {
    const stepped = createSteppedMapping({
      batchSize: 1,
      parallelizationFactor: 2,
      maximumRetryAttempts: 1,
      destinationConfig,
      behaviour: { rememberedBatchesMax: 9 },
    });
    follow(stepped, [
      [0, start],
      [0, listed('a')],
      [1, read('a', 1, [1, 2, 3, 4], { millisBehindLatest: 1, key: 'x' })],
      [2, read('a', 3, [5, 6], { ...caughtUp, key: 'y' })],
    ]);
    const read6 = { ...quiet, isCaughtUp: true };
    const twoRun = {
      ...read6,
      bufferedRecords: 4,
      bufferedBytes: 4 * recordBytes - 4 * 4,
      unfinishedRecords: 6,
      oldestReadMs: epochMs + 1,
    };
    expect(shardOf(stepped)).toEqual({ ...twoRun, invocationsInFlight: 2 });
    follow(stepped, [
      [3, failed(2)],
      [4, succeeded(4)],
    ]);
    const oneWaits = {
      ...twoRun,
      bufferedRecords: 3,
      bufferedBytes: 3 * (recordBytes - 4),
      unfinishedRecords: 5,
    };
    expect(shardOf(stepped)).toEqual({ ...oneWaits, invocationsInFlight: 1, batchesWaiting: 1 });
    follow(stepped, [
      [5, redeliver(4, 10)],
      [6, redeliver(4, 0)],
    ]);
    expect(shardOf(stepped)).toEqual({ ...oneWaits, invocationsInFlight: 1, batchesWaiting: 3 });
    follow(stepped, [
      [15, timePassed],
      [53, timePassed],
      [54, failed(7)],
    ]);
    expect(shardOf(stepped)).toEqual({
      ...oneWaits,
      // The one whose document is being delivered is given up.
      unfinishedRecords: 4,
      invocationsInFlight: 2,
      batchesWaiting: 1,
      deliveriesInFlight: 1,
    });
  });

  it('says how many records are not done with, and since when the oldest of them has been read', () => {
    const stepped = createSteppedMapping({ batchSize: 2, behaviour: { pollIntervalMs: 1 } });
    follow(stepped, [
      [0, start],
      [0, listed('a')],
      [10, read('a', 1, [1, 2], { millisBehindLatest: 1 })],
      [20, read('a', 3, [3], caughtUp)],
    ]);
    expect(shardOf(stepped)).toMatchObject({ unfinishedRecords: 3, oldestReadMs: epochMs + 10 });
    follow(stepped, [[30, succeeded(2)]]);
    expect(shardOf(stepped)).toMatchObject({ unfinishedRecords: 1, oldestReadMs: epochMs + 20 });
  });

  it('says that a window is open, and up to where a shard is done with', () => {
    const stepped = createSteppedMapping({ tumblingWindowInSeconds: 10 });
    follow(stepped, [
      [0, start],
      [0, listed('a')],
      [1, read('a', 1, [1, [2, 10_000]], caughtUp)],
      [2, succeeded(2, { state: 1 })],
      [3, succeeded(3, { state: 1 })],
      [4, succeeded(4, { state: 1 })],
    ]);
    expect(shardOf(stepped)).toEqual({
      ...quiet,
      checkpoint: sequenceNumber(1),
      hasOpenWindow: true,
      isCaughtUp: true,
    });
    expect(stepped.mapping.checkpoints()).toEqual(new Map([['a', sequenceNumber(1)]]));
    expect(stepped.mapping.isIdle()).toBe(false);
  });
});

describe('isIdle', () => {
  it.each<[string, Parameters<typeof follow>[1], boolean]>([
    ['before the first listing', [[0, start]], false],
    [
      'where there are no shards',
      [
        [0, start],
        [1, listed()],
      ],
      true,
    ],
    [
      'before a shard was read',
      [
        [0, start],
        [1, listed('a')],
      ],
      false,
    ],
    [
      'while a shard waits for its parents',
      [
        [0, start],
        [1, listed('b<a', 'a')],
        [2, read('a', 1, [], caughtUp)],
      ],
      false,
    ],
    [
      'once the last read found nothing more',
      [
        [0, start],
        [1, listed('a')],
        [2, read('a', 1, [], caughtUp)],
      ],
      true,
    ],
    [
      'while the function runs',
      [
        [0, start],
        [1, listed('a')],
        [2, read('a', 1, [1], caughtUp)],
      ],
      false,
    ],
    [
      'while the function runs after a stop',
      [
        [0, start],
        [1, listed('a')],
        [2, read('a', 1, [1], caughtUp)],
        [3, stop],
      ],
      false,
    ],
    [
      'after a stop, whatever was not done',
      [
        [0, start],
        [1, listed('a')],
        [2, read('a', 1, [1], caughtUp)],
        [3, stop],
        [4, failed(2)],
      ],
      true,
    ],
  ])('knows whether it is idle %s', (_when, steps, isIdle) => {
    const stepped = createSteppedMapping();
    follow(stepped, steps);
    expect(stepped.mapping.isIdle()).toBe(isIdle);
  });
});

describe('isStopped', () => {
  it('waits for the end of what runs and of what is delivered', () => {
    const stepped = createSteppedMapping({ maximumRetryAttempts: 0, destinationConfig });
    const isStoppedAfter = (...step: Parameters<SteppedMapping['step']>): boolean => {
      stepped.step(...step);
      return stepped.mapping.isStopped();
    };
    follow(stepped, [
      [0, start],
      [0, listed('a', 'b')],
      [1, read('a', 1, [1], caughtUp)],
      [1, read('b', 2, [2], caughtUp)],
      [2, failed(3)],
    ]);
    expect(stepped.mapping.isStopped()).toBe(false);
    expect(isStoppedAfter(3, stop)).toBe(false);
    expect(isStoppedAfter(4, succeeded(4))).toBe(false);
    expect(stepped.mapping.isIdle()).toBe(false);
    expect(isStoppedAfter(5, { type: 'delivery-ended', deliveryId: 5, isDelivered: true })).toBe(true);
  });

  it.each<[string, Parameters<typeof follow>[1], boolean]>([
    ['before it has begun', [], false],
    [
      'while there is nothing to do',
      [
        [0, start],
        [1, listed()],
      ],
      false,
    ],
    [
      'while the function runs',
      [
        [0, start],
        [1, listed('a')],
        [2, read('a', 1, [1])],
        [3, stop],
      ],
      false,
    ],
    [
      'with the end of what ran',
      [
        [0, start],
        [1, listed('a')],
        [2, read('a', 1, [1])],
        [3, stop],
        [4, failed(2)],
      ],
      true,
    ],
    ['at once where nothing runs', [[0, stop]], true],
  ])('is known %s', (_when, steps, isStopped) => {
    const stepped = createSteppedMapping();
    follow(stepped, steps);
    expect(stepped.mapping.isStopped()).toBe(isStopped);
  });
});
