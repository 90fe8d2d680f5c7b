import { describe, expect, it } from 'vitest';
import { readBatchResponse } from './batch-response.ts';

const sequenceNumbers = ['100', '101', '102', '110'];
const documented = { unknownItemIdentifier: 'whole-batch', malformedResponse: 'failure' } as const;

describe('readBatchResponse', () => {
  it.each([
    ['a null answer', null],
    ['an absent answer', undefined],
    ['an empty answer', {}],
    ['a null list', { batchItemFailures: null }],
    ['an empty list', { batchItemFailures: [] }],
    ['other fields only', { statusCode: 500 }],
  ])('takes %s for success', (_name, answer) => {
    expect(readBatchResponse(answer, sequenceNumbers, documented)).toEqual({ code: 'success' });
  });

  it.each([
    ['an empty identifier', [{ itemIdentifier: '' }]],
    ['a null identifier', [{ itemIdentifier: null }]],
    ['a bad key name', [{ sequenceNumber: '101' }]],
    ['a number for an identifier', [{ itemIdentifier: 101 }]],
    ['an item that is no object', ['101']],
    ['a null item', [null]],
    ['a bad item beside a good one', [{ itemIdentifier: '101' }, { itemIdentifier: '' }]],
  ])('takes %s for failure of the whole batch', (_name, batchItemFailures) => {
    for (const unknownItemIdentifier of ['whole-batch', 'position'] as const) {
      const choices = { ...documented, unknownItemIdentifier };
      expect(readBatchResponse({ batchItemFailures }, sequenceNumbers, choices)).toMatchObject({
        code: 'failure',
      });
    }
  });

  it.each([
    ['an unknown identifier', [{ itemIdentifier: '105' }]],
    ['an unknown identifier beside a known one', [{ itemIdentifier: '101' }, { itemIdentifier: '105' }]],
  ])('takes %s for failure of the whole batch, unless positions are chosen', (_name, batchItemFailures) => {
    expect(readBatchResponse({ batchItemFailures }, sequenceNumbers, documented)).toMatchObject({
      code: 'failure',
    });
  });

  it.each([
    ['one record', ['102'], 2],
    ['the lowest of several, in any order', ['110', '101', '102'], 1],
    ['the same one twice', ['101', '101'], 1],
    ['the first', ['100'], 0],
  ])('begins again at %s', (_name, identifiers, index) => {
    const batchItemFailures = identifiers.map((itemIdentifier) => ({ itemIdentifier }));
    const result = readBatchResponse({ batchItemFailures }, sequenceNumbers, documented);
    expect(result).toEqual({ code: 'partial', index });
  });

  it.each(['text', 42, true, ['101']])(
    'takes an answer of another kind, %j, as the parameter says',
    (answer) => {
      const lenient = { ...documented, malformedResponse: 'success' } as const;
      expect(readBatchResponse(answer, sequenceNumbers, documented)).toMatchObject({ code: 'failure' });
      expect(readBatchResponse(answer, sequenceNumbers, lenient)).toEqual({ code: 'success' });
    },
  );

  it.each(['all', 42, true, { itemIdentifier: '101' }])(
    'takes %j in place of the list as the parameter says too',
    (batchItemFailures) => {
      const lenient = { ...documented, malformedResponse: 'success' } as const;
      expect(readBatchResponse({ batchItemFailures }, sequenceNumbers, documented).code).toBe('failure');
      expect(readBatchResponse({ batchItemFailures }, sequenceNumbers, lenient).code).toBe('success');
    },
  );

  it.each([
    ['between two records', '105', { code: 'partial', index: 3 }],
    ['before the batch', '9', { code: 'partial', index: 0 }],
    ['with leading zeros', '000101', { code: 'partial', index: 1 }],
    ['after the batch', '111', { code: 'failure' }],
    ['no number', 'abc', { code: 'failure' }],
    ['a number and more', '105a', { code: 'failure' }],
    ['too long for a number', '1'.repeat(130), { code: 'failure' }],
  ])('can take an unknown identifier %s by its position', (_name, itemIdentifier, result) => {
    const byPosition = { ...documented, unknownItemIdentifier: 'position' } as const;
    expect(
      readBatchResponse({ batchItemFailures: [{ itemIdentifier }] }, sequenceNumbers, byPosition),
    ).toMatchObject(result);
  });

  it.each([
    ['the lowest of several unknown ones', ['111', '101', '105'], { code: 'partial', index: 1 }],
    ['the lowest as numbers, not as texts', ['11', '9', '101'], { code: 'partial', index: 0 }],
    ['none when one of them is no number', ['101', 'abc'], { code: 'failure' }],
    ['the record after the lowest', ['111', '103', '110'], { code: 'partial', index: 3 }],
  ])('takes by position %s', (_name, identifiers, result) => {
    const byPosition = { ...documented, unknownItemIdentifier: 'position' } as const;
    const batchItemFailures = identifiers.map((itemIdentifier) => ({ itemIdentifier }));
    expect(readBatchResponse({ batchItemFailures }, sequenceNumbers, byPosition)).toMatchObject(result);
  });
});
