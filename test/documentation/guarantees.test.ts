// Goal: the documents promise nothing that no test shows. Method: every quoted test name is looked up in the sources,
// as it is written there: `%s` is what a table of cases puts in.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

function testSources(): string {
  return ['packages', 'services', 'simulation', 'examples']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'),
    )
    .filter((entry) => /\.test\.ts$|contract/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

describe.each([
  ['docs/guarantees.md', 20],
  ['docs/migrating.md', 8],
])('%s', (file, atLeast) => {
  it('names only tests that exist', () => {
    const text = readFileSync(join(root, file), 'utf8').replaceAll(/\s+/g, ' ');
    const names = [...text.matchAll(/“([^”]+)”/g)]
      .map((match) => match[1] ?? '')
      .filter((name) => name.includes(' '));
    const sources = testSources().replaceAll(/\(\s+'/g, "('");
    expect(names.length).toBeGreaterThan(atLeast);
    expect(
      names.filter(
        (name) => !['in progress', 'Zombie write'].includes(name) && !sources.includes(`('${name}'`),
      ),
    ).toEqual([]);
  });
});
