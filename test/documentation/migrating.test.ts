// Goal: what docs/migrating.md shows is what its test runs.
// Method: each block of TypeScript follows a link to a file of the example, and is that file without its relative imports.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './code-blocks.ts';

const FOLDER = 'examples/moving-a-consumer/src';
const text = readFileSync(join(root, 'docs/migrating.md'), 'utf8');
const shown = [
  ...text.matchAll(
    /\(\.\.\/examples\/moving-a-consumer\/src\/([\w-]+\.ts)\):\n\n(?:<!--[^>]*>\n[^`]*?-->\n|<!--[^`]*?-->\n)?```ts\n([\s\S]*?)\n```/g,
  ),
].map(([, file = '', code = '']) => [file, code] as const);

describe('docs/migrating.md', () => {
  it('shows every file of the example once', () => {
    const files = globSync('*.ts', { cwd: join(root, FOLDER) });
    expect(shown.map(([file]) => file).toSorted()).toEqual(files.toSorted());
    expect([...text.matchAll(/^```ts$/gm)]).toHaveLength(shown.length);
  });

  it.each(shown)('shows %s as it is', (file, code) => {
    const source = readFileSync(join(root, FOLDER, file), 'utf8');
    expect(code).toBe(source.replaceAll(/^import (?:type )?\{[^}]*\} from '\.\/[^']*';\n/gm, '').trim());
  });
});
