import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Apart from the other tests, because it needs the SAM CLI and an emulator of AWS, which are Python. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/deployment/*.deployment-test.ts'],
    // Stacks are deployed beside the tests on two shared cores: a limit against hanging, not a measure of speed.
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
