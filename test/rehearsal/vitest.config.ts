import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { operationsTests, patience } from '../../vitest.config.ts';

/** Apart from the other tests, because the rehearsals need the AWS CLI, which is Python, and all of it takes minutes. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/rehearsal/*.rehearsal-test.ts', ...operationsTests],
    globalSetup: ['./packages/engines/src/vitest-global-setup.ts', './test/rehearsal/support/prepare.ts'],
    // Most of the time they wait: for windows, retries, records that grow old.
    maxWorkers: 2,
    ...patience,
  },
});
