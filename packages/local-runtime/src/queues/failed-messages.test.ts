import { describe, expect, it } from 'vitest';
import { readFailedMessages } from './failed-messages.ts';

const batch = ['a', 'b', 'c'];
const failed = (answer: unknown): string[] =>
  [...readFailedMessages(typeof answer === 'string' ? answer : JSON.stringify(answer), batch)].sort();
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
  });

  it('reads the messages that are named', () => {
    expect(failed(items('a', 'c', 'a'))).toEqual(['a', 'c']);
  });

  it.each([
    ['what is no JSON', '{'],
    ['a text', '"done"'],
    ['a list', '[]'],
    ['a wrong type of list', '{"batchItemFailures":"a"}'],
    ['an empty identifier', items('')],
    ['a null identifier', items(null)],
    ['a wrong key', { batchItemFailures: [{ id: 'a' }] }],
    ['a null item', { batchItemFailures: [null] }],
    ['an identifier of no message in the batch', items('a', 'z')],
  ])('takes %s for a failure of all', (_, answer) => {
    expect(failed(answer)).toEqual(batch);
  });
});
