import { describe, expect, it } from 'vitest';
import { BATCHES_MAX, FAILED_IN_PART, type LiveBatch, type StageFailure } from '../board/live-board.ts';
import { outcomeOf } from './batches-section.ts';
import { headlineOf } from './headline.ts';
import { changedContent, isUnchanged, renderContent } from './page-sections.ts';
import type { PageView, StageView, SumView, TablesView } from './page-view.ts';
import { SUMS_SHOWN_MAX } from './sums-section.ts';

const HOSTILE = `<script>alert("1")</script><img src=x onerror='alert(1)'>\u202e\u0000&amp;`;
/** Most characters of one update, whatever comes from outside. */
const CHARACTERS_MAX = 1_000_000;

const stage: StageView = {
  ...{ functionId: 'MapFunction', name: 'map', sources: [{ kind: 'table', name: 'StateTable' }] },
  ...{ batches: 1, records: 10, failures: 0, inducedFailures: 0, retries: 0, failedShards: [] },
  ...{ firstCommitAt: undefined, lastCommitAt: undefined, lastError: undefined, failing: undefined },
  ...{ failed: { induced: 0, other: 0 }, redelivered: { induced: 0, other: 0 }, givenUp: 0 },
  ...{ batchesInFlight: 0, recordsInFlight: 0, recordsPerSecond: 0, history: [0, 4, 8] },
  behind: { records: 0, oldestMs: 0, isMore: false },
};

const batch: LiveBatch = {
  ...{ functionId: 'MapFunction', requestId: '1', mappingId: 'm', shardId: 's', records: 10, attempt: 1 },
  ...{ endedAt: 0, durationMs: 5, itemFailures: 0, faults: [] },
};

const tables: TablesView = {
  ...{ sumsNote: 'Compared', sums: [], isCompared: true, problem: undefined },
  accounting: { applied: 6, duplicate: 2, stale: 1, conflict: 0, quarantined: 1 },
  quarantined: { count: 0, isMore: false, newest: [] },
};

const base: PageView = {
  ...{ command: 'oncefold demo', now: 0, isRunning: true, told: {}, stages: [stage] },
  ...{ target: 'AggregateTable', batches: [batch], faults: new Map(), tables },
};

const sum = (state: SumView['state'], key = 'PV'): SumView => ({
  ...{ key, state, expected: '12345678901234567890.123456789012' },
  ...{ actual: '12345678901234567890.5', difference: '+0.376543210988' },
});

const failing = (outcome: string, more: Partial<StageFailure> = {}): StageFailure => ({
  ...{ outcome, isInduced: false, isGivenUp: false, ...more },
});

const text = (html: string | undefined): string =>
  (html ?? '').replaceAll(/<[^>]*>/g, ' ').replaceAll(/ +/g, ' ');

describe('headlineOf', () => {
  it.each<[string, Partial<PageView>, string, string]>([
    ['before anything runs', { isRunning: false }, 'Starting engines, tables and functions', 'open'],
    [
      'while messages are sent',
      { told: { sent: 1_000, messages: 2_000 }, tables: undefined },
      'Sending: 1,000 of 2,000 messages',
      'open',
    ],
    [
      'while records are in flight, whatever the sums say',
      {
        stages: [{ ...stage, behind: { records: 7, oldestMs: 1, isMore: true } }],
        tables: { ...tables, isCompared: false, sums: [sum('late')] },
      },
      'In flight: 7 records',
      'open',
    ],
    [
      'when a sum is wrong at rest',
      { tables: { ...tables, sums: [sum('wrong'), sum('exact')] } },
      '1 of 2 sums is wrong',
      'broken',
    ],
    [
      'when all are exact',
      { tables: { ...tables, sums: [sum('exact'), sum('exact')] } },
      'All 2 sums are exact',
      'right',
    ],
    [
      'when all are exact, and something was given up',
      { stages: [{ ...stage, givenUp: 2 }], tables: { ...tables, sums: [sum('exact'), sum('exact')] } },
      'All 2 sums are exact; 2 records were given up',
      'open',
    ],
    [
      'while sums differ, though nothing is in flight',
      { tables: { ...tables, isCompared: false, sums: [sum('exact'), sum('late')] } },
      'Waiting for the sums',
      'open',
    ],
    ['where nothing is compared', { tables: undefined }, 'Everything that was sent is processed', 'open'],
    [
      'where nothing is compared, and something was given up',
      { tables: undefined, stages: [{ ...stage, givenUp: 1 }] },
      'Nothing is in flight; 1 record was given up',
      'open',
    ],
    [
      'while a function fails, whatever else is in flight',
      {
        told: { sent: 1, messages: 2 },
        stages: [
          { ...stage, failing: failing('RangeError'), behind: { records: 1, oldestMs: 1, isMore: false } },
        ],
      },
      'map fails: RangeError',
      'broken',
    ],
    [
      'while two functions fail, and one of them in part',
      {
        stages: [
          { ...stage, failing: failing(FAILED_IN_PART) },
          { ...stage, failing: failing('E') },
        ],
      },
      'map: last batch failed in part; 1 other function fails',
      'broken',
    ],
    [
      'when a function fails, and a sum is wrong',
      { stages: [{ ...stage, failing: failing('E') }], tables: { ...tables, sums: [sum('wrong')] } },
      '1 of 1 sum is wrong',
      'broken',
    ],
    [
      'when a function fails, and all sums are exact',
      { stages: [{ ...stage, failing: failing('E') }], tables: { ...tables, sums: [sum('exact')] } },
      'map fails: E',
      'broken',
    ],
    [
      'while a function fails because somebody asked for it',
      {
        stages: [
          {
            ...stage,
            failing: failing('E', { isInduced: true }),
            behind: { records: 1, oldestMs: 1, isMore: false },
          },
        ],
        tables: undefined,
      },
      'In flight: 1 record',
      'open',
    ],
    [
      'while what failed on purpose waits for its redelivery, and nothing else is in flight',
      {
        stages: [{ ...stage, failing: failing('E', { isInduced: true }), givenUp: 1 }],
        tables: undefined,
      },
      'Waiting until what failed is delivered again',
      'open',
    ],
    [
      'when what failed was given up',
      { stages: [{ ...stage, failing: failing('E', { isGivenUp: true }), givenUp: 1 }], tables: undefined },
      'Nothing is in flight; 1 record was given up',
      'open',
    ],
    [
      'at the end',
      { told: { conclusion: { text: 'EXACT: all', isGood: true, isAtRest: true } } },
      'EXACT: all',
      'right',
    ],
  ])('says how it goes %s', (_, view, headline, state) => {
    expect(headlineOf({ ...base, ...view })).toMatchObject({ text: headline, state });
  });

  it('announces no numbers that change all the time', () => {
    const at = (sent: number) => headlineOf({ ...base, tables: undefined, told: { sent, messages: 9 } });
    expect(at(1).text).not.toBe(at(2).text);
    expect(at(1).announcement).toBe(at(2).announcement);
  });
});

describe('outcomeOf', () => {
  const report = (counted: number, known: number) => ({ requestId: '1', counted, known, text: 'said' });

  it.each<[string, Partial<LiveBatch>, string, string, string]>([
    ['a commit', { report: report(10, 0) }, 'committed', 'committed', 'said'],
    [
      'a redelivery that was known',
      { report: report(0, 10), attempt: 2 },
      'known',
      'known',
      'redelivered, nothing added; attempt 2',
    ],
    ['a function that says nothing', {}, 'committed', 'succeeded', ''],
    [
      'a failure after the commit',
      { errorType: 'InducedFailure', errorMessage: 'why', report: report(10, 0) },
      'induced',
      'InducedFailure',
      'failed after its commit; said',
    ],
    [
      'any other failure',
      { errorType: 'TypeError', errorMessage: 'why', attempt: 3 },
      'failed',
      'TypeError',
      'attempt 3; why',
    ],
    [
      'a failure under an injected fault',
      { errorType: 'Runtime.ExitError', errorMessage: 'why', faults: ['kill-after-commit'] },
      'induced',
      'Runtime.ExitError',
      'fault injected: kill-after-commit; why',
    ],
    ['a partial batch', { itemFailures: 2 }, 'failed', 'failed in part', '2 reported as failed'],
    [
      'a partial batch that counted the rest',
      { itemFailures: 1, report: report(9, 0) },
      'failed',
      'failed in part',
      'said; 1 reported as failed',
    ],
  ])('says how %s ended', (_, more, state, words, detail) => {
    expect(outcomeOf({ ...batch, ...more })).toEqual({ state, text: words, detail });
  });
});

describe('renderContent', () => {
  it('shows every digit of a sum, and that one which is late is in flight, not wrong', () => {
    const { sections } = renderContent({
      ...base,
      tables: { ...tables, sums: [sum('late')], isCompared: false },
    });
    expect(text(sections['sums'])).toContain('PV in flight 12345678901234567890.123456789012');
    expect(text(sections['sums'])).toContain('+0.376543210988');
    expect(sections['sums']).not.toMatch(/wrong/i);
  });

  it('has an account of every message, which says so as long as it does not close', () => {
    const account = (messages?: number) =>
      text(renderContent({ ...base, told: messages === undefined ? {} : { messages } }).sections['account']);
    expect(account(10)).toContain('10 sent = 6 applied + 2 duplicate + 1 stale + 0 conflict + 1 quarantined');
    expect(account(12)).toContain('10 of 12 messages accounted for so far = 6 applied');
    expect(account()).toContain('10 processed = 6 applied');
  });

  it('shows how far a stage is behind, as far as that is known', () => {
    const behind = (view: StageView['behind']) =>
      text(renderContent({ ...base, stages: [{ ...stage, behind: view }] }).sections['flow']);
    expect(behind({ records: 0, oldestMs: 0, isMore: false })).toContain('behind nothing');
    expect(behind({ records: 0, oldestMs: 0, isMore: true })).toContain('behind reading on');
    expect(behind({ records: 1_200, oldestMs: 450, isMore: true })).toContain(
      'behind 1,200+ records, oldest 0.5\u00a0s',
    );
  });

  it.each([
    ['RangeError', 'last batch failed: RangeError'],
    [FAILED_IN_PART, 'last batch failed in part'],
    [undefined, 'last batch succeeded'],
  ])('says how the last batch of a stage ended: %s', (outcome, words) => {
    const stages = [{ ...stage, failing: outcome === undefined ? undefined : failing(outcome) }];
    expect(text(renderContent({ ...base, stages }).sections['flow'])).toContain(words);
  });

  it('leads from a function to the next only where that is known', () => {
    const classOf = (view: Partial<PageView>) =>
      /<li class="(stage[^"]*)"/.exec(renderContent({ ...base, ...view }).sections['flow'] ?? '')?.[1];
    expect(classOf({ stages: [stage], target: 'AggregateTable' })).toBe('stage');
    expect(classOf({ stages: [stage], target: undefined })).toBe('stage end');
  });

  it('names every number of a stage beside it, for screens without room for columns', () => {
    const { stages, batches } = renderContent({ ...base, stages: [{ ...stage, givenUp: 3 }] }).sections;
    expect(stages).toContain('data-label="given up" class="alarm">3<');
    expect(stages?.match(/<td/g)).toHaveLength(stages?.match(/data-label="[a-z, ]+"/g)?.length ?? 0);
    expect(batches).toContain('data-label="records">10<');
  });

  it('does not call the quarantine empty where it was read in part', () => {
    const read = (isMore: boolean) => {
      const quarantined = { count: 0, isMore, newest: [] };
      return text(renderContent({ ...base, tables: { ...tables, quarantined } }).sections['quarantine']);
    };
    expect(read(false)).toContain('Nothing waits in quarantine.');
    expect(read(true)).toContain('there is more in the table');
  });

  it('shows by which id a quarantined record is redriven, and where its own id differs from others', () => {
    const recordId = `shardId-000000000000:${'4'.repeat(50)}123456`;
    const record = {
      ...{ seenAt: 0, id: 'q0123456789', consumer: 'state', reason: 'r', detail: '', bytes: '1' },
      recordId,
    };
    const { sections } = renderContent({
      ...base,
      tables: { ...tables, quarantined: { count: 1, isMore: false, newest: [record] } },
    });
    expect(text(sections['quarantine'])).toContain('q0123456789 shardId-0…444444123456 ');
    expect(sections['quarantine']).toContain(`title="${recordId}"`);
  });

  it('takes nothing from outside for markup, and nothing that changes how the rest reads', () => {
    const { title, sections } = renderContent({
      ...base,
      told: {
        facts: [HOSTILE],
        rounds: [{ number: 1, verdict: HOSTILE, isGood: false, detail: HOSTILE }],
        conclusion: { text: HOSTILE, isGood: false, isAtRest: true },
      },
      stages: [
        {
          ...stage,
          name: HOSTILE,
          failing: failing(HOSTILE),
          lastError: HOSTILE,
          sources: [{ kind: 'stream', name: HOSTILE }],
        },
      ],
      target: HOSTILE,
      batches: [{ ...batch, functionId: HOSTILE, errorType: HOSTILE, errorMessage: HOSTILE }],
      tables: {
        ...tables,
        sums: [sum('wrong', HOSTILE)],
        problem: HOSTILE,
        quarantined: {
          ...{ count: 1, isMore: true },
          newest: [
            {
              seenAt: 0,
              id: 'q0123456789',
              consumer: HOSTILE,
              reason: HOSTILE,
              detail: HOSTILE,
              recordId: HOSTILE,
              bytes: HOSTILE,
            },
          ],
        },
      },
    });
    const all = Object.entries(sections);
    expect(all.filter(([, html]) => html.includes('&lt;script&gt;')).map(([id]) => id)).toEqual([
      ...[
        'headline',
        'facts',
        'flow',
        'stages',
        'faults',
        'sums',
        'sums-note',
        'quarantine',
        'rounds',
        'batches',
      ],
    ]);
    for (const [id, html] of [...all, ['title', title] as const]) {
      expect(html, id).not.toMatch(id === 'title' ? /$^/ : /<script|<img/);
      expect(html.replaceAll('\n', ''), id).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });

  it('has a limit, however much there is', () => {
    const long = '\u0000&"'.repeat(1_000);
    const many = Array.from({ length: 20_000 }, (_, index) =>
      sum(index === 19_999 ? 'wrong' : 'exact', long),
    );
    const update = renderContent({
      ...base,
      batches: Array.from({ length: BATCHES_MAX }, () => ({ ...batch, errorType: long, errorMessage: long })),
      tables: { ...tables, sums: many },
    });
    expect(JSON.stringify(update).length).toBeLessThan(CHARACTERS_MAX);
    expect(update.sections['sums']?.match(/<tr/g)).toHaveLength(SUMS_SHOWN_MAX);
    expect(update.sections['sums']).toMatch(/^<tr class="wrong">/);
    expect(text(update.sections['sums-note'])).toContain('19,800 more rows are not shown');
  });
});

describe('changedContent', () => {
  it('holds what is new alone', () => {
    const before = renderContent(base);
    expect(isUnchanged(renderContent(base), before)).toBe(true);
    const after = renderContent({ ...base, told: { facts: ['seed 7'] } });
    expect(isUnchanged(after, before)).toBe(false);
    expect(Object.keys(changedContent(after, before).sections)).toEqual(['facts']);
  });
});
