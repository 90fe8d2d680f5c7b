import { describe, expect, it } from 'vitest';
import { BatchGatherer } from './batch-gatherer.ts';
import type { QueueMessage } from './queue-event.ts';

const message = (id: string, bytes = 1): QueueMessage => ({ id, bytes }) as QueueMessage;
const messages = (...ids: string[]): QueueMessage[] => ids.map((id) => message(id));
const idsOf = (batches: readonly { readonly messages: readonly QueueMessage[] }[]): string[][] =>
  batches.map((batch) => batch.messages.map(({ id }) => id));

function gatherer(limits: Partial<ConstructorParameters<typeof BatchGatherer>[0]>): BatchGatherer {
  return new BatchGatherer({ batchSize: 10, windowMs: 1_000, bytesMax: 100, ...limits });
}

describe('BatchGatherer', () => {
  it('cuts what it gets at the batch size and keeps the rest', () => {
    const gathered = gatherer({ batchSize: 2 });
    expect(idsOf(gathered.add(messages('a', 'b', 'c', 'd', 'e'), 0))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(gathered.size).toBe(1);
  });

  it('gives out a batch that is not full when the window of its first message is over', () => {
    const gathered = gatherer({});
    gathered.add(messages('a'), 100);
    gathered.add(messages('b'), 900);
    expect(gathered.dueAtMs).toBe(1_100);
    expect(gathered.takeDue(1_099)).toEqual([]);
    expect(idsOf(gathered.takeDue(1_100))).toEqual([['a', 'b']]);
    expect([gathered.size, gathered.dueAtMs, gathered.firstReceivedAtMs]).toEqual([0, undefined, undefined]);
    expect(gathered.takeDue(9_999)).toEqual([]);
  });

  it('gives out at once what it has without a window', () => {
    const gathered = gatherer({ windowMs: 0 });
    gathered.add(messages('a'), 5);
    expect(idsOf(gathered.takeDue(5))).toEqual([['a']]);
  });

  it('ends a batch before the message that would make its event too large', () => {
    const gathered = gatherer({ bytesMax: 10 });
    const full = gathered.add([message('a', 6), message('b', 4), message('c', 1)], 7);
    expect(idsOf(full)).toEqual([['a', 'b']]);
    expect(full[0]?.firstReceivedAtMs).toBe(7);
    expect(idsOf(gathered.takeDue(2_000))).toEqual([['c']]);
  });

  it('gives out a message that is too large by itself alone, for the function to fail', () => {
    const gathered = gatherer({ bytesMax: 10 });
    expect(idsOf(gathered.add([message('a', 11), message('b')], 0))).toEqual([['a']]);
  });
});
