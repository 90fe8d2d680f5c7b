// Goal: each published package that can be imported has tests of its types, of what compiles and of what must not.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishedLibraries, root } from '../packed-packages/published.ts';

describe.each(publishedLibraries)('$manifest.name', ({ folder }) => {
  const source = join(root, folder, 'src');

  it('has type tests of what compiles and of what must not, which its own tsc checks', () => {
    const files = readdirSync(source).filter((file) => file.endsWith('.test-d.ts'));
    const text = files.map((file) => readFileSync(join(source, file), 'utf8')).join('');
    expect(text).toMatch(/^export const /m);
    expect(text.match(/^\/\/ @ts-expect-error \w/gm)?.length ?? 0).toBeGreaterThanOrEqual(5);
    const { include } = JSON.parse(readFileSync(join(root, folder, 'tsconfig.json'), 'utf8'));
    expect(include).toContain('src');
  });
});
