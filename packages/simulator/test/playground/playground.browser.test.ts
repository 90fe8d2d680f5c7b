/** Goal: the simulator can be played with in a browser. Method: a real one opens the built page from a file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { bundleForBrowser } from '../../playground/bundle-for-browser.ts';
import { playgroundPage } from '../../playground/playground-page.ts';
import type { Page, PageOptions } from '../support/chromium.ts';
import { describeInChromium } from '../support/describe-in-chromium.ts';

const HEADLINE = `document.querySelector('.headline')?.textContent ?? ''`;

describeInChromium('the playground page', ({ it, browser, folder }) => {
  let url: string | undefined;
  const open = async (fragment = '', options?: PageOptions): Promise<Page> => {
    if (url === undefined) {
      const script = await bundleForBrowser(
        fileURLToPath(new URL('../../playground/main.ts', import.meta.url)),
      );
      const file = join(folder(), 'playground.html');
      writeFileSync(file, playgroundPage(script));
      url = pathToFileURL(file).href;
    }
    const page = await browser().open(options);
    await page.goto(url + fragment);
    await page.waitFor(`${HEADLINE} !== ''`);
    return page;
  };
  const closeClean = async (page: Page): Promise<void> => {
    expect(page.complaints).toEqual([]);
    expect(page.requests.filter((request) => request !== 'data:,')).toEqual([url]);
    await page.close();
  };
  const click = (page: Page, selector: string): Promise<void> =>
    page.evaluate(`document.querySelector('${selector}').click()`);

  it('runs the seed of the address and shows its history', async () => {
    const page = await open('#strategy=none&seed=3');
    expect(await page.evaluate(HEADLINE)).toMatch(/counts? (twice|\d+ times)/);
    expect(await page.evaluate(`document.querySelector('[name=strategy]:checked').value`)).toBe('none');
    expect(await page.evaluate(`document.querySelector('.command code').textContent`)).toBe(
      'npm run oncefold -- simulate --strategy none --seed 3',
    );
    await page.press('ArrowDown');
    expect(await page.evaluate('location.hash')).toMatch(/^#strategy=none&seed=3&step=\d+$/);
    await closeClean(page);
  });

  it('says which history it runs until it has run', async () => {
    const page = await open('#strategy=ledger&seed=3');
    const text = await page.evaluate(
      `document.querySelector('#next').click(), document.querySelector('#timeline').textContent`,
    );
    expect(text).toBe('Ledger, seed 4Running …');
    await page.waitFor(`${HEADLINE} !== ''`);
    await closeClean(page);
  });

  it('finds the next seed that breaks', async () => {
    const page = await open('#strategy=none&faults=reply-lost&seed=0');
    await click(page, '#search');
    await page.waitFor(`/breaks it/.test(document.querySelector('#status').textContent)`);
    const seed = await page.evaluate<number>(`Number(document.querySelector('#seed').value)`);
    expect(seed).toBeGreaterThan(0);
    await page.waitFor(`/counts? (twice|[0-9]+ times)/.test(${HEADLINE})`);
    expect(await page.evaluate('location.hash')).toBe(`#strategy=none&faults=reply-lost&seed=${seed}`);
    await closeClean(page);
  });

  it('stops a search that finds nothing when it is told to, and stays responsive', async () => {
    const page = await open('#strategy=ledger&seed=0');
    await click(page, '#search');
    await page.waitFor(`/seeds tried/.test(document.querySelector('#status').textContent)`);
    expect(await page.evaluate(`document.querySelector('#cancel').hidden`)).toBe(false);
    await click(page, '#cancel');
    await page.waitFor(`document.querySelector('#cancel').hidden`);
    expect(await page.evaluate('location.hash')).toContain('seed=0');
    await closeClean(page);
  });

  it('has each choice in the address, and goes back and forward between them', async () => {
    const page = await open('#strategy=none&seed=3');
    await click(page, '[value=checkpoint]');
    await page.waitFor(`/once/.test(${HEADLINE})`);
    expect(await page.evaluate('location.hash')).toBe('#strategy=checkpoint&seed=3');
    await click(page, '#next');
    await page.waitFor(`location.hash === '#strategy=checkpoint&seed=4'`);
    await page.evaluate('history.go(-2)');
    await page.waitFor(`/counts? (twice|[0-9]+ times)/.test(${HEADLINE})`);
    expect(await page.evaluate(`document.querySelector('[name=strategy]:checked').value`)).toBe('none');
    await page.evaluate('history.forward()');
    await page.waitFor(`/once/.test(${HEADLINE})`);
    expect(await page.evaluate(`document.querySelector('#seed').value`)).toBe('3');
    await closeClean(page);
  });

  it('lets faults be chosen: without any nothing goes wrong', async () => {
    const page = await open('#strategy=none&seed=3');
    await click(page, '[data-faults=none]');
    await page.waitFor(`/once/.test(${HEADLINE})`);
    expect(await page.evaluate('location.hash')).toBe('#strategy=none&faults=&seed=3');
    expect(await page.evaluate(`document.querySelector('#fault-count').textContent`)).toBe('nothing');
    await closeClean(page);
  });

  it.each(['light', 'dark'] as const)('fits a screen of 390 pixels, %s', async (colorScheme) => {
    const page = await open('', { width: 390, height: 844, colorScheme });
    await page.evaluate(`document.querySelector('.faults').open = true`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await closeClean(page);
  });
});
