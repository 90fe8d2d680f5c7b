/** Goal: a timeline tells all of a history. Method: laws over the histories of many seeds, for each strategy. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  commitStage,
  commitStrategies,
  createTurn,
  type HistoryResult,
  runHistory,
  type StrategyName,
} from '../src/index.ts';
import { drawSteps } from '../src/timeline/draw-steps.ts';
import { WIDE } from '../src/timeline/shapes.ts';
import { stateAfter } from '../src/timeline/state-after.ts';
import { createTimeline, type Timeline } from '../src/timeline/timeline.ts';
import { timelinePage } from '../src/timeline/timeline-page.ts';
import { buildHistory } from './support/history-builder.ts';

const SEEDS = 25;
const strategies: readonly StrategyName[] = ['none', 'request-token', 'ledger', 'checkpoint'];

interface Told {
  readonly name: string;
  readonly result: HistoryResult;
  readonly timeline: Timeline;
}

describe('createTimeline', () => {
  const told: Told[] = [];
  beforeAll(async () => {
    const turn = createTurn();
    for (const strategy of strategies) {
      const simulation = commitStage(commitStrategies[strategy]);
      for (let seed = 0; seed < SEEDS; seed += 1) {
        const result = await runHistory(simulation, { seed }, { turn, isDetailed: true });
        const timeline = createTimeline(result.history, result.violations);
        told.push({ name: `${strategy}, seed ${seed}`, result, timeline });
      }
    }
  });

  it('has every event in one step, in the order of the history', () => {
    for (const { name, result, timeline } of told) {
      const events = timeline.steps.flatMap((step) => step.events);
      expect(events, name).toEqual(result.history.map((_, index) => index));
      expect(
        timeline.steps.map(({ number }) => number),
        name,
      ).toEqual(timeline.steps.map((_, index) => index + 1));
    }
  });

  it('finds a moment for each record that a checker finds doubled, at a step that adds it again', () => {
    let moments = 0;
    for (const { name, result, timeline } of told) {
      expect(timeline.moments.length > 0, name).toBe(result.violations.length > 0);
      for (const moment of timeline.moments.filter(({ kind }) => kind === 'doubled')) {
        moments += 1;
        const step = timeline.steps[moment.step - 1];
        expect(step?.text, name).toContain('again');
        for (const record of moment.records) {
          expect(timeline.trace.countsAt.get(moment.event)?.get(record), name).toBeGreaterThan(1);
        }
      }
    }
    expect(moments).toBeGreaterThan(30);
  });

  it('has the sums at its end that the last observer has read', () => {
    let compared = 0;
    for (const { name, result, timeline } of told) {
      const observed = result.history.findLast((event) => event.type === 'observed');
      const items = observed?.type === 'observed' ? (observed.tables['Aggregates'] ?? []) : [];
      const { sums } = stateAfter(timeline.trace, result.history.length - 1);
      const isOneTable = sums.every(({ key }) => !key.includes(':'));
      if (items.length > 0 && isOneTable) {
        compared += 1;
        const read = items.map((item) => [item['Identifier'], item['Value']]);
        expect(Object.fromEntries(sums.map(({ key, value }) => [key, value])), name).toEqual(
          Object.fromEntries(read),
        );
      }
    }
    expect(compared).toBeGreaterThan(15);
  });

  it('gives no two sandboxes one column at one time', () => {
    for (const { name, timeline } of told) {
      const { lives } = timeline.lanes;
      const sandboxes = [...lives].sort(([, a], [, b]) => a.first - b.first);
      const until = new Map<number, number>();
      for (const [sandbox, { first, last }] of sandboxes) {
        const lane = timeline.lanes.sandbox(sandbox);
        expect(timeline.lanes.lanes[lane]?.kind, name).toBe('sandbox');
        expect(until.get(lane) ?? -1, `${name}, ${sandbox}`).toBeLessThan(first);
        until.set(lane, last);
      }
    }
  });

  it('draws each step, and nothing that has no place', () => {
    for (const { name, timeline } of told) {
      const drawings = drawSteps(timeline, timeline.steps, WIDE);
      expect(drawings, name).toHaveLength(timeline.steps.length);
      const drawn = drawings.map(({ html }) => html).join('');
      expect(drawn, name).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});

describe('stepsOf', () => {
  it('joins what belongs together, and says faults in plain words', () => {
    const { history } = buildHistory()
      .put('r0', '96')
      .invoke(1, 'totals-1', ['r0'])
      .fault('reply-lost:3', 'request 1')
      .send(1, 'totals-1')
      .change('Aggregates', 'leaf-0', 'Value 1')
      .land(1)
      .at(5_000)
      .reply(1, 'unavailable')
      .end(1, 'totals-1', 'failed')
      .checkpoint('95')
      .checkpoint('96');
    const { steps } = createTimeline(history, []);
    expect(steps.map(({ text }) => text)).toEqual([
      'A record comes into Orders, shard 0: r0',
      'Lambda calls totals-1 with r0 (a new sandbox)',
      'totals-1 sends request 1: TransactWriteItems, 1 action',
      'DynamoDB writes request 1: the sums now contain r0',
      'totals-1 waits in vain for an answer to request 1: it does not know whether it was written',
      'totals-1 fails with r0: ',
      '2 uneventful steps: checkpoints, reads and the like',
    ]);
    expect(steps[2]).toMatchObject({
      events: [2, 3],
      records: ['r0'],
      fault: { kind: 'reply-lost', text: 'DynamoDB does it, and its answer is lost' },
    });
    expect(steps[4]?.gapMs).toBe(5_000);
  });
});

describe('timelinePage', () => {
  it('is one document that reaches for nothing, and readable without a script', () => {
    const { history } = buildHistory().put('r0', '96').event({ type: 'ended', stuck: [] });
    const page = timelinePage({ history, violations: [], title: '<b>seed</b> 1', command: 'run --seed 1' });
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('The only record counts once');
    expect(page).toContain('&lt;b&gt;seed&lt;/b&gt; 1');
    expect(page).toContain('A record comes into Orders, shard 0: r0');
    expect(page).toContain('<code>run --seed 1</code>');
    expect(page).not.toMatch(/(?:src|href)="(?!#|data:,")/);
    expect(page).not.toMatch(/https?:\/\//);
  });
});
