import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFigure } from '../results/any-figure.ts';
import type { Results } from '../results/kept-results.ts';
import { resultOf } from '../results/result-of.ts';
import { tableOf, withPart } from './page.ts';

const machine = { cpuModel: 'any', cores: 2, memoryBytes: 1, platform: 'linux x64', node: '24.0.0' };

describe('withPart', () => {
  /** With what `String.replace` would take for more than text. */
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom('$&', '$1', '<!-- other: begin -->', '<!-- other: end -->'),
  );
  const text = fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n'));

  it('puts the part between its lines, leaves all else, and changes nothing the second time', () => {
    fc.assert(
      fc.property(text, text, text, text, (before, old, part, after) => {
        const page = `${before}\n<!-- one: begin -->\n${old}\n<!-- one: end -->\n${after}`;
        const written = withPart(page, 'one', part);
        expect(written).toBe(`${before}\n<!-- one: begin -->\n\n${part}\n\n<!-- one: end -->\n${after}`);
        expect(withPart(written, 'one', part)).toBe(written);
      }),
    );
  });

  it.each(['', '<!-- one: begin -->', '<!-- one: end -->', '<!-- one: end -->\n<!-- one: begin -->'])(
    'refuses a page that has %j only',
    (page) => {
      expect(() => withPart(page, 'one', 'part')).toThrow('lacks the lines');
    },
  );
});

describe('tableOf', () => {
  const names = fc.uniqueArray(fc.constantFrom('one', 'two', 'three', 'four'));

  it('has a row of five cells for each figure, marked where its goal was missed, and nowhere else', () => {
    fc.assert(
      fc.property(
        names,
        names,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 8, maxLength: 8 }),
        (quiet, busy, ratios) => {
          const missed = new Map<string, number>();
          let next = 0;
          const measured = (name: string) => {
            const subject = ratios[next] ?? 1;
            next += 1;
            missed.set(name, (missed.get(name) ?? 0) + Number(subject > 5));
            return resultOf(
              anyFigure({ of: 'ratio', max: 5 }, name),
              { pairs: [{ subject, reference: 1 }] },
              false,
            );
          };
          const results: Results = {
            machine,
            conditions: { quiet: quiet.map(measured), busy: busy.map(measured) },
          };
          const [, , ...rows] = tableOf(results).split('\n');
          const all = [...new Set([...quiet, ...busy])];
          expect(rows.map((row) => row.split(' | ')[0])).toEqual(all.map((name) => `| the ${name}`));
          for (const [index, name] of all.entries()) {
            const cells = (rows[index] ?? '').split(' | ');
            expect(cells).toHaveLength(5);
            expect(cells.filter((cell) => cell.includes('**missed**'))).toHaveLength(missed.get(name) ?? 0);
            expect(cells.filter((cell) => cell.startsWith('not measured'))).toHaveLength(
              2 - Number(quiet.includes(name)) - Number(busy.includes(name)),
            );
          }
        },
      ),
    );
  });
});
