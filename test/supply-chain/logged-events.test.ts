// Goal: payloads are not logged. Powertools Logger logs whole events when a variable or an option says so.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const sources = ['services', 'packages/function-kit/src']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, String(file))),
  )
  .filter((file) => /src\/.*(?<!\.test)\.ts$/.test(file) && !file.includes('node_modules'));

it('logs no event: neither the code nor the template asks for it', () => {
  expect(sources.length).toBeGreaterThan(20);
  expect(sources.filter((file) => /logEvent/i.test(textOf(file)))).toEqual([]);
  const templates = ['template.yaml', ...readdirSync(join(root, 'stacks')).map((file) => `stacks/${file}`)];
  expect(templates.filter((file) => /LOG_EVENT|POWERTOOLS_DEV/.test(textOf(file)))).toEqual([]);
});
