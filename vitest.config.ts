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

export default defineConfig({
  test: {
    include: [
      '{packages,services}/*/{src,test}/**/*.test.ts',
      '{examples,simulation,site,test}/**/*.test.ts',
    ],
    globalSetup: ['./packages/engines/src/vitest-global-setup.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...operationsTests, ...applicationTests],
    ...patience,
    // Not one less than there are, as Vitest would: on two cores that is one, and the longest files wait for engines and processes.
    maxWorkers: '100%',
  },
});
