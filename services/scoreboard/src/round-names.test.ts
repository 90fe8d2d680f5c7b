import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { roundNames, UnreadableMessageError } from './round-names.ts';

const event = (...bodies: string[]): SQSEvent =>
  ({ Records: bodies.map((body) => ({ body })) }) as unknown as SQSEvent;

describe('roundNames', () => {
  it('reads the answer of the generator from what its destination wrote', () => {
    const body = JSON.stringify({
      version: '1.0',
      requestContext: { condition: 'Success' },
      responsePayload: { name: '2026-01-01T00:00:00.000Z', messages: 10_000 },
    });
    expect(roundNames(event(body))).toEqual(['2026-01-01T00:00:00.000Z']);
  });

  it.each([['oops'], ['null'], ['{}'], ['{"responsePayload":null}'], ['{"responsePayload":{"name":7}}']])(
    'refuses %s',
    (body) => {
      expect(() => roundNames(event(body))).toThrow(UnreadableMessageError);
    },
  );
});
