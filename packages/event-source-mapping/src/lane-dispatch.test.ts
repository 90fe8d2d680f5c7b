import { describe, expect, it } from 'vitest';
import { kinesisSettings } from '../test/virtual-driver.ts';
import { discard } from './lane-dispatch.ts';
import { createMachine } from './machine.ts';
import { createBatch, createLanes, createShard } from './shard-state.ts';

describe('discard', () => {
  it('refuses a batch without records that closes no window, because nothing could be told of it', () => {
    const machine = createMachine(kinesisSettings, { random: () => 0 });
    const shard = createShard(
      { shardId: 'a', parentShardIds: [] },
      { position: { kind: 'trim-horizon' }, checkpoint: undefined },
      1,
    );
    for (const lane of createLanes(1)) {
      expect(() => discard(machine, shard, lane, createBatch([], true), 'RecordAgeExceeded')).toThrow(
        'invariant: a batch without records has a window',
      );
    }
    expect(machine.commands).toEqual([]);
  });
});
