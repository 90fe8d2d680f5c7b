import { describe, expect, it } from 'vitest';
import { identifyRecords, type SourceEvent } from './record-identity.ts';

const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';

function kinesisRecord(eventID: string, eventSourceARN = arn) {
  return { eventID, eventSourceARN, kinesis: { sequenceNumber: '1', approximateArrivalTimestamp: 0 } };
}

function changeOf(eventID: string) {
  return { eventID, eventSourceARN: 'arn:table', dynamodb: { SequenceNumber: '1' } };
}

describe('identifyRecords', () => {
  it('takes the shard of a Kinesis record from its eventID', () => {
    const { shardId } = identifyRecords({
      Records: [kinesisRecord('shardId-1:7'), kinesisRecord('shardId-1:8')],
    });
    expect(shardId).toBe('shardId-1');
  });

  it('takes no shard from the eventID of a change of a table, whatever it looks like', () => {
    const { shardId } = identifyRecords({ Records: [changeOf('a:1'), changeOf('b:1')] });
    expect(shardId).toBeUndefined();
  });

  it('names no source and no shard of an event without records', () => {
    expect(identifyRecords({ Records: [] })).toEqual({ records: [], source: '', shardId: undefined });
  });

  it.each<[string, SourceEvent['Records'], RegExp]>([
    ['has no eventID', [kinesisRecord('s:1'), kinesisRecord(undefined as never)], /has no id/],
    [
      'has an empty eventID',
      [kinesisRecord('s:1'), kinesisRecord('')],
      /has no id: recordId must give text$/,
    ],
    ['has an empty eventSourceARN', [kinesisRecord('s:1'), kinesisRecord('s:2', '')], /no eventSourceARN/],
    ['comes from another stream', [kinesisRecord('s:1'), kinesisRecord('s:2', `${arn}-2`)], /one source$/],
    ['comes from another shard', [kinesisRecord('s:1'), kinesisRecord('t:2')], /one shard$/],
  ])('refuses a record that %s, and says which', (_, Records, message) => {
    const identify = () => identifyRecords({ Records });
    expect(identify).toThrow(message);
    expect(identify).toThrow(
      expect.objectContaining({
        code: 'strategy-unusable',
        recordIndex: 1,
        message: expect.stringMatching(/^Records\[1\]: /),
      }),
    );
  });
});
