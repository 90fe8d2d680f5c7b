/** Puts the script of the timeline page into `dist`, so that the published package does without a compiler. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { compileScript } from '../src/timeline/compile-script.ts';

const folder = new URL('../dist/timeline/browser/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(
  new URL('timeline-page-script.script', folder),
  compileScript(new URL('../src/timeline/browser/timeline-page-script', import.meta.url)),
);
