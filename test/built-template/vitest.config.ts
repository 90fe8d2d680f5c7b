import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Apart from the other tests: most need the SAM CLI, which is installed for them the first time. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/**/*.template-test.ts'],
    globalSetup: ['./packages/engines/src/vitest-global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
});
