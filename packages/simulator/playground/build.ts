/**
 * Writes the playground as one self-contained file: `pnpm --filter @oncefold/simulator build:playground`.
 *
 * What may follow: the file, and the address of a page that it leads back to.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleForBrowser } from './bundle-for-browser.ts';
import { playgroundPage } from './playground-page.ts';

const [file = fileURLToPath(new URL('../dist/playground.html', import.meta.url)), home] =
  process.argv.slice(2);
const page = playgroundPage(await bundleForBrowser(fileURLToPath(new URL('main.ts', import.meta.url))), home);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, page);
console.log(`${file}: ${Math.round(page.length / 1000)} kB`);
