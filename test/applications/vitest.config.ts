import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { applicationTests, patience } from '../../vitest.config.ts';

/** Apart from the other tests, because they take minutes, and Python, Go and Java install and build what they need the first time. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/applications/*.application-test.ts', ...applicationTests],
    globalSetup: ['./packages/engines/src/vitest-global-setup.ts'],
    ...patience,
  },
});
