/** Bundled for a browser: lets a test ask for hashes there. */
import { hashHistories } from './history-hash.ts';

Object.assign(globalThis, { hashHistories });
