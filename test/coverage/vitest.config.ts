import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { deployedLibraries, root } from '../packed-packages/published.ts';

// Every line and branch of the packages that decide what is counted, by their tests that need no engine (`npm run coverage`).
const folders = deployedLibraries.map(({ folder }) => folder);

/** Histories by the thousand, which reach what the other tests reach and take most of the time. */
const slow = /(redrive|commit-batch|schedules)\.property\.test\.ts$/;

const tests = folders
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, String(file))),
  )
  .filter(
    (file) => file.endsWith('.test.ts') && !slow.test(file) && !/(^|\/)(node_modules|dist)\//.test(file),
  )
  .filter((file) => !readFileSync(join(root, file), 'utf8').includes("'@oncefold/engines"));

export default defineConfig({
  root,
  test: {
    include: tests,
    // The same cases in every run, so that a branch that few of them reach does not come and go.
    setupFiles: ['./test/mutation/fixed-seed.ts'],
    // A limit against hanging: collecting coverage takes its time, and in CI so does what runs beside it.
    testTimeout: 240_000,
    coverage: {
      enabled: true,
      provider: 'v8',
      reporter: [['text', { skipFull: true }], 'json-summary'],
      reportsDirectory: 'reports/coverage',
      include: folders.map((folder) => `${folder}/src/**/*.ts`),
      exclude: [
        '**/*.test.ts',
        '**/*.test-d.ts',
        '**/*.bench.ts',
        // A suite of tests that is published; what it holds is run on four stores.
        'packages/commit/src/contract/**',
      ],
      thresholds: { statements: 100, branches: 100, functions: 100, lines: 100 },
    },
  },
});
