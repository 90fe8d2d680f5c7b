import { describe, expect, it } from 'vitest';
import { eventSourceOf } from './find-pipeline.ts';

const label = 'table/ReduceTable/stream/2025-11-23T08:00:00.000';

describe('eventSourceOf', () => {
  it('leaves the ARN of AWS as it is', () => {
    const arn = `arn:aws:dynamodb:eu-west-1:123456789012:${label}`;
    expect(eventSourceOf(arn, 'eu-west-1')).toBe(arn);
  });

  it.each(['ddblocal', 'dynoxide'])('writes the ARN of the engine %s as functions on it see it', (region) => {
    expect(eventSourceOf(`arn:aws:dynamodb:${region}:000000000000:${label}`, 'us-east-1')).toBe(
      `arn:aws:dynamodb:us-east-1:000000000000:${label}`,
    );
  });
});
