import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { rowId } from './row-id.ts';

const record = (eventName: 'INSERT' | 'REMOVE', name: string): DynamoDBRecord => ({
  eventID: 'e1',
  eventName,
  dynamodb: { Keys: { MessageId: { S: name } } },
});

describe('rowId', () => {
  it('is the name of a new row, however long it is', () => {
    expect(rowId(record('INSERT', 'map#shard#7'))).toBe('map#shard#7');
    expect(rowId(record('INSERT', 'n'.repeat(2_048)))).toBe('n'.repeat(2_048));
  });

  it('is the event of a change that is no new row, and of an item that is no row', () => {
    expect(rowId(record('REMOVE', 'map#shard#7'))).toBe('e1');
    expect(rowId({ ...record('INSERT', ''), dynamodb: { Keys: { id: { S: 'trade' } } } })).toBe('e1');
  });
});
