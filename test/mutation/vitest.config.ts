import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { QuickestFirst } from './quickest-first.ts';

// The tests that mutants have to pass: those of one package that need no engine, so that no global setup is needed either.
const root = fileURLToPath(new URL('../..', import.meta.url));
const packageName = process.env['MUTATED_PACKAGE'];
if (packageName === undefined) {
  throw new Error('MUTATED_PACKAGE must name a folder of packages; `npm run mutation` sets it');
}
const folder = join('packages', packageName);

const isQuick = process.env['MUTATED_QUICKLY'] === 'yes';

const tests = (isQuick ? ['src'] : ['src', 'test'])
  .map((below) => join(folder, below))
  .filter((path) => existsSync(join(root, path)))
  .flatMap((path) =>
    readdirSync(join(root, path), { recursive: true }).map((file) => join(path, String(file))),
  )
  .filter((file) => file.endsWith('.test.ts') && !(isQuick && file.endsWith('.property.test.ts')))
  .filter((file) => !readFileSync(join(root, file), 'utf8').includes("'@oncefold/engines"));

export default defineConfig({
  root,
  test: {
    include: tests,
    setupFiles: ['./test/mutation/fixed-seed.ts'],
    sequence: { sequencer: QuickestFirst },
    // What a mutant makes hang ends by this; the slowest test takes seconds, on a machine that others use, too, ten times as many.
    testTimeout: 60_000,
  },
});
