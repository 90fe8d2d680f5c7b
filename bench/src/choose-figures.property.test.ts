import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseFigures } from './choose-figures.ts';
import { figures } from './figures.ts';

const named = (...names: string[]) => names.map((name) => ({ name }));
/** Few letters, so that many names begin as others do, or are their beginning. */
const name = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 4 });
const someFigures = fc.uniqueArray(name, { maxLength: 8 }).map((names) => named(...names));

describe('chooseFigures', () => {
  it('chooses all where nothing was typed', () => {
    fc.assert(
      fc.property(someFigures, (all) => {
        expect(chooseFigures(all, [])).toEqual({ chosen: all, unknown: [] });
      }),
    );
  });

  it('means one figure by its whole name, although others begin so', () => {
    const all = named('latency-1', 'latency-100', 'latency-1000');
    expect(chooseFigures(all, ['latency-1']).chosen).toEqual(named('latency-1'));
    expect(chooseFigures(all, ['latency-10']).chosen).toEqual(named('latency-100', 'latency-1000'));
  });

  it('takes each figure once, in the order of all, and no text both as known and as unknown', () => {
    fc.assert(
      fc.property(someFigures, fc.array(name, { minLength: 1, maxLength: 4 }), (all, texts) => {
        const { chosen, unknown } = chooseFigures(all, texts);
        expect(chosen).toEqual(all.filter((figure) => chosen.includes(figure)));
        const begins = (text: string) => all.some((figure) => figure.name.startsWith(text));
        expect(unknown).toEqual(texts.filter((text) => !begins(text)));
        for (const figure of chosen) {
          expect(texts.some((text) => figure.name.startsWith(text))).toBe(true);
        }
        for (const figure of all.filter((each) => texts.includes(each.name))) {
          expect(chosen).toContain(figure);
        }
      }),
    );
  });
});

it('has one name for each figure, as no two results may have one', () => {
  const names = figures.map((figure) => figure.name);
  expect(names).toEqual([...new Set(names)]);
});
