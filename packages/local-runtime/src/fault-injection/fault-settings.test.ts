import { describe, expect, it } from 'vitest';
import { addFaults, readFaults } from './fault-settings.ts';

describe('addFaults', () => {
  it('reads faults with commas between, and adds to those before', () => {
    const first = addFaults('kill-after-commit=0.1, redeliver=1,seed=42');
    const all = addFaults('two-pollers,late-retry,throttle=.05', first);
    expect([...all.rates]).toEqual([
      ['kill-after-commit', 0.1],
      ['redeliver', 1],
      ['two-pollers', 1],
      ['late-retry', 0.05],
      ['throttle', 0.05],
    ]);
    expect(all.seed).toBe(42);
    expect(first.rates.size).toBe(2);
  });

  it.each([
    ['earthquake=0.1', 'earthquake is no fault; there are kill-after-commit'],
    ['constructor=0.1', 'constructor is no fault'],
    ['', 'nothing is no fault'],
    ['redeliver', 'redeliver needs a chance above 0 and up to 1'],
    ['redeliver=', 'redeliver needs a chance'],
    ['redeliver=0', 'redeliver needs a chance'],
    ['redeliver=1.1', 'redeliver needs a chance'],
    ['redeliver=-0.1', 'redeliver needs a chance'],
    ['redeliver=1e-1', 'redeliver needs a chance'],
    ['redeliver=0.1=2', 'more than one equals sign'],
    ['redeliver=0.1,redeliver=0.2', 'redeliver is given twice'],
    ['two-pollers=0.1', 'two-pollers takes no number'],
    ['seed=-1', 'the seed of the faults must be a whole number'],
    ['seed=99999999999', 'the seed of the faults must be a whole number'],
    ['seed=1,seed=1', 'given twice'],
  ])('refuses %s', (text, reason) => {
    expect(() => addFaults(text)).toThrow(reason);
  });
});

describe('readFaults', () => {
  it('reads the same from an object', () => {
    expect(readFaults({ seed: 42, redeliver: 0.1, 'two-pollers': true })).toEqual(
      addFaults('redeliver=0.1,two-pollers,seed=42'),
    );
    expect(readFaults({ redeliver: 1, 'two-pollers': false })).toEqual(addFaults('redeliver=1'));
    expect(readFaults({}).rates.size).toBe(0);
  });

  it('refuses what is no chance', () => {
    expect(() => readFaults({ redeliver: 2 })).toThrow('redeliver needs a chance above 0 and up to 1');
  });
});
