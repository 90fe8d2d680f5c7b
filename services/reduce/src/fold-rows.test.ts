import { formatContribution } from '@oncefold/reducer';
import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { foldRows, rowId } from './fold-rows.ts';

const options = { consumer: 'reduce', reduceTable: 'ReduceTable', quarantineTable: 'QuarantineTable' };

const row = (message: string, more: Partial<DynamoDBRecord> = {}): DynamoDBRecord => ({
  eventID: 'e1',
  eventName: 'INSERT',
  dynamodb: {
    Keys: { MessageId: { S: 'map#shard#7' } },
    NewImage: { MessageId: { S: 'map#shard#7' }, Message: { S: message } },
  },
  ...more,
});

describe('foldRows', () => {
  it('adds what the row says, text and numbers alike, without losing a digit', () => {
    const [fold] = foldRows(
      [row('{"PV":"0.1","PV:FXSpot":61502.370000000001,"message_count":"3"}')],
      options,
    );
    expect(formatContribution(fold?.contribution ?? new Map())).toBe(
      '{"PV":"0.1","PV:FXSpot":"61502.370000000001","message_count":"3"}',
    );
    expect(fold?.writes).toBeUndefined();
  });

  it('adds nothing for a row that changes or goes', () => {
    for (const eventName of ['MODIFY', 'REMOVE'] as const) {
      expect(foldRows([row('{"PV":"1"}', { eventName })], options)).toEqual([{ contribution: new Map() }]);
    }
  });

  it.each([
    ['text that is no JSON', 'oops', 'broken-json'],
    ['a list', '[1]', 'not-an-object'],
    ['a value that is no number', '{"PV":"much"}', 'not-a-number'],
    ['a key that DynamoDB does not take', '{"":"1"}', 'empty-text'],
    ['a key that is too long', `{"${'é'.repeat(1025)}":"1"}`, 'too-long'],
    [
      'more keys than fit',
      JSON.stringify(Object.fromEntries(Array.from({ length: 81 }, (_, k) => [`k${k}`, '1']))),
      'too-many-keys',
    ],
  ])('puts %s aside and adds nothing', (_, message, reason) => {
    const [fold] = foldRows([row(message)], options);
    expect(fold?.contribution.size).toBe(0);
    expect(fold?.writes).toMatchObject([
      {
        key: { Source: { S: 'ReduceTable#e1' } },
        attributes: { Reason: { S: reason }, Detail: { S: 'Message' } },
      },
    ]);
  });
});

describe('rowId', () => {
  it('is the name of a new row, and the event of a change', () => {
    expect(rowId(row('{}'))).toBe('map#shard#7');
    expect(rowId(row('{}', { eventName: 'REMOVE' }))).toBe('e1');
  });

  it('is the event of a row whose name no guard could hold', () => {
    const long = row('{}', { dynamodb: { Keys: { MessageId: { S: 'n'.repeat(1025) } } } });
    expect(rowId(long)).toBe('e1');
  });
});
