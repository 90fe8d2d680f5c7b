import { describe, expect, it } from 'vitest';
import { roundName } from './round-name.ts';

describe('roundName', () => {
  it('is the time of the schedule, so that an event that is delivered twice is one round', () => {
    expect(roundName({ source: 'aws.events', time: '2026-01-01T00:00:00Z' }, 'id')).toBe(
      '2026-01-01T00:00:00.000Z',
    );
  });

  it.each([[{}], [null], ['text'], [{ time: 7 }], [{ time: 'soon' }]])('is the request for %j', (event) => {
    expect(roundName(event, 'id')).toBe('id');
  });
});
