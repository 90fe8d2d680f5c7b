/** Goal: the page of a history can be used with eyes, keys, a screen reader and a phone. Method: a real browser opens it from a file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { commitStage, commitStrategies, createTurn, runHistory, type StrategyName } from '../src/index.ts';
import { timelinePage } from '../src/timeline/timeline-page.ts';
import type { Page, PageOptions } from './support/chromium.ts';
import { describeInChromium } from './support/describe-in-chromium.ts';

const CURRENT = `document.querySelector('[aria-current=step]').closest('li').value`;
const LIVE = `document.querySelector('[aria-live=polite]').textContent`;

describeInChromium('the timeline page', ({ it, browser, folder }) => {
  const write = async (strategy: StrategyName, seed: number): Promise<string> => {
    const { history, violations } = await runHistory(
      commitStage(commitStrategies[strategy]),
      { seed },
      { turn: createTurn(), isDetailed: true },
    );
    const file = join(folder(), `${strategy}-${seed}.html`);
    const title = `Strategy ${strategy}, seed ${seed}`;
    writeFileSync(file, timelinePage({ history, violations, title, command: `simulate --seed ${seed}` }));
    return pathToFileURL(file).href;
  };
  const open = async (url: string, options?: PageOptions): Promise<Page> => {
    const page = await browser().open(options);
    await page.goto(url);
    return page;
  };
  const closeClean = async (page: Page, url: string): Promise<void> => {
    expect(page.complaints).toEqual([]);
    expect(page.requests.filter((request) => request !== 'data:,')).toEqual([url]);
    await page.close();
  };

  it('opens where it goes wrong, with nothing on the console and nothing fetched', async () => {
    const url = await write('none', 3);
    const page = await open(url);
    expect(await page.evaluate('document.title')).toContain('counts');
    const moment = await page.evaluate(`document.querySelector('.step.moment').value`);
    expect(await page.evaluate(CURRENT)).toBe(moment);
    expect(await page.evaluate(LIVE)).toContain('This is where it goes wrong');
    expect(await page.evaluate(`document.querySelector('.counts .twice').textContent`)).toContain('× 2');
    await closeClean(page, url);
  });

  it('goes from step to step with keys, says each aloud, and keeps the address', async () => {
    const url = await write('none', 3);
    const page = await open(`${url}#step=2`);
    expect(await page.evaluate(CURRENT)).toBe(2);
    const before = await page.evaluate<string>(LIVE);
    await page.press('ArrowDown');
    expect(await page.evaluate(CURRENT)).toBe(3);
    expect(await page.evaluate(LIVE)).toContain('Step 3 of');
    expect(await page.evaluate(LIVE)).not.toBe(before);
    expect(await page.evaluate('location.hash')).toBe('#step=3');
    await page.press('ArrowLeft');
    expect(await page.evaluate(CURRENT)).toBe(2);
    await page.press('PageDown');
    expect(await page.evaluate(CURRENT)).toBe(12);
    await page.press('End');
    const last = await page.evaluate<number>(CURRENT);
    expect(last).toBe(await page.evaluate(`document.querySelectorAll('.step').length`));
    await page.press('ArrowDown');
    expect(await page.evaluate(CURRENT)).toBe(last);
    expect(await page.evaluate(LIVE)).toContain('Nothing is left to do');
    await page.press('Home');
    await page.press('ArrowUp');
    expect(await page.evaluate(CURRENT)).toBe(1);
    await page.press('m');
    expect(await page.evaluate(LIVE)).toContain('This is where it goes wrong');
    // The step that is current is in sight.
    const box = await page.evaluate<[number, number, number, number]>(
      `(() => { const [a, b] = ['.now', '.pane'].map((name) => document.querySelector(name).getBoundingClientRect()); return [a.top, a.bottom, b.top, b.bottom]; })()`,
    );
    expect(box[0]).toBeGreaterThan(box[2]);
    expect(box[1]).toBeLessThan(box[3]);
    await page.close();
  });

  it('can be used with the keyboard alone: the current step takes the focus, and keeps it', async () => {
    const page = await open(`${await write('none', 3)}#step=2`);
    expect(await page.evaluate(`document.querySelectorAll('.steps a[tabindex="0"]').length`)).toBe(1);
    await page.evaluate(`document.querySelector('.now > a').focus()`);
    await page.press('ArrowDown');
    expect(await page.evaluate(`document.activeElement.closest('li').value`)).toBe(3);
    await page.close();
  });

  it('answers to buttons, clicks and another address, and shows the steps of one record alone', async () => {
    const page = await open(`${await write('none', 3)}#step=1`);
    await page.evaluate(`document.querySelector('[data-move=next]').click()`);
    expect(await page.evaluate(CURRENT)).toBe(2);
    await page.evaluate(`document.querySelector('[data-step="7"] > a').click()`);
    expect(await page.evaluate(CURRENT)).toBe(7);
    await page.evaluate(`location.hash = '#step=9'`);
    await page.waitFor(`${CURRENT} === 9`);
    const all = await page.evaluate<number>(`document.querySelectorAll('.step').length`);
    await page.evaluate(`document.querySelector('[data-only]').click()`);
    const some = await page.evaluate<number>(`document.querySelectorAll('.step').length`);
    expect(some).toBeGreaterThan(3);
    expect(some).toBeLessThan(all);
    await page.press('Home');
    await page.press('End');
    const last = await page.evaluate<string>(`[...document.querySelectorAll('.step')].at(-1).dataset.step`);
    expect(await page.evaluate(CURRENT)).toBe(Number(last));
    expect(await page.evaluate(LIVE)).toContain(`Step ${last} `);
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('follows the colours of the system', async () => {
    const url = await write('none', 3);
    const papers: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open(url, { colorScheme });
      papers.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      await closeClean(page, url);
    }
    expect(papers).toEqual(['rgb(253, 252, 250)', 'rgb(22, 24, 27)']);
  });

  it.each([
    ['none', 3],
    ['none', 22],
    ['ledger', 5],
  ] as const)('fits a screen of 390 pixels: %s, seed %d', async (strategy, seed) => {
    const url = await write(strategy, seed);
    const page = await open(url, { width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.press('ArrowDown');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await closeClean(page, url);
  });

  it('prints every step, in light colours and without what only a screen can do', async () => {
    const url = await write('none', 3);
    const page = await open(url, { width: 794, colorScheme: 'dark', media: 'print' });
    const [whole, pane, buttons, paper] = await page.evaluate<[number, number, string, string]>(
      `['.steps', '.pane'].map((name) => Math.round(document.querySelector(name).getBoundingClientRect().height)).concat(getComputedStyle(document.querySelector('.controls')).display, getComputedStyle(document.body).backgroundColor)`,
    );
    expect(pane).toBeGreaterThan(whole);
    expect(buttons).toBe('none');
    expect(paper).toBe('rgb(253, 252, 250)');
    await closeClean(page, url);
  });

  it('shows a history in which nothing goes wrong', async () => {
    const url = await write('ledger', 5);
    const page = await open(url);
    expect(await page.evaluate(`document.querySelector('h1').textContent`)).toMatch(/records? counts? once/);
    expect(await page.evaluate(CURRENT)).toBe(1);
    expect(await page.evaluate(`document.querySelectorAll('.moment, .counts .twice').length`)).toBe(0);
    await page.press('End');
    expect(await page.evaluate(`document.querySelector('.state').textContent`)).toContain(
      'Markers of counted records',
    );
    await closeClean(page, url);
  });
});
