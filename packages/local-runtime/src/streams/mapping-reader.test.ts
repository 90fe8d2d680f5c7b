// Goal: a read that waits for its pace sets no timer with a negative delay, about which Node.js warns.
// Method: a clock that passes the time of the read between the two looks at it.
import { afterEach, expect, it, vi } from 'vitest';
import { MappingReader } from './mapping-reader.ts';

const READ = { type: 'read', shardId: 'shard', readId: 1, position: { kind: 'latest' }, limit: 10 } as const;

afterEach(() => {
  vi.restoreAllMocks();
});

it('waits no negative time for a read whose time passes meanwhile', async () => {
  const delays: (number | undefined)[] = [];
  const setTimer = globalThis.setTimeout;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation((call, delayMs) => {
    delays.push(delayMs);
    return setTimer(call, 0);
  });
  const times = [1_000, 1_000, 1_000, 1_001];
  vi.spyOn(Date, 'now').mockImplementation(() => times.shift() ?? 1_001);
  const reader = new MappingReader({
    mappingId: 'mapping',
    source: {
      listShards: () => Promise.resolve([]),
      read: () =>
        Promise.resolve({ code: 'records', records: [], isEndOfShard: false, millisBehindLatest: 0 }),
    },
    polling: { busyMs: 0.25, idleMs: 1 },
    onEvent: () => undefined,
  });

  await reader.read(READ);
  await reader.read(READ);

  expect(delays).toEqual([0]);
});
