import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Apart from the other tests: it installs from a registry of its own, and everything that is not ours from that of npm. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/published-packages/*.registry-test.ts'],
    silent: 'passed-only',
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
