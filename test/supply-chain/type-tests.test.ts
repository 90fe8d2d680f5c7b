// Goal: each published package has tests of its types, of what compiles and of what must not.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const packages = join(import.meta.dirname, '../../packages');
const published = readdirSync(packages).filter(
  (name) => 'publishConfig' in JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')),
);

it('finds published packages', () => {
  expect(published.length).toBeGreaterThanOrEqual(5);
});

describe.each(published)('%s', (name) => {
  it('has type tests of what compiles and of what must not, which its own tsc checks', () => {
    const files = readdirSync(join(packages, name, 'src')).filter((file) => file.endsWith('.test-d.ts'));
    const text = files.map((file) => readFileSync(join(packages, name, 'src', file), 'utf8')).join('');
    expect(text).toMatch(/^export const /m);
    expect(text.match(/^\/\/ @ts-expect-error \w/gm)?.length ?? 0).toBeGreaterThanOrEqual(5);
    const { include } = JSON.parse(readFileSync(join(packages, name, 'tsconfig.json'), 'utf8'));
    expect(include).toContain('src');
  });
});
