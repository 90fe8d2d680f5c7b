import { describe, expect, it } from 'vitest';
import { createStrategy } from './create-strategy.ts';

const options = {
  namespace: 'n',
  consumer: 'c',
  ledgerTable: 'Ledger',
  ledgerRetentionSeconds: 3_600,
  positionTable: 'Positions',
  parallelizationFactor: 1,
};

describe('createStrategy', () => {
  it('gives checkpoint ranges, with which a batch can be redriven, only where they are kept', () => {
    expect(createStrategy('checkpoint', options).guardSize(1)).toBe(1);
    expect(createStrategy('checkpoint', { ...options, keepsRanges: true }).guardSize(1)).toBe(2);
  });
});
