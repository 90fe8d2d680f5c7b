// Goal: what a document shows of an example is what the example's test runs.
// Method: each block of TypeScript follows a link to a file of the example, and is that file without its relative imports.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './code-blocks.ts';

describe.each([
  ['docs/maximum-latest-distinct.md', 'beyond-sums'],
  ['docs/migrating.md', 'moving-a-consumer'],
])('%s', (document, example) => {
  const folder = `examples/${example}/src`;
  const text = readFileSync(join(root, document), 'utf8');
  const shown = [
    ...text.matchAll(
      /\(\.\.\/(examples\/[\w-]+\/src)\/([\w-]+\.ts)\):\n\n(?:<!--[^>]*>\n[^`]*?-->\n|<!--[^`]*?-->\n)?```ts\n([\s\S]*?)\n```/g,
    ),
  ].flatMap(([, of = '', file = '', code = '']) => (of === folder ? [[file, code] as const] : []));

  it('shows every file of the example once', () => {
    const files = globSync('*.ts', { cwd: join(root, folder), exclude: ['*.test.ts'] });
    expect(shown.map(([file]) => file).toSorted()).toEqual(files.toSorted());
    expect([...text.matchAll(/^```ts$/gm)]).toHaveLength(shown.length);
  });

  it.each(shown)('shows %s as it is', (file, code) => {
    const source = readFileSync(join(root, folder, file), 'utf8');
    expect(code).toBe(source.replaceAll(/^import (?:type )?\{[^}]*\} from '\.\/[^']*';\n/gm, '').trim());
  });
});
