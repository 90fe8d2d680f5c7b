// Goal: the built pages work in a browser, on a desktop and on a phone, light and dark, and ask no other host for anything.
// Method: the folder that `npm run site:build` has written is served, and a real browser opens its pages.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeInChromium, type Page } from '@oncefold/simulator/test-support';
import { afterAll, beforeAll, expect } from 'vitest';
import { serveFolder } from './serve-folder.ts';

const folder = join(import.meta.dirname, '../dist');
/** Where screenshots are put; absent: there are none. */
const { SITE_SCREENSHOTS: screenshots } = process.env;

const pages = [
  'index.html',
  'tutorial.html',
  'install.html',
  'choose-a-strategy.html',
  'composite-keys.html',
  'conditions.html',
  'corrections.html',
  'why-strategies-break.html',
  'when-not-to-use.html',
  'maximum-latest-distinct.html',
  'guarantees.html',
  'architecture.html',
  'operations.html',
  'stored-forms.html',
  'template-parameters.html',
  'errors.html',
  'api/index.html',
  'api/commit/index.html',
  'api/commit/functions/ledger.html',
  'packages/commit.html',
  'packages/middleware.html',
  'examples/index.html',
  'CHANGELOG.html',
  'comparison.html',
  'timelines/none-8.html',
  'playground.html',
  '404.html',
];
const screens = [
  { name: 'desktop', width: 1280, height: 900 },
  { name: 'phone', width: 390, height: 844 },
] as const;
const schemes = ['light', 'dark'] as const;
const cases = screens.flatMap((screen) => schemes.map((colorScheme) => ({ ...screen, colorScheme })));

describeInChromium('the site', ({ it, browser }) => {
  let site: { readonly url: string; readonly close: () => void };
  beforeAll(async () => {
    site = await serveFolder(folder);
  });
  afterAll(() => site.close());

  const closeClean = async (page: Page): Promise<void> => {
    expect(page.complaints).toEqual([]);
    const foreign = page.requests.filter(
      (url) => !url.startsWith(`${site.url}/`) && !/^(?:data|blob):/.test(url),
    );
    expect(foreign).toEqual([]);
    await page.close();
  };

  it.each(cases)('shows every page, $name and $colorScheme, as wide as the screen', async (screen) => {
    const page = await browser().open(screen);
    for (const path of pages) {
      await page.goto(`${site.url}/${path}`);
      await page.waitFor(`document.querySelector('h1, .headline, .title') !== null`);
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(
        screen.width,
      );
      if (screenshots !== undefined) {
        mkdirSync(screenshots, { recursive: true });
        const name = `${path.replaceAll('/', '-')}-${screen.name}-${screen.colorScheme}.png`;
        writeFileSync(join(screenshots, name), await page.screenshot());
      }
    }
    await closeClean(page);
  });

  it.each([1280, 1440, 1680])('cuts off no line of code on a screen %i px wide', async (width) => {
    const page = await browser().open({ width, height: 900 });
    for (const path of pages) {
      await page.goto(`${site.url}/${path}`);
      const cut = await page.evaluate(`[...document.querySelectorAll('.vp-doc pre')]
        .filter((block) => block.scrollWidth > block.clientWidth).map((block) => block.textContent)`);
      expect(cut, path).toEqual([]);
    }
    await closeClean(page);
  });

  it('says what every entry of the API is', async () => {
    const page = await browser().open({ width: 1280, height: 900 });
    await page.goto(`${site.url}/api/index.html`);
    const texts = await page.evaluate(
      `[...document.querySelectorAll('.vp-doc td:last-child')].map((cell) => cell.textContent.trim())`,
    );
    expect(texts).not.toContain('-');
    await closeClean(page);
  });

  it('leads from the report to the other pages', async () => {
    const page = await browser().open({ width: 390, height: 844 });
    await page.goto(`${site.url}/comparison.html`);
    await page.follow('header nav a');
    await page.waitFor(`document.querySelector('.vp-doc h1') !== null`);
    await closeClean(page);
  });

  it('finds a word of a page without asking anybody else', async () => {
    const page = await browser().open({ width: 1280, height: 900 });
    await page.goto(`${site.url}/tutorial.html`);
    await page.waitFor(`document.querySelector('.VPNavBarSearch button') !== null`);
    await page.evaluate(`document.querySelector('.VPNavBarSearch button').click()`);
    await page.waitFor(`document.querySelector('.VPLocalSearchBox input') !== null`);
    await page.evaluate(`(() => {
      const input = document.querySelector('.VPLocalSearchBox input');
      input.value = 'retentionSeconds';
      input.dispatchEvent(new Event('input', { bubbles: true }));
    })()`);
    await page.waitFor(`document.querySelectorAll('.VPLocalSearchBox .result').length > 0`);
    await closeClean(page);
  });

  it('shows the history of a seed within its page', async () => {
    const page = await browser().open({ width: 1280, height: 900 });
    await page.goto(`${site.url}/why-strategies-break.html`);
    await page.evaluate(`document.querySelector('iframe').scrollIntoView()`);
    await page.waitFor(
      `/counts twice/.test(document.querySelector('iframe').contentDocument?.body?.textContent ?? '')`,
    );
    await closeClean(page);
  });

  it('runs the simulator in the playground, and leads back', async () => {
    const page = await browser().open({ width: 390, height: 844 });
    await page.goto(`${site.url}/playground.html#strategy=none&seed=3`);
    await page.waitFor(
      `/counts? (twice|[0-9]+ times)/.test(document.querySelector('.headline')?.textContent ?? '')`,
    );
    await page.follow('.intro a');
    await page.waitFor(`document.querySelector('.vp-doc h1') !== null`);
    await closeClean(page);
  });
});
