/**
 * Goal: the same seed is the same history in Chromium as in Node.js, to the byte.
 * Method: both hash the recorded history, with everything that no client sees, of the same seeds.
 *
 * `ONCEFOLD_BROWSER_SEEDS=1000` compares so many seeds of each strategy.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { bundleForBrowser } from '../../playground/bundle-for-browser.ts';
import { strategyNames } from '../../playground/choice.ts';
import { html } from '../../src/timeline/html.ts';
import { pageHtml } from '../../src/timeline/page-html.ts';
import { describeInChromium } from '../support/describe-in-chromium.ts';
import { hashHistories } from '../support/history-hash.ts';

const { ONCEFOLD_BROWSER_SEEDS: seedsText = '25' } = process.env;
const SEEDS = Number(seedsText);
/** Seeds of one call: it answers within the limit of the protocol. */
const SLICE = 100;

describeInChromium('a history in Chromium', ({ it, browser, folder }) => {
  it.each(strategyNames)(
    `is that of Node.js to the byte, for ${SEEDS} seeds of %s`,
    async (strategy) => {
      const script = await bundleForBrowser(
        fileURLToPath(new URL('../support/history-hash-script.ts', import.meta.url)),
      );
      const file = join(folder(), `${strategy}.html`);
      writeFileSync(file, pageHtml({ title: 'hashes', body: html``, script }));
      const page = await browser().open();
      await page.goto(pathToFileURL(file).href);
      for (let from = 0; from < SEEDS; from += SLICE) {
        const count = Math.min(SLICE, SEEDS - from);
        const theirs = await page.evaluate<string[]>(`hashHistories('${strategy}', ${from}, ${count})`);
        expect(theirs).toHaveLength(count);
        expect(theirs, `seeds from ${from}`).toEqual(await hashHistories(strategy, from, count));
      }
      expect(page.complaints).toEqual([]);
      await page.close();
    },
    // No measure: 1,000 seeds may take a while on a machine that is at work.
    600_000,
  );
});
