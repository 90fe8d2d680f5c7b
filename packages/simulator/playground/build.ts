/** Writes the playground as one self-contained file: `pnpm --filter @oncefold/simulator build:playground`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleForBrowser } from './bundle-for-browser.ts';
import { playgroundPage } from './playground-page.ts';

const file = fileURLToPath(new URL('../dist/playground.html', import.meta.url));
const page = playgroundPage(await bundleForBrowser(fileURLToPath(new URL('main.ts', import.meta.url))));
mkdirSync(fileURLToPath(new URL('../dist', import.meta.url)), { recursive: true });
writeFileSync(file, page);
console.log(`${file}: ${Math.round(page.length / 1000)} kB`);
