import { join } from 'node:path';

/** What these tests install stays for the next run, and nothing else uses it. */
export const testCache: string = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'node_modules',
  '.cache',
  'oncefold-test',
);
