import type { InjectedFault } from '@oncefold/local-runtime';
import { describe, expect, it } from 'vitest';
import { createPalette } from '../terminal/palette.ts';
import { faultsView } from './faults-view.ts';

const fault: InjectedFault = {
  kind: 'lost-reply',
  at: Date.UTC(2025, 0, 1, 12, 30, 15, 250),
  functionId: 'Function',
  mappingId: 'Mapping',
  operation: 'PutItem',
  batch: {
    shardId: 'shard',
    firstSequenceNumber: '1'.repeat(20),
    lastSequenceNumber: '22',
    records: 7,
    attempt: 2,
  },
};

describe('faultsView', () => {
  it('lists each fault with its time, function and batch, and counts the kinds', () => {
    const text = faultsView({ seed: 9, faults: [fault], counts: { 'lost-reply': 3 } }, createPalette(false));
    expect(text).toContain('12:30:15.250');
    expect(text).toContain('lost-reply (PutItem)');
    expect(text).toContain('7 records …111111111111 to …22 of shard, attempt 2 (Mapping)');
    expect(text).toContain('and 2 later ones');
    expect(text.endsWith('3 faults injected (fault seed 9): lost-reply 3')).toBe(true);
  });

  it('says so when no fault struck', () => {
    expect(faultsView({ seed: 9, faults: [], counts: {} }, createPalette(false))).toBe(
      '0 faults injected (fault seed 9)',
    );
  });
});
