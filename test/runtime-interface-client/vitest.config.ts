import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Apart from the other tests, because the client compiles for minutes the first time. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/runtime-interface-client/*.runtime-test.ts'],
    globalSetup: [
      './test/runtime-interface-client/install-client.ts',
      './packages/engines/src/vitest-global-setup.ts',
    ],
    silent: 'passed-only',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
