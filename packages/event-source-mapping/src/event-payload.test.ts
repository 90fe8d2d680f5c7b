import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodedLength } from '../test/virtual-driver.ts';
import { buildPayload, envelopeBytes, isoSeconds } from './event-payload.ts';

const window = fc.record({
  startMs: fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1_000),
  endMs: fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1_000),
  state: fc.json(),
  shardId: fc.constant('shardId-000000000000'),
  eventSourceArn: fc.constant('arn:aws:kinesis:us-east-1:123456789012:stream/orders'),
  isFinal: fc.boolean(),
  isTerminatedEarly: fc.boolean(),
});
const record = fc.string({ unit: 'grapheme', maxLength: 10 }).map((text) => {
  const json = JSON.stringify({ text });
  return {
    json,
    bytes: encodedLength(json),
    sequenceNumber: '1',
    arrivalMs: 0,
    orderingKey: '',
  };
});

describe('buildPayload', () => {
  it('writes the records and the window’s fields, and counts the bytes of what it writes', () => {
    const payload = fc.tuple(fc.array(record, { maxLength: 4 }), fc.option(window, { nil: undefined }));
    fc.assert(
      fc.property(payload, ([records, window]) => {
        const { json, bytes } = buildPayload(records, window);
        expect(bytes).toBe(encodedLength(json));
        const texts = records.map((each) => each.json);
        expect(JSON.parse(json)).toEqual({
          Records: texts.map((text) => JSON.parse(text)),
          ...(window !== undefined && {
            window: { start: isoSeconds(window.startMs), end: isoSeconds(window.endMs) },
            state: JSON.parse(window.state),
            shardId: window.shardId,
            eventSourceARN: window.eventSourceArn,
            isFinalInvokeForWindow: window.isFinal,
            isWindowTerminatedEarly: window.isTerminatedEarly,
          }),
        });
        expect(envelopeBytes(window)).toBe(encodedLength(buildPayload([], window).json));
      }),
    );
  });
});

describe('isoSeconds', () => {
  it('has whole seconds', () => {
    expect(isoSeconds(1_607_497_440_999)).toBe('2020-12-09T07:04:00Z');
  });
});
