import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Whole pipelines from end to end, again and again: minutes, so they run beside the rehearsals of the runbook (`npm run test:runbook`). */
export const operationsTests: string[] = [
  'packages/cli/test/live-page/live-page.browser.test.ts',
  'packages/cli/test/rebuild.test.ts',
  'packages/cli/test/redrive.test.ts',
  'test/upgrade/upgrade-from-0-2-0.test.ts',
];

/** SAM applications of anyone, each started as a whole: they run beside those of `test/applications` (`npm run test:applications`). */
export const applicationTests: string[] = [
  'packages/cli/test/testing/start-application.test.ts',
  'packages/cli/test/up-examples.test.ts',
  'packages/cli/test/up-node-functions.test.ts',
  'packages/cli/test/up-queues.test.ts',
  'packages/cli/test/up-settings.test.ts',
  'packages/cli/test/up-template.test.ts',
];

/**
 * Limits against hanging, not measures of speed: engines and processes run beside the tests, on two shared cores. What a test waits
 * for, it waits for as long as it takes; Vitest's own second is a measure of speed.
 */
export const patience = {
  testTimeout: 240_000,
  hookTimeout: 240_000,
  expect: { poll: { timeout: 120_000 } },
};

const exclude = ['**/node_modules/**', '**/dist/**', ...operationsTests, ...applicationTests];

export default defineConfig({
  test: {
    globalSetup: ['./packages/engines/src/vitest-global-setup.ts'],
    ...patience,
    // One more than there are cores, not one less, as Vitest would: the longest files wait for engines and processes.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        extends: true,
        test: {
          name: 'beside the code',
          include: ['**/src/**/*.test.ts'],
          exclude,
          // None of them keeps anything in a module, and a worker for each file takes longer than the tests.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'processes and engines',
          include: ['**/test/**/*.test.ts'],
          exclude: [...exclude, '**/src/**'],
        },
      },
    ],
  },
});
