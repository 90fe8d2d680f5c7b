import { describe, expect, it } from 'vitest';
import { type Colours, dark, light } from './colours.ts';

/** Text and its background: 4.5 to 1 by WCAG 2.2, criterion 1.4.3. */
const texts: readonly (readonly [keyof Colours, keyof Colours])[] = [
  ['ink', 'paper'],
  ['ink', 'raised'],
  ['muted', 'paper'],
  ['muted', 'raised'],
  ['link', 'paper'],
  ['alarm', 'paper'],
  ['exact-ink', 'exact'],
  ['exact-ink', 'paper'],
  ['wrong-ink', 'wrong-1'],
  ['wrong-ink', 'wrong-2'],
  ['wrong-ink', 'wrong-3'],
  ['wrong-ink', 'wrong-4'],
  ['series-none', 'paper'],
  ['series-request-token', 'paper'],
  ['series-powertools', 'paper'],
  ['series-ledger', 'paper'],
  ['series-checkpoint', 'paper'],
];

/** Shapes and their background: 3 to 1 by criterion 1.4.11. */
const shapes: readonly (readonly [keyof Colours, keyof Colours])[] = [
  ['guard', 'paper'],
  ['alarm', 'wrong-1'],
];

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s colours', (_, colours) => {
  it.each(texts)('make %s readable on %s', (ink, paper) => {
    expect(contrast(colours[ink], colours[paper])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(shapes)('make %s visible on %s', (shape, paper) => {
    expect(contrast(colours[shape], colours[paper])).toBeGreaterThanOrEqual(3);
  });

  it('give a worse cell more contrast with the page', () => {
    const steps = (['wrong-1', 'wrong-2', 'wrong-3', 'wrong-4'] as const).map((step) =>
      contrast(colours[step], colours.paper),
    );
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });
});

function contrast(one: string, other: string): number {
  const [dim = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
