import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Apart from the other tests, because it needs the AWS CLI, which is Python. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/rehearsal/*.rehearsal-test.ts'],
    globalSetup: ['./packages/engines/src/vitest-global-setup.ts', './test/rehearsal/support/prepare.ts'],
    // A limit against hanging.
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
