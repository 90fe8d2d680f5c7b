import { defineConfig } from 'vitest/config';

/** Whole pipelines that are corrected while they run, again and again: minutes, so they run beside the rehearsals of the runbook. */
export const operationsTests: string[] = [
  'packages/cli/test/rebuild.test.ts',
  'packages/cli/test/redrive.test.ts',
];

export default defineConfig({
  test: {
    include: ['{packages,services}/*/{src,test}/**/*.test.ts', '{examples,simulation,test}/**/*.test.ts'],
    globalSetup: ['./packages/engines/src/vitest-global-setup.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...operationsTests],
    // Real engines run beside the tests on two shared cores: a limit against hanging, not a measure of speed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
