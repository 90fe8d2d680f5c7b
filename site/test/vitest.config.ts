import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.site-test.ts'],
    // A limit against hanging, not a measure of speed.
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
