import { describe, expect, it } from 'vitest';
import { readFailedMessages } from './failed-messages.ts';

const UNKNOWN = 'reports an itemIdentifier that is no messageId of the batch';
const batch = ['a', 'b', 'c'];
const read = (answer: unknown) =>
  readFailedMessages(typeof answer === 'string' ? answer : JSON.stringify(answer), batch);
const failed = (answer: unknown): string[] => [...read(answer).failed].sort();
const items = (...identifiers: unknown[]): object => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('readFailedMessages', () => {
  it.each([
    ['no answer', ''],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['a null list', '{"batchItemFailures":null}'],
    ['an empty list', '{"batchItemFailures":[]}'],
  ])('takes %s for a success of all', (_, answer) => {
    expect(failed(answer)).toEqual([]);
    expect(read(answer).why).toBeUndefined();
  });

  it('reads the messages that are named', () => {
    expect(failed(items('a', 'c', 'a'))).toEqual(['a', 'c']);
  });

  it.each([
    ['what is no JSON', '{', 'is no JSON'],
    ['a text', '"done"', 'is no JSON object'],
    ['a list', '[]', 'is no JSON object'],
    ['a wrong type of list', '{"batchItemFailures":"a"}', 'has batchItemFailures that are no list'],
    ['an empty identifier', items(''), UNKNOWN],
    ['a null identifier', items(null), UNKNOWN],
    ['a wrong key', { batchItemFailures: [{ id: 'a' }] }, UNKNOWN],
    ['a null item', { batchItemFailures: [null] }, UNKNOWN],
    ['an identifier of no message in the batch', items('a', 'z'), UNKNOWN],
  ])('takes %s for a failure of all, and says why', (_, answer, why) => {
    expect(failed(answer)).toEqual(batch);
    expect(read(answer).why).toBe(why);
  });
});
