import { describe, expect, it } from 'vitest';
import { chooseParameters } from './choose-parameters.ts';

describe('chooseParameters', () => {
  it('cuts batches so small that one in ten of them is some', () => {
    expect(chooseParameters({ messages: 10_000, faults: 'workshop' })).toEqual({
      MapBatchSize: '250',
      ReduceBatchSize: '4',
    });
    expect(chooseParameters({ messages: 100, faults: 'workshop' })).toMatchObject({ MapBatchSize: '5' });
    expect(chooseParameters({ messages: 1_000_000, faults: 'workshop' })).toMatchObject({
      MapBatchSize: '1000',
    });
  });

  it('leaves everything to the template that nobody asked for', () => {
    expect(chooseParameters({ messages: 10_000, faults: 'none' })).toEqual({});
    expect(
      chooseParameters({ messages: 1, faults: 'none', strategy: 'none', mapStrategy: 'ledger' }),
    ).toEqual({
      ReduceStrategy: 'none',
      MapStrategy: 'ledger',
    });
  });
});
