import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Apart from the other tests, because it needs the SAM CLI, which is Python and takes a minute to install. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/built-template/*.template-test.ts'],
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
});
