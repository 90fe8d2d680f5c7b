import { describe, expect, it } from 'vitest';
import { foldChangesToDelta, foldRowsToDelta } from './fold-to-delta.ts';
import { reduceTableEventText } from './reduce-table-event.ts';
import { stateTableEventText } from './state-table-event.ts';
import { tradeMessagesEventText } from './trade-messages-event.ts';

describe('stateTableEventText', () => {
  it('has of 100 records 60 new trades, 37 changes and 3 removals, and the same text each time', () => {
    const text = stateTableEventText({ records: 200 });
    const names: string[] = JSON.parse(text).Records.map(({ eventName }: { eventName: string }) => eventName);
    const count = (name: string) => names.filter((each) => each === name).length;
    expect([count('INSERT'), count('MODIFY'), count('REMOVE')]).toEqual([120, 74, 6]);
    expect(stateTableEventText({ records: 200 })).toBe(text);
  });

  it.each([[[2, 2, 3]], [[5, 6, 5]], [[10, 9, 10]]] as const)(
    'touches every node of %j values',
    async (values) => {
      const [risks, desks, regions] = values;
      const delta = await foldChangesToDelta(JSON.parse(stateTableEventText({ records: 1_000, values })));
      expect(delta.size).toBe(risks + risks * desks + risks * desks * regions + 1);
    },
  );

  it('has records of the size that was asked for', () => {
    const bytes = (padding: number) => stateTableEventText({ records: 1, padding }).length;
    expect(bytes(1_000) - bytes(500)).toBe(500);
  });
});

describe('reduceTableEventText', () => {
  it('has rows of the 18 nodes of the lab and of the count of messages, as reduce takes them', async () => {
    const delta = await foldRowsToDelta(JSON.parse(reduceTableEventText(10)));
    expect(delta.size).toBe(19);
    expect(reduceTableEventText(10)).toBe(reduceTableEventText(10));
  });
});

describe('tradeMessagesEventText', () => {
  it('has messages of exactly so many bytes', () => {
    const { Records } = JSON.parse(tradeMessagesEventText(20, { messageBytes: 1_000 }));
    const sizes = Records.map(
      ({ kinesis }: { kinesis: { data: string } }) => Buffer.from(kinesis.data, 'base64').length,
    );
    expect(new Set(sizes)).toEqual(new Set([1_000]));
  });
});
