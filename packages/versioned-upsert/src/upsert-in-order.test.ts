import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../test/support/virtual-clock.ts';
import { startAttempts } from './attempts.ts';
import { type UpsertRules, upsertInOrder, type WriteMode, type WriteResult } from './upsert-in-order.ts';

interface Version {
  readonly id: string;
  readonly version: number;
  readonly content: string;
}

const unavailable = { code: 'unavailable', reason: 'ThrottlingError' } as const;
const version = (id: string, number: number, content = 'x'): Version => ({ id, version: number, content });

/** A table that answers as told, one list per request, and records what it was asked. */
function scripted(
  answers: readonly (readonly WriteResult<Version>[])[],
  more: Partial<UpsertRules<Version, Version>> = {},
) {
  const requests: [WriteMode, string, number][][] = [];
  const rules: UpsertRules<Version, Version> = {
    keyOf: ({ id }) => id,
    writesMax: 2,
    write: async (writes) => {
      requests.push(writes.map((write) => [write.mode, write.version.id, write.version.version]));
      return answers[requests.length - 1] ?? [];
    },
    existingAfter: (written) => written,
    compare: (arrived, existing) => {
      if (arrived.version !== existing.version) {
        return arrived.version > existing.version ? 'newer' : 'stale';
      }
      return arrived.content === existing.content ? 'duplicate' : 'conflict';
    },
    ...more,
  };
  const decide = async (...versions: readonly Version[]) => {
    const attempts = startAttempts(createVirtualClock(), 60_000);
    const decisions = await upsertInOrder(versions, rules, { attempts, requestsMax: 1 });
    return versions.map((one) => decisions.get(one));
  };
  return { requests, decide };
}

const applied = { outcome: 'applied' };
const written = { code: 'written' } as const;

describe('upsertInOrder', () => {
  it('shares requests between items, never between versions of one item, and asks no more than it must', async () => {
    const { requests, decide } = scripted([[written, written], [written], [written]]);
    const decisions = await decide(
      version('a', 1),
      version('a', 0),
      version('b', 1),
      version('a', 1),
      version('c', 1),
      version('a', 2),
    );
    expect(decisions).toEqual([
      applied,
      { outcome: 'stale' },
      applied,
      { outcome: 'duplicate' },
      applied,
      applied,
    ]);
    expect(requests).toEqual([
      [
        ['insert', 'a', 1],
        ['insert', 'b', 1],
      ],
      [['insert', 'c', 1]],
      [['update', 'a', 2]],
    ]);
  });

  it('decides against the existing item that an update has met', async () => {
    const existing = version('a', 5, 'y');
    const { decide } = scripted([[{ code: 'exists' }], [{ code: 'kept', existing }]]);
    const conflict = { outcome: 'conflict', reason: 'version-conflict' };
    expect(await decide(version('a', 4), version('a', 5), version('a', 5, 'y'))).toEqual([
      { outcome: 'stale' },
      conflict,
      { outcome: 'duplicate' },
    ]);
  });

  it('sends only what is unavailable again, and after the last attempt fails it with all later versions', async () => {
    const down = Array<readonly WriteResult<Version>[]>(16).fill([unavailable]);
    const { requests, decide } = scripted([[unavailable, written], ...down]);
    const failed = { outcome: 'failed', reason: 'ThrottlingError' };
    expect(await decide(version('a', 1), version('b', 1), version('a', 2))).toEqual([
      failed,
      applied,
      failed,
    ]);
    expect(requests.slice(1)).toEqual(Array(15).fill([['insert', 'a', 1]]));
  });

  it('gives up on an item that comes and goes for ever', async () => {
    const flips = Array.from({ length: 20 }, (_none, index): readonly WriteResult<Version>[] => [
      { code: index % 2 === 0 ? 'exists' : 'absent' },
    ]);
    const { requests, decide } = scripted(flips);
    expect(await decide(version('a', 1))).toEqual([{ outcome: 'failed', reason: 'item-comes-and-goes' }]);
    expect(requests).toHaveLength(9);
  });

  it('asks the table about the next version after one that its item cannot take', async () => {
    const refused: string[] = [];
    const { requests, decide } = scripted([[written], [{ code: 'unwritable' }], [written]], {
      refuse: async (_version, { reason }) => void refused.push(reason),
    });
    const unwritable = { outcome: 'quarantined', reason: 'unwritable-item' };
    expect(await decide(version('a', 1), version('a', 2), version('a', 3))).toEqual([
      applied,
      unwritable,
      applied,
    ]);
    expect(refused).toEqual(['unwritable-item']);
    expect(requests.map(([write]) => write)).toEqual([
      ['insert', 'a', 1],
      ['update', 'a', 2],
      ['update', 'a', 3],
    ]);
  });

  it('hands over one refused version after the other, and sends nothing for what they decide', async () => {
    const refused: string[] = [];
    const { requests, decide } = scripted([[written]], {
      refuse: async ({ content }) => {
        refused.push(content);
        return content === 'z' ? 'no-room' : undefined;
      },
    });
    const decisions = await decide(
      version('a', 1),
      version('a', 1, 'y'),
      version('a', 1, 'z'),
      version('a', 2),
    );
    expect(decisions.map((decision) => decision?.outcome)).toEqual([
      'applied',
      'conflict',
      'failed',
      'failed',
    ]);
    expect(refused).toEqual(['y', 'z']);
    expect(requests).toHaveLength(1);
  });

  it('throws when the table contradicts itself, or says too little', async () => {
    const lower = scripted([[{ code: 'kept', existing: version('a', 0) }]]);
    await expect(lower.decide(version('a', 1))).rejects.toThrow('holds a lower one');
    await expect(scripted([[]]).decide(version('a', 1))).rejects.toThrow('shorter than promised');
  });

  it('asks for nothing when there is nothing', async () => {
    const { requests, decide } = scripted([]);
    expect(await decide()).toEqual([]);
    expect(requests).toEqual([]);
  });
});
