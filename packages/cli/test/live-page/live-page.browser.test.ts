/**
 * Goal: the live page shows what a real pipeline does, to eyes, keyboard and screen reader, and asks nobody else for anything.
 * Method: the commands as processes on real engines, the page in a real browser; a test waits for what must come, however long it
 * takes.
 */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createLocalDynamoDb } from '@oncefold/engines';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { descendantsOf, untilGone } from '@oncefold/local-runtime/test-support';
import { describeInChromium, type Page, type PageOptions } from '@oncefold/simulator/test-support';
import { afterEach, expect } from 'vitest';
import { type Gate, startGate } from '../support/gate.ts';
import { connect, type Ready } from '../support/outside-producer.ts';
import { type Oncefold, startOncefold } from '../support/run-oncefold.ts';

const example = new URL('../../../../examples/orders/template.yaml', import.meta.url).pathname;
/** Whole pipelines in processes of their own: the limit is against hanging only. */
const TIMEOUT_MS = 240_000;
/** A desktop would open a browser of its own. */
const NO_DESKTOP = { DISPLAY: '', WAYLAND_DISPLAY: '' };

const HEADLINE = `document.querySelector('h1').textContent`;
const CONNECTION = `document.querySelector('#connection').textContent`;
const textOf = (selector: string): string =>
  `document.querySelector('${selector}').innerText.replace(/\\s+/g, ' ')`;

const dynamodb = useDynamoDb();
let gate: Gate | undefined;
let running: Oncefold | undefined;

function start(...words: string[]): Oncefold {
  running = startOncefold(words, NO_DESKTOP);
  return running;
}

/** The address that the command names when there is no desktop to open it on. */
async function addressOf({ output }: Oncefold): Promise<string> {
  let address: string | undefined;
  await expect
    .poll(
      () => {
        const { stdout, stderr } = output();
        address = /open (http:\/\/127\.0\.0\.1:\d+\/) in a browser/.exec(stdout + stderr)?.[1];
        return address;
      },
      { timeout: TIMEOUT_MS },
    )
    .toBeDefined();
  return address ?? '';
}

function trade(id: string, value: string, region: string): string {
  const Hierarchy = { RiskType: 'PV', TradeDesk: 'FXSpot', Region: region };
  return JSON.stringify({ TradeID: id, Version: 0, Value: value, Hierarchy, Timestamp: 1_763_884_800 });
}

describeInChromium('the live page', ({ it, browser }) => {
  afterEach(async () => {
    running?.process.kill('SIGKILL');
    await running?.ended;
    running = undefined;
    gate?.close();
  });

  /** However long it takes: the test's own limit is against hanging. */
  const until = (page: Page, expression: string): Promise<void> => page.waitFor(expression, TIMEOUT_MS);
  /** Starts a command that cannot be over before its page is open, and opens it. */
  const startShown = async (...words: string[]): Promise<{ command: Oncefold; page: Page; url: string }> => {
    gate = await startGate(dynamodb.endpoint);
    const command = start(...words, '--open', '--dynamodb-endpoint', gate.endpoint);
    const url = await addressOf(command);
    const page = await open(url);
    await until(page, `${CONNECTION} === 'Live'`);
    gate.open();
    return { command, page, url };
  };
  const open = async (url: string, options?: PageOptions): Promise<Page> => {
    const page = await browser().open(options);
    await page.goto(url);
    return page;
  };
  /** Nothing on the console, and nobody asked but the command. */
  const closeClean = async (page: Page, url: string): Promise<void> => {
    expect(page.complaints).toEqual([]);
    expect([...new Set(page.requests)].filter((request) => request !== 'data:,')).toEqual([
      url,
      `${url}events`,
    ]);
    await page.close();
  };

  it('shows a demonstration from its first batch to its verdict, and says that it is over', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const words = ['demo', '--messages', '500', '--seed', '7', '--fault', 'lost-reply=0.2,seed=1'];
    const { command: demo, page, url } = await startShown(...words);
    // Every chip that there ever is.
    await page.evaluate(
      `window.chips = { sums: new Set(), batches: new Set() }; for (const id of ['sums', 'batches']) { new MutationObserver(() => document.querySelectorAll('#' + id + ' .chip').forEach((chip) => chips[id].add(chip.textContent))).observe(document.getElementById(id), { childList: true }); }`,
    );
    await until(page, `document.querySelectorAll('#batches .committed').length > 0`);
    expect(await page.evaluate(textOf('.eyebrow'))).toContain('oncefold demo · seed 7 · faults workshop');
    expect(await page.evaluate(textOf('#flow'))).toMatch(
      /stream IncomingDataStream .* state .* table StateTable map .* table ReduceTable reduce .* table AggregateTable/,
    );
    await until(page, `/^The command has ended/.test(${CONNECTION})`);
    // What is late is never called wrong.
    const verdicts = await page.evaluate<string[]>('[...chips.sums].filter((text) => text !== "in flight")');
    expect(verdicts).toEqual(['exact']);
    // The faults are real, and so is what holds them off.
    const outcomes = await page.evaluate<string[]>('[...chips.batches]');
    expect(outcomes).toEqual(expect.arrayContaining(['committed', 'known', 'InducedFailure']));
    expect(await page.evaluate(HEADLINE)).toMatch(/^EXACT: all 19 sums are exact/);
    expect(await page.evaluate('document.title')).toMatch(/^EXACT: .* – oncefold demo$/);
    expect(await page.evaluate(`document.querySelectorAll('#sums tr.exact').length`)).toBe(19);
    expect(await page.evaluate(textOf('#account'))).toMatch(/^500 sent = \d+ applied \+ \d+ duplicate/);
    expect(await page.evaluate(textOf('#quarantine'))).toMatch(/state \S+/);
    expect(await page.evaluate(textOf('#faults'))).toMatch(/faults? injected: lost-reply \d+/);
    expect(await page.evaluate(`document.querySelectorAll('#batches tr').length`)).toBeLessThanOrEqual(50);
    await closeClean(page, url);
    expect(await demo.ended).toMatchObject({ status: 0 });
  });

  it('says of wrong sums that they are wrong, because the faults are real', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const words = ['demo', '--messages', '400', '--strategy', 'none', '--json'];
    const { command: demo, page } = await startShown(...words);
    await until(page, `/^The command has ended/.test(${CONNECTION})`);
    expect(await page.evaluate(HEADLINE)).toMatch(/^WRONG: \d+ of 19 sums are wrong/);
    expect(await page.evaluate(textOf('#sums .wrong'))).toMatch(/ WRONG \d.*\+\d/);
    expect((await demo.ended).status).toBe(1);
    await page.close();
  });

  it('follows a pipeline that is up: keys as text, sums recomputed, tampering found', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const up = start('up', '--json', '--open');
    const line = await up.line(() => true);
    const ready: Ready & { readonly page: string } = JSON.parse(line);
    expect(ready.page).toBe(await addressOf(up));
    const page = await open(ready.page);
    await until(page, `${HEADLINE} === 'Ready: waiting for records'`);
    const producer = connect(line);
    const hostile = `<script>window.struck = 1</script><img src=x onerror="window.struck = 1">'"&amp;\u202e`;
    await producer.send([
      trade('1', '0.000000000001', 'EMEA'),
      trade('2', '123456789012345678.5', hostile),
      `{"TradeID": "${'<b>'.repeat(9)}", `,
    ]);
    await until(page, `${HEADLINE} === 'All 5 sums are exact'`);
    expect(await page.evaluate(textOf('#sums-note'))).toMatch(
      /^Recomputed from StateTable at \d\d:\d\d:\d\d\.$/,
    );
    const sums = await page.evaluate<string>(textOf('#sums'));
    expect(sums).toContain('PV exact 123456789012345678.500000000001 123456789012345678.500000000001 0');
    expect(sums).toContain(
      `PV:FXSpot:<script>window.struck = 1</script><img src=x onerror="window.struck = 1">'"&amp;\\u{202e} exact`,
    );
    expect(await page.evaluate(`document.querySelectorAll('main script, main img, main b b').length`)).toBe(
      0,
    );
    expect(await page.evaluate('window.struck')).toBeUndefined();
    await until(page, `/broken-json/.test(document.querySelector('#quarantine').textContent)`);
    expect(await page.evaluate(textOf('#account'))).toContain('3 processed = 2 applied');
    expect(await page.evaluate(`document.querySelector('#announcement').textContent`)).toBe(
      'All 5 sums are exact',
    );

    const client = createLocalDynamoDb({ endpoint: ready.dynamodb, credentials: ready });
    const Item = { Identifier: { S: 'PV' }, Value: { N: '1' } };
    await client.send(new PutItemCommand({ TableName: 'AggregateTable', Item }));
    client.destroy();
    await producer.send([trade('3', '1', 'APAC')]);
    await until(page, `${HEADLINE} === '1 of 6 sums is wrong'`);
    producer.close();

    const processes = descendantsOf(up.process.pid ?? 0);
    up.process.kill('SIGINT');
    await until(page, `/^The command has ended/.test(${CONNECTION})`);
    expect(await up.ended).toMatchObject({ status: 0, stdout: `${line}\n` });
    await untilGone(processes);
    expect(await page.evaluate(HEADLINE)).toBe('1 of 6 sums is wrong');
    await closeClean(page, ready.page);
  });

  it('shows the functions of any application, and says when nobody answers any more', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const first = start('up', '--json', '--open', '--template', example);
    const ready: { readonly page: string } = JSON.parse(await first.line(() => true));
    const page = await open(ready.page);
    await until(page, `document.querySelectorAll('#stages tr').length === 2`);
    expect(await page.evaluate(textOf('#flow'))).toMatch(
      /stream OrderEvents KeepOrdersFunction .* table Orders PackParcelsFunction/,
    );
    // Nobody knows what its tables mean.
    expect(await page.evaluate(`document.querySelector('#sums')`)).toBeNull();
    first.process.kill('SIGKILL');
    await first.ended;
    await until(page, `/^No answer: the command has ended/.test(${CONNECTION})`);
    await page.evaluate('window.before = 1');
    // The next command on the same port is shown instead.
    const port = new URL(ready.page).port;
    start('up', '--json', '--port', port, '--template', example);
    await until(
      page,
      `window.before === undefined && document.querySelector('#connection')?.textContent === 'Live'`,
    );
    await page.close();
  });

  it('can be read in the dark, on a phone and with a keyboard', { timeout: TIMEOUT_MS }, async () => {
    const up = start('up', '--json', '--open');
    const line = await up.line(() => true);
    const { page: url }: { readonly page: string } = JSON.parse(line);
    const producer = connect(line);
    await producer.send(
      Array.from({ length: 40 }, (_, index) => trade(String(index), '1234567890.5', `Region ${index}`)),
    );
    const papers: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open(url, { width: 390, height: 844, colorScheme });
      await until(page, `${HEADLINE} === 'All 43 sums are exact'`);
      papers.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      // A table that is wider than the screen scrolls by itself, and can be reached to scroll it.
      const regions = await page.evaluate<[string, number, boolean][]>(
        `[...document.querySelectorAll('[role=region]')].map((one) => [one.getAttribute('aria-label'), one.tabIndex, one.scrollWidth > one.clientWidth])`,
      );
      expect(regions.map(([label]) => label)).toEqual([
        ...['What each stage has done', 'Every sum against what it must be'],
        ...['Quarantined records, the newest first', 'The last batches, the newest first'],
      ]);
      expect(regions.every(([, tabIndex]) => tabIndex === 0)).toBe(true);
      expect(regions[1]?.[2]).toBe(true);
      await closeClean(page, url);
    }
    expect(papers).toEqual(['rgb(253, 252, 250)', 'rgb(22, 24, 27)']);
    producer.close();
  });

  it('shows the rounds of the workshop as they are judged', { timeout: TIMEOUT_MS }, async () => {
    const words = ['workshop', '--rounds', '2', '--messages', '200', '--seed', '3'];
    const { command: workshop, page, url } = await startShown(...words);
    await until(page, `/Round 1 perfect/.test(${textOf('#rounds')})`);
    await until(page, `/^The command has ended/.test(${CONNECTION})`);
    expect(await page.evaluate(HEADLINE)).toMatch(/^PERFECT: 2 of 2 rounds perfect, score 200/);
    expect(await page.evaluate(textOf('#rounds'))).toMatch(/^Round 2 perfect .* Round 1 perfect/);
    expect(await page.evaluate(`document.querySelectorAll('#sums tr.exact').length`)).toBe(19);
    await closeClean(page, url);
    expect((await workshop.ended).status).toBe(0);
  });
});
