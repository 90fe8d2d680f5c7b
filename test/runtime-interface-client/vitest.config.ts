import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { patience } from '../../vitest.config.ts';

/** Apart from the other tests, because the clients come from registries, and that of Node.js compiles for minutes the first time. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: [
      'test/runtime-interface-client/*.runtime-test.ts',
      'packages/local-runtime/test/functions/runtimes/*.runtime-test.ts',
    ],
    globalSetup: [
      './test/runtime-interface-client/install-client.ts',
      './packages/engines/src/vitest-global-setup.ts',
    ],
    silent: 'passed-only',
    ...patience,
  },
});
