import { describe, expect, it } from 'vitest';
import { createApplicationRecord } from './application-record.ts';

describe('createApplicationRecord', () => {
  it.each([
    ['JSON', '{"a":1}', { a: 1 }],
    ['nothing', '', null],
    ['what is no JSON', 'OK\n', 'OK\n'],
  ])('shows an invocation whose function answered with %s', (_, payload, response) => {
    const record = createApplicationRecord();
    const requestId = 'request';
    record.noteCall({
      requestId,
      payload: '{"Records":["record"]}',
      result: { code: 'succeeded', payload, durationMs: 1 },
    });
    record.note({
      type: 'invocation-succeeded',
      functionId: 'Function',
      requestId,
      mappingId: 'Mapping',
      shardId: 'shard',
      records: 1,
      attempt: 1,
      durationMs: 1,
      itemFailures: 0,
      at: 0,
    });
    expect(record.invocations()).toEqual([
      expect.objectContaining({ requestId, records: ['record'], outcome: 'succeeded', response }),
    ]);
  });
});
