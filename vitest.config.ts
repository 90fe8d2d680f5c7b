import { defineConfig } from 'vitest/config';

/** Whole pipelines from end to end, again and again: minutes, so they run beside the rehearsals of the runbook (`npm run test:runbook`). */
export const operationsTests: string[] = [
  'packages/cli/test/live-page/live-page.browser.test.ts',
  'packages/cli/test/rebuild.test.ts',
  'packages/cli/test/redrive.test.ts',
  'test/upgrade/upgrade-from-0-2-0.test.ts',
];

export default defineConfig({
  test: {
    include: [
      '{packages,services}/*/{src,test}/**/*.test.ts',
      '{examples,simulation,site,test}/**/*.test.ts',
    ],
    globalSetup: ['./packages/engines/src/vitest-global-setup.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...operationsTests],
    // Real engines run beside the tests on two shared cores: a limit against hanging, not a measure of speed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
