import { describe, expect, it } from 'vitest';
import { createMessageFilter } from './message-filter.ts';

const passes = (pattern: object, ...bodies: string[]): (boolean | undefined)[] => {
  const filter = createMessageFilter([{ pattern: JSON.stringify(pattern) }]);
  return bodies.map((body) => filter?.({ body }));
};

describe('createMessageFilter', () => {
  it('lets everything pass without a pattern', () => {
    expect(createMessageFilter([])).toBeUndefined();
  });

  it('looks into a body that is JSON', () => {
    const pattern = { body: { status: ['paid'], amount: [{ numeric: ['>', 10] }] } };
    expect(
      passes(pattern, '{"status":"paid","amount":12}', '{"status":"paid","amount":9}', '{"status":"open"}'),
    ).toEqual([true, false, false]);
  });

  it('drops a body that is no JSON object where the pattern looks into it', () => {
    expect(
      passes({ body: { status: [{ exists: false }] } }, '{}', 'paid', '"paid"', 'null', '7', '{no'),
    ).toEqual([true, false, false, false, false, false]);
  });

  it('compares a text as a whole, and drops JSON there', () => {
    const pattern = { body: [{ prefix: 'order' }] };
    expect(passes(pattern, 'order 1', 'parcel 1', '{"order":1}')).toEqual([true, false, false]);
  });

  it('takes a body of either form where the pattern says nothing about it', () => {
    expect(passes({ eventSource: [{ exists: false }] }, '{}', 'text')).toEqual([true, true]);
  });

  it('lets a message pass that matches one of several patterns', () => {
    const filter = createMessageFilter([{ pattern: '{"body":["a"]}' }, { pattern: '{"body":{"b":[1]}}' }]);
    expect(['a', '{"b":1}', 'b'].map((body) => filter?.({ body }))).toEqual([true, true, false]);
  });

  it('refuses a pattern that is none', () => {
    expect(() => createMessageFilter([{ pattern: 'no pattern' }])).toThrow(/filterCriteria/);
  });
});
