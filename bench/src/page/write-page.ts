/**
 * Writes the tables and plots of docs/performance.md from the results that were kept, without measuring anything.
 *
 *     node bench/src/page/write-page.ts
 */

import { keptResults } from '../results/kept-results.ts';
import { writePage } from './page.ts';

await writePage(await keptResults());
