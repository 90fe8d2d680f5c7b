// Goal: the histories that documents show are those that their commands print.
// Method: each command is run, and what it prints is compared; a line with `…` alone stands for lines that are left out. A change of
// the simulator makes other histories of the same seeds: then choose one anew by `npm run oncefold -- simulate --strategy none`, and
// copy it.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runOncefold } from '../support/run-oncefold.ts';

const pages = ['simulator.md', 'why-strategies-break.md'];

const shownHistories = pages.flatMap((page) => {
  const text = readFileSync(new URL(`../../../../docs/${page}`, import.meta.url), 'utf8');
  const blocks = text.matchAll(
    /^```console\n\$ npm run oncefold -- (simulate (?:.*\\\n)*.*)\n([\s\S]*?)^```$/gm,
  );
  return [...blocks].map(([, words = '', shown = '']) => ({
    page,
    command: words.replaceAll(/[\s\\]+/g, ' '),
    shown,
  }));
});

describe('documents', () => {
  it('show histories', () => {
    expect(new Set(shownHistories.map(({ page }) => page))).toEqual(new Set(pages));
  });

  it.each(shownHistories)('$page shows what is printed by $command', async ({ command, shown }) => {
    const { stdout, stderr } = await runOncefold(command.split(' '));
    expect(stderr).toBe('');
    const parts = shown.split(/^…\n/m);
    let rest = stdout;
    for (const part of parts) {
      const at = rest.indexOf(part);
      expect(at < 0 ? part : '', 'not printed').toBe('');
      rest = rest.slice(at + part.length);
    }
    expect(stdout.startsWith(parts[0] ?? '')).toBe(true);
    expect(rest).toBe('');
    expect(stdout).toMatch(/^ {10}>>> {2}r|^EXACT/m);
  });
});
