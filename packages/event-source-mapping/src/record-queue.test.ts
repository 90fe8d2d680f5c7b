import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BufferedRecord, RecordQueue } from './record-queue.ts';

describe('RecordQueue', () => {
  it('gives back every record once, in order, and knows its length and bytes', () => {
    const operations = fc.array(fc.oneof(fc.constant('push' as const), fc.nat(5)), { maxLength: 200 });
    fc.assert(
      fc.property(operations, (steps) => {
        const queue = new RecordQueue();
        const expected: BufferedRecord[] = [];
        let order = 0;
        for (const step of steps) {
          if (step === 'push') {
            order += 1;
            const record = buffered(order);
            queue.push(record);
            expected.push(record);
          } else {
            expect(queue.take(step)).toEqual(expected.splice(0, step));
          }
          expect(queue.length).toBe(expected.length);
          expect(queue.bytes).toBe(expected.reduce((sum, { bytes }) => sum + bytes, 0));
          expect(queue.at(0)).toBe(expected[0]);
          expect(queue.at(expected.length)).toBeUndefined();
        }
      }),
    );
  });
});

function buffered(order: number): BufferedRecord {
  const sequenceNumber = String(order);
  return {
    json: '{}',
    bytes: order,
    sequenceNumber,
    arrivalMs: 0,
    orderingKey: '',
    order,
    previous: undefined,
    readMs: 0,
  };
}
