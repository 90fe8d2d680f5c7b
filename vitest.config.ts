import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,services}/*/{src,test}/**/*.test.ts', '{examples,simulation,test}/**/*.test.ts'],
    globalSetup: ['./packages/engines/src/vitest-global-setup.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Real engines run beside the tests on two shared cores: a limit against hanging, not a measure of speed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
