// Goal: show each documented rule of an event source mapping by an example. Method: the machine runs on a virtual
// clock against shards in memory; the tests look at what the function and the destination got to see.
import { describe, expect, it } from 'vitest';
import {
  createVirtualDriver,
  epochMs,
  failure,
  kinesisSettings,
  record,
  type respond,
  type Seen,
  sequenceNumber,
  shardWith,
  success,
  throttle,
  type VirtualDriver,
} from '../test/virtual-driver.ts';

describe('createMapping', () => {
  it('invokes with every record once, in order, when nothing fails', () => {
    const driver = run({ batchSize: 4 }, shardWith(10), () => success);
    expect(numbers(driver)).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [9, 10],
    ]);
    expect(driver.mapping.isIdle()).toBe(true);
    expect(driver.mapping.checkpoints().get('shardId-000000000000')).toBe(sequenceNumber(10));
  });
});

function run(
  settings: object,
  shard: ReturnType<typeof shardWith>,
  invoke: (seen: Seen) => ReturnType<typeof respond>,
): VirtualDriver {
  const driver = createVirtualDriver({
    settings: { ...kinesisSettings, ...settings },
    shards: [shard],
    invoke,
  });
  driver.send({ type: 'start' });
  driver.runUntil(epochMs + 10_000);
  return driver;
}

function numbers(driver: VirtualDriver): number[][] {
  return driver.seen.map(({ sequenceNumbers }) => sequenceNumbers.map((text) => Number(text.slice(-16))));
}
void [failure, record, throttle];
