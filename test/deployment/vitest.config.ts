import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Apart from the other tests, because it needs the SAM CLI and an emulator of AWS, which are Python. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/deployment/*.deployment-test.ts'],
    // Each file has an emulator of its own, and most of the time somebody waits for somebody.
    maxWorkers: 2,
    // Stacks are deployed beside the tests on two shared cores: a limit against hanging, not a measure of speed.
    testTimeout: 400_000,
    hookTimeout: 400_000,
  },
});
