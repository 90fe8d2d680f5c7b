// Goal: the documents promise nothing that no test shows. Method: every quoted test name is looked up in the sources,
// as it is written there: `%s` is what a table of cases puts in.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

const sources = globSync('{packages,services,simulation,examples,test}/**/*.ts', {
  cwd: root,
  exclude: ['**/node_modules', '**/dist'],
})
  .filter((file) => /[.-]test\.ts$|contract/.test(file))
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n')
  .replaceAll(/\(\s+'/g, "('");

describe.each([
  ['SECURITY.md', 40],
  ['docs/guarantees.md', 20],
  ['docs/migrating.md', 8],
])('%s', (file, atLeast) => {
  it('names only tests that exist', () => {
    const text = readFileSync(join(root, file), 'utf8').replaceAll(/\s+/g, ' ');
    const names = [...text.matchAll(/“([^”]+)”/g)]
      .map((match) => match[1] ?? '')
      .filter((name) => name.includes(' '));
    expect(names.length).toBeGreaterThan(atLeast);
    expect(
      names.filter(
        (name) => !['in progress', 'Zombie write'].includes(name) && !sources.includes(`('${name}'`),
      ),
    ).toEqual([]);
  });
});
