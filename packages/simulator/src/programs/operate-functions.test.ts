import { describe, expect, it } from 'vitest';
import type { Application, ProgramEnvironment, Simulation } from '../application.ts';
import type { FaultKind } from '../faults/fault-kinds.ts';
import { type HistoryResult, runHistory } from '../run-history.ts';
import { createTurn } from '../scheduler/turn.ts';
import { createTimeline } from '../timeline/timeline.ts';

/** A function that fails for its mapping and answers whoever else invokes it, and a program beside it. */
function simulate(run: (environment: ProgramEnvironment) => Promise<string>): Simulation {
  const application: Application = {
    tables: [],
    streams: [{ name: 'Orders', kind: 'kinesis', shards: 1 }],
    functions: [
      {
        name: 'totals',
        timeoutMs: 1_000,
        concurrencyMax: 2,
        create: () => (event: { readonly Records?: unknown; readonly sleeps?: boolean }) => {
          if (event.Records !== undefined) {
            throw new TypeError('no record is taken');
          }
          return event.sleeps === true ? new Promise(() => {}) : { heard: event };
        },
      },
    ],
    mappings: [
      {
        function: 'totals',
        source: 'Orders',
        settings: {
          maximumRetryAttempts: 1,
          destinationConfig: { onFailure: { destination: 'arn:aws:s3:::failed' } },
        },
      },
    ],
    load: [{ atMs: 10, stream: 'Orders', partitionKey: 'a', label: 'r1', content: { data: 'cjE=' } }],
    recordNumbers: [1],
    programs: [{ name: 'tool', atMs: 60_000, run }],
    observed: [],
    faultsEndMs: 120_000,
    check: () => [],
  };
  return { name: 'operate', draw: () => application };
}

function run(
  program: (environment: ProgramEnvironment) => Promise<string>,
  { seed = 1, faults = [] }: { readonly seed?: number; readonly faults?: readonly FaultKind[] } = {},
): Promise<HistoryResult> {
  return runHistory(simulate(program), { seed, faults }, { turn: createTurn() });
}

const textsOf = ({ history }: HistoryResult): readonly string[] =>
  history.flatMap((event) => (event.type === 'program-ended' ? [event.text] : []));

async function keysOf({ failedBatches }: ProgramEnvironment, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of failedBatches.list(prefix)) {
    keys.push(key);
  }
  return keys;
}

describe('a program', () => {
  it('finds what a mapping has given up, with the event, as a bucket gets it', async () => {
    const result = await run(async (environment) => {
      const [key = ''] = await keysOf(environment, 'aws/lambda/');
      return environment.failedBatches.read(key);
    });
    const document = JSON.parse(textsOf(result)[0] ?? '');
    expect(document).toMatchObject({ requestContext: { condition: 'RetryAttemptsExhausted' } });
    expect(JSON.parse(document.payload)).toMatchObject({ Records: [{ kinesis: { data: 'cjE=' } }] });
  });

  it('writes and deletes objects, and reads what was written', async () => {
    const result = await run(async (environment) => {
      const { failedBatches } = environment;
      await failedBatches.write('notes/b', 'two');
      await failedBatches.write('notes/a', 'one');
      const before = await keysOf(environment, 'notes/');
      await failedBatches.delete('notes/b');
      const text = await failedBatches.read('notes/a');
      return JSON.stringify([before, await keysOf(environment, 'notes/'), text]);
    });
    expect(JSON.parse(textsOf(result)[0] ?? '')).toEqual([['notes/a', 'notes/b'], ['notes/a'], 'one']);
  });

  it('hears what a function answers, what it throws, and that its time is over', async () => {
    const result = await run(async ({ invoke }) => {
      const answers = [
        await invoke('totals', '{"asked":1}'),
        await invoke('totals', '{"Records":[]}'),
        await invoke('totals', '{"sleeps":true}'),
      ];
      return JSON.stringify(
        answers.map(({ FunctionError, Payload }) => [FunctionError ?? '', JSON.parse(Payload)]),
      );
    });
    const told = createTimeline(result.history, []).steps.map(({ text }) => text);
    expect(told.some((text) => /^tool-1 invokes totals-\d/.test(text))).toBe(true);
    expect(JSON.parse(textsOf(result)[0] ?? '')).toEqual([
      ['', { heard: { asked: 1 } }],
      ['Unhandled', { errorType: 'TypeError', errorMessage: 'no record is taken' }],
      ['Unhandled', { errorType: 'Sandbox.Timedout', errorMessage: '' }],
    ]);
  });

  it.each([
    ['reply-lost', 'failed: TimeoutError'],
    ['crash-after-request', 'crashed'],
    ['invocation-throttled', 'failed: TooManyRequestsException'],
  ] as const)('is run again until it has heard the answer, after %s', async (fault, end) => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, seed) =>
        run(async ({ invoke }) => (await invoke('totals', '{}')).Payload, { seed, faults: [fault] }),
      ),
    );
    const ends = results.map(({ history }) =>
      history.flatMap((event) => {
        const name = event.type === 'program-ended' ? event.text.split(':')[0] : '';
        return event.type !== 'program-ended'
          ? []
          : event.result === 'failed'
            ? [`failed: ${name}`]
            : [event.result];
      }),
    );
    expect(ends.flat()).toContain(end);
    expect(ends.map((own) => own.at(-1))).toEqual(results.map(() => 'succeeded'));
    // What it has heard nothing of was done all the same.
    const runs = results.map(({ history }) =>
      history.filter((event) => event.type === 'invocation-started' && event.poller.startsWith('tool-')),
    );
    if (fault !== 'invocation-throttled') {
      expect(runs.map(({ length }) => length)).toEqual(ends.map(({ length }) => length));
    }
  });
});
