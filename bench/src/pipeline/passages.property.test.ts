/**
 * Goal: each message is followed through the very invocations that it went through, however batches are cut.
 * Method: runs are drawn, with batches of any size in each stage and map in another order than state; what is found in their events is
 * held against what was drawn.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesCounted, legs, legsOf, type ObservedCall, passagesOf, wholeMs } from './passages.ts';

const MESSAGES_MAX = 12;
const seed = fc.array(fc.nat(), { minLength: 60, maxLength: 60 });

/** Cuts what was given into batches of drawn sizes. */
function cut<Value>(values: readonly Value[], draw: () => number): readonly (readonly Value[])[] {
  const batches: (readonly Value[])[] = [];
  for (let from = 0; from < values.length; ) {
    const to = from + 1 + (draw() % 4);
    batches.push(values.slice(from, to));
    from = to;
  }
  return batches;
}

function drawRun(count: number, numbers: readonly number[]) {
  let drawn = 0;
  const draw = (): number => {
    drawn += 1;
    return numbers[drawn % numbers.length] ?? 0;
  };
  const ids = Array.from({ length: count }, (_none, index) => `trade ${index}`);
  const calls: ObservedCall[] = [];
  let nowMs = count;
  const invoke = (functionId: string, records: readonly object[]) => {
    const span = { startedAtMs: nowMs + 1 + (draw() % 50), endedAtMs: nowMs + 51 + (draw() % 50) };
    nowMs = span.endedAtMs;
    calls.push({
      functionId,
      shardId: '0',
      records: records.length,
      ...span,
      payload: JSON.stringify({ Records: records }),
    });
    return span;
  };
  type Span = ReturnType<typeof invoke>;
  const expected = {
    state: new Map<string, Span>(),
    map: new Map<string, Span>(),
    reduce: new Map<string, Span>(),
  };
  const note = (stage: keyof typeof expected, batch: readonly string[], span: Span) => {
    for (const id of batch) {
      expected[stage].set(id, span);
    }
  };
  for (const batch of cut(ids, draw)) {
    const data = (id: string) => Buffer.from(JSON.stringify({ TradeID: id })).toString('base64');
    note(
      'state',
      batch,
      invoke(
        'StateFunction',
        batch.map((id) => ({ kinesis: { data: data(id) } })),
      ),
    );
  }
  const changed = ids
    .map((id) => ({ id, key: draw() }))
    .toSorted((one, other) => one.key - other.key)
    .map(({ id }) => id);
  const rows = cut(changed, draw);
  for (const batch of rows) {
    const change = (id: string) => ({ dynamodb: { Keys: { id: { S: id } }, NewImage: {} } });
    note('map', batch, invoke('MapFunction', batch.map(change)));
  }
  for (const batch of cut(rows, draw)) {
    const row = (of: readonly string[]) => ({
      dynamodb: {
        Keys: {},
        NewImage: { Message: { S: JSON.stringify({ message_count: String(of.length) }) } },
      },
    });
    note('reduce', batch.flat(), invoke('ReduceFunction', batch.map(row)));
  }
  return { puts: new Map(ids.map((id, index) => [id, index])), calls, expected };
}

const run = fc
  .tuple(fc.integer({ min: 1, max: MESSAGES_MAX }), seed)
  .map(([count, numbers]) => drawRun(count, numbers));

describe('passagesOf', () => {
  it('finds the invocations of each message', () => {
    fc.assert(
      fc.property(run, ({ puts, calls, expected: { state, map, reduce } }) => {
        expect(passagesOf(puts, calls.toReversed())).toEqual(
          [...puts].map(([id, putAtMs]) => ({
            putAtMs,
            state: state.get(id),
            map: map.get(id),
            reduce: reduce.get(id),
          })),
        );
      }),
    );
  });

  it('refuses a run of which an invocation of map or reduce is missing', () => {
    fc.assert(
      fc.property(run, fc.nat(), ({ puts, calls }, place) => {
        const later = calls.filter(({ functionId }) => functionId !== 'StateFunction');
        const missing = later[place % later.length];
        expect(() =>
          passagesOf(
            puts,
            calls.filter((call) => call !== missing),
          ),
        ).toThrow('rows of sums count');
      }),
    );
  });
});

describe('legsOf', () => {
  it('adds up to the whole, and no way goes back in time', () => {
    fc.assert(
      fc.property(run, ({ puts, calls }) => {
        for (const passage of passagesOf(puts, calls)) {
          const times = legsOf(passage);
          expect(legs.reduce((sum, leg) => sum + times[leg], 0)).toBe(wholeMs(passage));
          expect(Math.min(...Object.values(times))).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

describe('changesCounted', () => {
  it('counts each change once over all invocations of reduce', () => {
    fc.assert(
      fc.property(run, ({ puts, calls }) => {
        const reduces = calls.filter(({ functionId }) => functionId === 'ReduceFunction');
        expect(reduces.reduce((sum, call) => sum + changesCounted(call), 0)).toBe(puts.size);
      }),
    );
  });
});
