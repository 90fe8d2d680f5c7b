import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Application, ProgramDefinition, Simulation } from '../application.ts';
import type { HistoryEvent } from '../history/history.ts';
import { runHistory, type Scenario } from '../run-history.ts';
import { createTurn } from '../scheduler/turn.ts';
import { createTimeline } from '../timeline/timeline.ts';

/** Nothing but a program and a table that has an item already. */
function simulate(program: Omit<ProgramDefinition, 'name' | 'atMs'>): Simulation {
  const application: Application = {
    tables: [{ name: 'Items', key: ['Id'], stream: 'NEW_IMAGE' }],
    streams: [],
    functions: [],
    mappings: [],
    load: [],
    recordNumbers: [],
    programs: [{ name: 'tool', atMs: 50, ...program }],
    existingItems: [{ table: 'Items', item: { Id: { S: 'old' } } }],
    observed: ['Items'],
    faultsEndMs: 60_000,
    check: () => [],
  };
  return { name: 'program', draw: () => application };
}

const writer: Omit<ProgramDefinition, 'name' | 'atMs'> = {
  run: async ({ createClient, clock, newName }) => {
    const { send } = createClient(1);
    const Item = { Id: { S: newName() } };
    await send(new PutItemCommand({ TableName: 'Items', Item }));
    await clock.sleep(1_000);
    await send(new GetItemCommand({ TableName: 'Items', Key: Item, ConsistentRead: true }));
    return 'has written';
  },
};

const run = (simulation: Simulation, scenario: Partial<Scenario> = {}) =>
  runHistory(simulation, { seed: 1, faults: [], ...scenario }, { turn: createTurn(), isDetailed: true });

type Ended = Extract<HistoryEvent, { readonly type: 'program-ended' }>;
const endsOf = (history: readonly HistoryEvent[]): readonly Ended[] =>
  history.filter((event) => event.type === 'program-ended');

describe('runProgram', () => {
  it('runs a program beside the functions, and tells what it tells', async () => {
    const { history, violations, met } = await run(simulate(writer));
    expect(violations).toEqual([]);
    expect(endsOf(history)).toMatchObject([{ program: 'tool', result: 'succeeded', text: 'has written' }]);
    expect(met).toContain('program: succeeded');
    const observed = history.findLast((event) => event.type === 'observed');
    expect(observed).toMatchObject({ tables: { Items: [{ Id: 'old' }, { Id: 'name-1' }] } });
  });

  it('leaves no record of what is there at the start', async () => {
    const { history } = await run(simulate(writer));
    expect(history.filter(({ type }) => type === 'record-put')).toMatchObject([{ label: 'name-1' }]);
  });

  it('kills it at any request, and runs it again with nothing of the run before', async () => {
    const faults = ['crash-before-request', 'crash-after-request', 'crash-before-answer'] as const;
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, seed) => run(simulate(writer), { seed, faults })),
    );
    const ends = results.flatMap(({ history }) => endsOf(history));
    expect(new Set(ends.map(({ result }) => result))).toEqual(new Set(['crashed', 'succeeded']));
    for (const { history } of results) {
      const own = endsOf(history);
      expect(own.at(-1)?.result).toBe('succeeded');
      expect(new Set(own.map(({ sandbox }) => sandbox)).size).toBe(own.length);
    }
  });

  it('says what never ends well', async () => {
    const failing = simulate({ run: () => Promise.reject(new TypeError('no table')) });
    const { history } = await run(failing);
    expect(history.at(-1)).toMatchObject({
      type: 'ended',
      stuck: ['tool has not ended well in 60 runs, failed: TypeError: no table'],
    });
  });

  it('is told in words', async () => {
    const { history, violations } = await run(simulate(writer), { faults: ['crash-after-request'], seed: 3 });
    const texts = createTimeline(history, violations).steps.map(({ text }) => text);
    expect(texts).toContain('Somebody runs tool: tool-1');
    expect(texts.some((text) => /^tool-\d+ ends: has written$/.test(text))).toBe(true);
  });
});
