import { describe, expect, it } from 'vitest';
import { createWorkload } from './create-workload.ts';
import { labDimensions } from './dimensions.ts';
import { invalidKinds } from './invalid-messages.ts';
import { truthOf } from './truth-of.ts';
import type { WorkloadMessage, WorkloadOptions } from './workload.ts';

const start = { startMilliseconds: 1_763_884_800_000 };

function messagesOf(options: Omit<WorkloadOptions, 'startMilliseconds'>): WorkloadMessage[] {
  return createWorkload({ ...start, ...options }).calls.flatMap(({ messages }) => messages);
}

function textOf({ data }: WorkloadMessage): string {
  return String.fromCharCode(...data);
}

function count(
  messages: readonly WorkloadMessage[],
  condition: (message: WorkloadMessage) => boolean,
): number {
  return messages.filter(condition).length;
}

/** The place of each version's first message, by trade. */
function arrivals(messages: readonly WorkloadMessage[]): Map<string, Map<string, number>> {
  const trades = new Map<string, Map<string, number>>();
  for (const [at, message] of messages.entries()) {
    if (message.kind !== 'invalid' && !message.isRepeat) {
      const places = trades.get(message.claim.tradeId) ?? new Map<string, number>();
      trades.set(message.claim.tradeId, places.set(message.kind, places.get(message.kind) ?? at));
    }
  }
  return trades;
}

describe('createWorkload', () => {
  it('makes the same bytes from the same options, and others from another seed', () => {
    const options = { ...start, messages: 400, seed: 1, invalid: 50, odd: 20 };
    expect(createWorkload(options)).toEqual(createWorkload(options));
    expect(createWorkload(options)).not.toEqual(createWorkload({ ...options, seed: 2 }));
  });

  it('makes exactly as many messages as asked for, 40 in each call but the last', () => {
    for (const messages of [1, 39, 40, 41, 100]) {
      const { calls } = createWorkload({ ...start, messages, seed: 3 });
      const sizes = calls.map((call) => call.messages.length);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(messages);
      expect(sizes.slice(0, -1).every((size) => size === 40)).toBe(true);
    }
  });

  it('repeats 5 different messages in each call of 40, bytes and partition key included', () => {
    const { calls } = createWorkload({ ...start, messages: 4000, seed: 4, invalid: 100 });
    for (const { messages } of calls) {
      const repeats = messages.filter(({ isRepeat }) => isRepeat);
      expect(repeats).toHaveLength(5);
      expect(new Set(repeats.map(({ partitionKey }) => partitionKey)).size).toBe(5);
      for (const repeat of repeats) {
        const original = messages.find(({ partitionKey }) => partitionKey === repeat.partitionKey);
        expect(original).toEqual({ ...repeat, isRepeat: false });
        expect(repeat.kind).not.toBe('invalid');
      }
    }
  });

  it('changes an existing trade with exactly 3 of 100 trade messages', () => {
    const fresh = messagesOf({ messages: 10_000, seed: 5 }).filter(({ isRepeat }) => !isRepeat);
    expect(fresh).toHaveLength(8750);
    expect(count(fresh, ({ kind }) => kind === 'change' || kind === 'older-version')).toBe(262);
  });

  it.each([1, 2, 3, 7, 11])(
    'claims an old version with another payload 3 to 15 times in 10,000 (seed %i)',
    (seed) => {
      const fresh = messagesOf({ messages: 10_000, seed }).filter(({ isRepeat }) => !isRepeat);
      const olderVersions = count(fresh, ({ kind }) => kind === 'older-version');
      expect(olderVersions).toBeGreaterThanOrEqual(3);
      expect(olderVersions).toBeLessThanOrEqual(15);
    },
  );

  it('claims an old version again only of trades that have version 1 in the load, and version 1 once', () => {
    const fresh = messagesOf({ messages: 4000, seed: 6, changePercent: 60 }).filter(
      ({ isRepeat }) => !isRepeat,
    );
    const versions = new Map<string, number[]>();
    for (const message of fresh) {
      if (message.kind !== 'invalid') {
        const { tradeId, version } = message.claim;
        versions.set(tradeId, [...(versions.get(tradeId) ?? []), version]);
      }
    }
    for (const claimed of versions.values()) {
      expect(claimed.filter((version) => version === 1).length).toBeLessThanOrEqual(1);
      expect(claimed.filter((version) => version === 0).length === 1 || claimed.includes(1)).toBe(true);
    }
  });

  it('lets some changes overtake the version that they replace, and some old versions overtake the change', () => {
    const places = [...arrivals(messagesOf({ messages: 10_000, seed: 7 })).values()];
    const isBefore = (trade: Map<string, number>, one: string, other: string): boolean =>
      (trade.get(one) ?? Number.POSITIVE_INFINITY) < (trade.get(other) ?? Number.NEGATIVE_INFINITY);
    expect(places.some((trade) => isBefore(trade, 'change', 'new'))).toBe(true);
    expect(places.some((trade) => isBefore(trade, 'new', 'change'))).toBe(true);
    expect(places.some((trade) => isBefore(trade, 'older-version', 'change'))).toBe(true);
    expect(places.some((trade) => isBefore(trade, 'change', 'older-version'))).toBe(true);
  });

  it('moves some changed trades to other dimensions and gives each another value', () => {
    const fresh = messagesOf({ messages: 10_000, seed: 8 }).filter(({ isRepeat }) => !isRepeat);
    const claims = new Map<string, WorkloadMessage>(
      fresh.flatMap((message) => (message.kind === 'new' ? [[message.claim.tradeId, message]] : [])),
    );
    let moved = 0;
    for (const message of fresh) {
      if (message.kind === 'change') {
        const before = claims.get(message.claim.tradeId);
        expect(before?.kind === 'new' && before.claim.units !== message.claim.units).toBe(true);
        moved += before?.kind === 'new' && before.claim.path.join() !== message.claim.path.join() ? 1 : 0;
      }
    }
    expect(moved).toBeGreaterThan(50);
  });

  it('writes messages in the shape of the data contract', () => {
    const [message] = messagesOf({ messages: 1, seed: 9 });
    expect(message && textOf(message)).toMatch(
      /^\{"TradeID": "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", "Version": 0, "Value": \d{1,6}\.\d{1,2}, "Hierarchy": \{"Region": "(EMEA|APAC|AMER)", "RiskType": "(PV|Delta)", "TradeDesk": "(FXSpot|FXOptions)"\}, "Timestamp": 1763884800\.000000\}$/,
    );
  });

  it('has the 18 nodes of the lab', () => {
    const truth = truthOf(messagesOf({ messages: 1000, seed: 10 }), labDimensions);
    expect(truth.nodes.size).toBe(18);
    expect(truth.trades.size).toBe(truth.applied.least);
  });

  it('has each kind of invalid message when there are enough of them', () => {
    const messages = messagesOf({ messages: 200, seed: 11, invalid: invalidKinds.length });
    const names = messages.flatMap((message) =>
      message.kind === 'invalid' && !message.isRepeat ? [message.name] : [],
    );
    expect(names.sort()).toEqual(invalidKinds.map(({ name }) => name).sort());
  });

  it('keeps every message within 1 MiB and every call within 5 MiB', () => {
    const { calls } = createWorkload({ ...start, messages: 40, seed: 12, invalid: 32, oversized: 3 });
    for (const { messages } of calls) {
      const sizes = messages.map(({ data, partitionKey }) => data.length + partitionKey.length);
      expect(Math.max(...sizes)).toBeLessThan(2 ** 20);
      expect(Math.max(...sizes)).toBeGreaterThan(1_000_000);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(5 * 2 ** 20);
    }
  });

  it.each([
    ['messages', { messages: 0 }],
    ['messages', { messages: 1.5 }],
    ['seed', { seed: 2 ** 32 }],
    ['startMilliseconds', { startMilliseconds: Number.NaN }],
    ['messagesPerCall', { messagesPerCall: 501 }],
    ['changePercent', { changePercent: 91 }],
    ['oversized', { oversized: 4 }],
    ['invalid', { invalid: 36 }],
    ['dimensions', { dimensions: [] }],
    ['dimensions[0].values', { dimensions: [{ name: 'Desk', values: ['a', 'a'] }] }],
  ])('refuses an option out of range and names it: %s', (name, change) => {
    expect(() => createWorkload({ ...start, messages: 40, seed: 1, ...change })).toThrow(name);
  });
});
