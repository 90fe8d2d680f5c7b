import { describe, expect, it } from 'vitest';
import { dark, light } from './style-sheet.ts';

/** Text and what is behind it somewhere on the page. */
const pairs: readonly (readonly [string, string])[] = [
  ['ink', 'paper'],
  ['ink', 'raised'],
  ['ink', 'now'],
  ['ink', 'alarm-paper'],
  ['muted', 'paper'],
  ['muted', 'raised'],
  ['muted', 'now'],
  ['muted', 'alarm-paper'],
  ['accent', 'paper'],
  ['alarm', 'paper'],
  ['alarm', 'now'],
  ['alarm', 'raised'],
  ['paper', 'alarm'],
  ['paper', 'accent'],
  ['fault', 'paper'],
  ['fault', 'now'],
  ['fault', 'raised'],
  ['fault', 'alarm-paper'],
  ['right-ink', 'right'],
  ['right-ink', 'paper'],
];

describe('style sheet', () => {
  it.each([
    ['light', light],
    ['dark', dark],
  ])('has a contrast of 4.5 to 1 and more wherever text is (WCAG 2.2, level AA): %s', (_, colours) => {
    for (const [text, paper] of pairs) {
      const contrast = contrastOf(colours[text] ?? '', colours[paper] ?? '');
      expect(contrast, `${text} on ${paper}`).toBeGreaterThanOrEqual(4.5);
    }
  });
});

function contrastOf(a: string, b: string): number {
  const [lighter = 0, darker = 0] = [luminanceOf(a), luminanceOf(b)].sort((x, y) => y - x);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const share = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
