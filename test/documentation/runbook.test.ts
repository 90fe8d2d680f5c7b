// Goal: the runbook says of each section how far it was tried, and the tests that it names are there.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './code-blocks.ts';

const text = readFileSync(join(root, 'docs', 'operations.md'), 'utf8');
const sections = text
  .split(/^## /m)
  .slice(1)
  .map((section) => ({
    title: section.slice(0, section.indexOf('\n')),
    text: section.replaceAll(/\s+/g, ' '),
  }))
  // It tells where to look, and nothing to do.
  .filter(({ title }) => title !== 'First look');
const tests = globSync(
  [
    'test/rehearsal/*.rehearsal-test.ts',
    'test/deployment/recovery.deployment-test.ts',
    'test/template-alarms.test.ts',
  ],
  { cwd: root },
);
const titles = tests.flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/\bit\('((?:\\'|[^'])+)'/g)].map(
    ([, title = '']) => title,
  ),
);

describe('docs/operations.md', () => {
  it.each(sections)('says how far “$title” was tried', ({ text }) => {
    expect(text).toMatch(/Rehearsed by “|Not rehearsed: /);
    const named = [...text.matchAll(/“([^”]+)”/g)].map(([, title]) => title);
    expect(titles).toEqual(expect.arrayContaining(named));
  });

  it('names every rehearsal', () => {
    const rehearsals = titles.filter((title) => !text.replaceAll(/\s+/g, ' ').includes(`“${title}”`));
    const evaluated = readFileSync(join(root, 'test', 'template-alarms.test.ts'), 'utf8');
    expect(rehearsals.filter((title) => !evaluated.includes(title))).toEqual([]);
  });
});
