/**
 * Writes the tables and plots of docs/performance.md from the results that were kept, without measuring anything.
 *
 *     node bench/src/write-page.ts
 */
import { writePage } from './page.ts';
import { keptResults } from './results.ts';

await writePage(await keptResults());
