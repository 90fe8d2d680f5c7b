import { describe, expect, it } from 'vitest';
import { assertKnownOptions } from './assert-known-options.ts';
import { StrategyError } from './errors.ts';

const names = { known: ['table', 'now', 'formerSource'], required: ['table', 'now'], texts: ['table'] };

describe('assertKnownOptions', () => {
  it('takes what is required, with and without what is not', () => {
    expect(() => assertKnownOptions('ledger', { table: 'T', now: 0 }, names)).not.toThrow();
    expect(() =>
      assertKnownOptions('ledger', { table: 'T', now: 0, formerSource: 's' }, names),
    ).not.toThrow();
  });

  it.each<[string, unknown, string]>([
    ['no options', undefined, 'ledger: the options are missing: table, now'],
    ['options that are none', 'Ledger', 'ledger: the options are missing: table, now'],
    ['null', null, 'ledger: the options are missing: table, now'],
    ['an empty text', { table: '', now: 0 }, 'ledger: the option table must be text that is not empty'],
    ['no text', { table: 7, now: 0 }, 'ledger: the option table must be text that is not empty'],
    ['a misspelt option', { table: 'T', now: 0, formerSouce: 's' }, 'ledger: there is no option formerSouce'],
    ['no required option', {}, 'ledger: the option table is missing'],
    ['one required option of two', { table: 'T' }, 'ledger: the option now is missing'],
    [
      'a required option that is undefined',
      { table: undefined, now: 0 },
      'ledger: the option table is missing',
    ],
  ])('refuses %s, and names it and its owner', (_, options, message) => {
    expect(() => assertKnownOptions('ledger', options, names)).toThrow(new StrategyError(message));
  });
});
