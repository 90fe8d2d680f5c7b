import { createHash } from 'node:crypto';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { ComparisonReport } from '../../src/report/comparison-report.ts';
import { renderHtml } from '../../src/report/page/render-html.ts';
import { attack, hostileReport } from './hostile-report.ts';
import { sampleReport } from './sample-report.ts';
import { troubledReport } from './troubled-report.ts';

const reports: readonly (readonly [string, ComparisonReport])[] = [
  ['a whole report', sampleReport()],
  ['a troubled one', troubledReport()],
  ['one with hostile texts', hostileReport()],
  [
    'one cell',
    sampleReport({
      stages: ['map'],
      transactions: ['several'],
      strategies: ['ledger'],
      faults: ['crash'],
      overheads: false,
    }),
  ],
  ['no cells', { ...sampleReport(), cells: [] }],
  ['no overheads', sampleReport({ overheads: false })],
  ['nothing at all', { ...sampleReport({ stages: [] }), modelled: [] }],
  ['no strategy to compare with', sampleReport({ strategies: ['ledger', 'checkpoint'] })],
];

interface Element {
  readonly localName: string;
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<Element>;
  querySelector(selector: string): Element | null;
}

function open(report: ComparisonReport): Element {
  return parseHTML(renderHtml(report)).document.documentElement as unknown as Element;
}

function textsOf(page: Element, selector: string): readonly string[] {
  return [...page.querySelectorAll(selector)].map(({ textContent }) => textContent);
}

describe.each(reports)('renderHtml of %s', (_, report) => {
  const html = renderHtml(report);
  const page = open(report);

  it('runs nothing and fetches nothing', () => {
    const active =
      'script, img, iframe, object, embed, link, video, audio, form, base, image, foreignObject, use';
    expect(textsOf(page, active)).toEqual([]);
    expect(html).not.toMatch(/@import|url\(/);
    for (const element of page.querySelectorAll('*')) {
      for (const name of ['src', 'srcset', 'style', 'onload', 'onerror', 'onclick', 'xlink:href']) {
        expect(element.getAttribute(name)).toBeNull();
      }
      const href = element.getAttribute('href');
      if (href !== null) {
        expect(href).toMatch(/^#[a-z-]+$/);
      }
    }
  });

  it('has a content security policy that allows its one style sheet and nothing else', () => {
    const [style = '', ...others] = textsOf(page, 'style');
    expect(others).toEqual([]);
    const policy = page.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content');
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it('has unique ids, and no link or label without a target', () => {
    const ids = [...page.querySelectorAll('[id]')].map((element) => element.getAttribute('id'));
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const targets = [
      ...[...page.querySelectorAll('a[href]')].map((link) => link.getAttribute('href')?.slice(1)),
      ...[...page.querySelectorAll('[aria-labelledby]')].map((element) =>
        element.getAttribute('aria-labelledby'),
      ),
    ];
    expect(targets.filter((target) => !ids.includes(target ?? null))).toEqual([]);
  });

  it('has one main heading and skips no heading level', () => {
    const levels = [...page.querySelectorAll('h1, h2, h3')].map(({ localName }) =>
      Number(localName.slice(1)),
    );
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
  });

  it('has links to other pages only where it is given some', () => {
    expect(page.querySelector('nav.site')).toBeNull();
    const html = renderHtml(sampleReport(), [{ text: 'A & B', href: 'index.html' }]);
    expect(html).toContain('<nav class="site"><a href="index.html">A &amp; B</a> </nav>');
  });

  it('contains no undefined value', () => {
    expect(page.querySelector('body')?.textContent).not.toMatch(/undefined|NaN|Infinity|\[object/);
  });
});

describe('renderHtml', () => {
  const page = open(sampleReport());

  it('has a table for each stage and number of transactions, with a heading for each row and column', () => {
    expect(textsOf(page, '.matrix table thead th')).toHaveLength(4 * 12);
    expect(textsOf(page, '.matrix table tbody th[scope=row]')).toHaveLength(4 * 5);
    expect(textsOf(page, '.matrix table td')).toHaveLength(4 * 55);
  });

  it('says in text what the shade of a cell says', () => {
    const cell = page.querySelector('.matrix a[href="#cell-reduce-one-none-regrouped"]');
    expect(cell?.textContent).toBe('+2.41M−12K9.7 %, details');
    expect(page.querySelector('.matrix a[href="#cell-map-several-ledger-regrouped"]')?.textContent).toBe(
      '✓ exact, details',
    );
  });

  it('shows every digit of a cell, its faults, and the command that runs it alone', () => {
    for (const { stage, transactions, strategy, fault, replay } of sampleReport().cells) {
      expect(page.querySelector(`#cell-${stage}-${transactions}-${strategy}-${fault} pre`)?.textContent).toBe(
        replay,
      );
    }
    const entry = page.querySelector('#cell-reduce-one-powertools-crash')?.textContent;
    expect(entry).toContain('Wrong: 1,204,411.25 too much and message_count +50; 2 of 19 aggregates wrong.');
    expect(entry).toContain('process killed × 1, redelivered × 1');
  });

  it('draws requests, units and latency by strategy, and cost by batch size, for each stage', () => {
    const charts = [...page.querySelectorAll('svg')].map((chart) => [
      chart.getAttribute('role'),
      chart.getAttribute('aria-labelledby'),
    ]);
    expect(charts).toEqual([
      ...['reduce', 'map'].flatMap((stage) =>
        ['requests', 'units', 'latency'].map((code) => ['img', `chart-${stage}-${code}`]),
      ),
      // One for phones and one for wider screens.
      ...['reduce', 'map'].flatMap((stage) => [0, 1].map(() => ['img', `chart-${stage}-cost`])),
    ]);
  });

  it('has every figure of the charts in a table', () => {
    expect(textsOf(page, 'details.table tbody tr td')).toHaveLength(2 * 4 * 5 * 10);
  });

  it('takes all colours of the charts from the style sheet', () => {
    for (const chart of page.querySelectorAll('svg')) {
      for (const element of chart.querySelectorAll('[fill], [stroke]')) {
        for (const name of ['fill', 'stroke']) {
          expect(element.getAttribute(name) ?? 'none').toMatch(/^(none|currentColor|var\(--[a-z-]+\))$/);
        }
      }
    }
  });

  it('states seed, versions, machine, date, and what is modelled', () => {
    const text = page.querySelector('.run')?.textContent ?? '';
    for (const fact of [
      '7',
      '23 November 2026 at 15:47 UTC',
      'oncefold 0.1.0',
      'Node.js 24.21.0',
      'Example CPU',
    ]) {
      expect(text).toContain(fact);
    }
    expect(textsOf(page, '.modelled li')).toEqual(sampleReport().modelled);
    expect(textsOf(page, '.run pre')).toEqual(['npm run oncefold -- compare --seed 7 --messages 2000']);
  });

  it('restricts the command that runs it again to what was run', () => {
    const part = open(
      sampleReport({
        stages: ['map'],
        transactions: ['several'],
        strategies: ['none', 'ledger'],
        faults: ['crash'],
        overheads: false,
      }),
    );
    expect(textsOf(part, '.run pre')).toEqual([
      'npm run oncefold -- compare --stage map --transactions several --strategies none,ledger --faults crash --seed 7 --messages 2000',
    ]);
  });

  it('marks broken promises, cells without a result and unexpected ones', () => {
    const troubled = open(troubledReport());
    expect(textsOf(troubled, 'h1.broken')).toEqual(['Promise broken: ledger did not stay exact.']);
    expect(textsOf(troubled, 'td .remark')).toEqual(['not as expected', 'promise broken', 'not a pass']);
    expect(textsOf(troubled, 'td.absent')).toEqual(['not run']);
  });

  it('escapes hostile texts', () => {
    const hostile = open(hostileReport());
    const shown = attack.replace('\u202e', '\\u{202e}');
    for (const selector of ['.modelled li', '.guide dt', '.guide dd', '.entry p', '.entry pre', '.facts']) {
      expect(hostile.querySelector(selector)?.textContent, selector).toContain(shown);
    }
  });

  it('lists only the first wrong aggregates', () => {
    const report = sampleReport({
      stages: ['reduce'],
      transactions: ['one'],
      strategies: ['none'],
      faults: ['crash'],
    });
    const cells = report.cells.map((cell) =>
      cell.outcome === 'failed'
        ? cell
        : {
            ...cell,
            difference: {
              ...cell.difference,
              byNode: Array.from({ length: 1_000 }, (_, index) => ({
                node: `PV:${index}`,
                expected: '0',
                actual: '1',
                difference: '1',
              })),
            },
          },
    );
    const many = open({ ...report, cells });
    expect(textsOf(many, '.entry tbody tr')).toHaveLength(25);
    expect(many.querySelector('.entry')?.textContent).toContain('975 more aggregates in report.json.');
  });
});
