import { beforeAll, describe, expect, it } from 'vitest';
import { formatPosition } from '../position.ts';
import type { Action, Condition, Item, ItemKey, TransactionPort, Update } from '../transaction-port.ts';

/** Names of the tables that an adapter under test must have, each with its string partition key. */
export const contractTables = {
  aggregates: { name: 'Aggregates', key: 'Identifier' },
  markers: { name: 'Markers', key: 'Marker' },
  positions: { name: 'Positions', key: 'Position' },
} as const;

/** An adapter of the transaction port, and a way to look at what it has written. */
export interface AdapterUnderTest {
  readonly port: TransactionPort;
  /** Looks at an item past the port, which reads nothing. */
  readonly itemAt: (item: ItemKey) => Promise<Item | undefined>;
}

const timeoutMs = 20_000;
const refused = { code: 'transaction-refused' };

/**
 * Describes, as tests of Vitest, what every adapter of the transaction port must do, in memory and on a real engine.
 *
 * Each test works on keys of its own, so that they do not meet and an engine may be shared. What only concurrent requests or the
 * passing of 10 minutes show is not among them: an engine cannot be made to show it.
 *
 * @param name - names the adapter in the output
 * @param create - makes the adapter; its store has the tables {@link contractTables}. It is called once, before the tests.
 *
 * @example
 * ```ts
 * import { describeTransactionContract } from '@oncefold/commit/contract';
 * import { createMemoryTransactions } from '@oncefold/commit/memory';
 *
 * describeTransactionContract('memory', async () => {
 *   const port = createMemoryTransactions({ now: Date.now });
 *   return { port, itemAt: async ({ table, key }) => port.get(table, key) };
 * });
 * ```
 */
export function describeTransactionContract(name: string, create: () => Promise<AdapterUnderTest>): void {
  describe(`transaction port: ${name}`, () => {
    let adapter: AdapterUnderTest;
    beforeAll(async () => {
      adapter = await create();
    });
    const subject = subjectOf(() => adapter);
    describeSums(subject);
    describeConditions(subject);
    describeTypedConditions(subject);
    describeUpdates(subject);
    describeMoves(subject);
    describeTokens(subject);
    describeItems(subject);
    describeLimits(subject);
    describeRefusals(subject);
  });
}

/** What the tests do with the adapter. */
interface Subject {
  send(actions: readonly Action[], token?: string): ReturnType<TransactionPort['transact']>;
  itemAt(item: ItemKey): Promise<Item | undefined>;
  /** The number at an aggregate. */
  readValue(id: string): Promise<string | undefined>;
}

function subjectOf(adapter: () => AdapterUnderTest): Subject {
  return {
    send: (actions, token) =>
      adapter().port.transact({ actions, timeoutMs, ...(token === undefined ? {} : { token }) }),
    itemAt: (item) => adapter().itemAt(item),
    readValue: async (id) => {
      const value = (await adapter().itemAt(aggregate(id)))?.['Value'];
      return value !== undefined && 'N' in value ? value.N : undefined;
    },
  };
}

const key = (): string => crypto.randomUUID();

const aggregate = (id: string): ItemKey => ({
  table: contractTables.aggregates.name,
  key: { Identifier: { S: id } },
});

const increment = (id: string, by: string): Action => ({
  type: 'update',
  ...aggregate(id),
  add: { Value: by },
});

const marker = (id: string): Action => ({
  type: 'put-if-absent',
  table: contractTables.markers.name,
  key: { Marker: { S: id } },
  attributes: { ExpiresAt: { N: '4102444800' } },
});

const position = (id: string): ItemKey & { attribute: string } => ({
  table: contractTables.positions.name,
  key: { Position: { S: id } },
  attribute: 'SequenceNumber',
});

const start = (id: string, at: string): Action => {
  const { attribute, ...place } = position(id);
  return { type: 'put-if-absent', ...place, attributes: { [attribute]: { S: at } } };
};

const raise = (id: string, below: string, to: string): Action => ({
  type: 'raise',
  ...position(id),
  below,
  to,
});

function describeSums({ send, readValue }: Subject): void {
  it('adds exactly, to nothing and to an existing number', async () => {
    const id = key();
    expect((await send([increment(id, '0.1')])).code).toBe('committed');
    expect((await send([increment(id, '0.2')])).code).toBe('committed');
    expect(await readValue(id)).toBe('0.3');
  });

  it('adds numbers of 26 integer and 12 fraction digits without losing one', async () => {
    const id = key();
    await send([increment(id, '99999999999999999999999999.000000000001')]);
    await send([increment(id, '-0.000000000002')]);
    expect(await readValue(id)).toBe('99999999999999999999999998.999999999999');
  });

  it('makes an item with Value 0 when 0 is added to nothing', async () => {
    const id = key();
    await send([increment(id, '0')]);
    expect(await readValue(id)).toBe('0');
  });

  it('tells write units and no replay for a first commit', async () => {
    // How many is not asserted: DynamoDB Local tells 4 for each table of a transaction, whatever is written to it.
    const outcome = await send([increment(key(), '1'), marker(key())]);
    expect(outcome).toMatchObject({ code: 'committed', replayed: false, units: { read: 0 } });
    expect(outcome.code === 'committed' && outcome.units.write).toBeGreaterThan(0);
  });

  it('refuses to increment what is no number, and writes nothing of the transaction', async () => {
    const [id, other] = [key(), key()];
    await send([{ type: 'put', ...aggregate(id), attributes: { Value: { S: 'text' } } }]);
    await expect(send([increment(other, '1'), increment(id, '1')])).rejects.toMatchObject(refused);
    expect(await readValue(other)).toBeUndefined();
  });
}

function describeConditions({ send, readValue }: Subject): void {
  it('writes nothing when one of several conditions fails, and names the ones that failed', async () => {
    const [id, first, second] = [key(), key(), key()];
    await send([marker(first)]);
    const actions = [increment(id, '5'), marker(first), marker(second)];
    const outcome = await send(actions);
    expect(outcome.code).toBe('condition-failed');
    if (outcome.code !== 'condition-failed') {
      return;
    }
    expect(outcome.failures.map((failure) => failure.action)).toEqual([actions[1]]);
    expect(await readValue(id)).toBeUndefined();
    expect((await send([marker(second)])).code).toBe('committed');
  });

  it('names all conditions that failed, not only the first', async () => {
    const [first, second] = [key(), key()];
    await send([marker(first), marker(second)]);
    const outcome = await send([marker(first), increment(key(), '1'), marker(second)]);
    expect(outcome.code === 'condition-failed' && outcome.failures.length).toBe(2);
  });

  it('returns the existing item where a put needs it to be absent', async () => {
    const id = key();
    await send([start(id, '5')]);
    const failed = await send([start(id, '6')]);
    expect(failed.code === 'condition-failed' && failed.failures[0]?.existing?.['SequenceNumber']).toEqual({
      S: '5',
    });
  });
}

const numberOf = { N: '9.50' };
const textOf = { S: 'm' };
const bytesOf = { B: new Uint8Array([5]) };

/** Comparisons with an item that has the number 9.50, the text m and the byte 5. */
const comparisons: readonly [string, Condition, boolean][] = [
  [
    'a number that is equal, however it is written',
    { attribute: 'Number', is: '=', value: { N: '95e-1' } },
    true,
  ],
  ['a number that is not lower', { attribute: 'Number', is: '<', value: { N: '9.5' } }, false],
  ['a number that is lower, not by its text', { attribute: 'Number', is: '<', value: { N: '10' } }, true],
  ['a number that is greater or equal', { attribute: 'Number', is: '>=', value: numberOf }, true],
  ['a number that is lower or equal', { attribute: 'Number', is: '<=', value: { N: '-10' } }, false],
  ['a number that is greater', { attribute: 'Number', is: '>', value: { N: '-10' } }, true],
  ['a number that is another', { attribute: 'Number', is: '<>', value: { N: '9.51' } }, true],
  ['a number that is not another', { attribute: 'Number', is: '<>', value: { N: '9.5' } }, false],
  ['a text that is lower by its bytes', { attribute: 'Text', is: '<', value: { S: 'n' } }, true],
  ['a text that is greater by its bytes', { attribute: 'Text', is: '>', value: { S: '\u{10ffff}' } }, false],
  [
    'bytes that are lower, without a sign',
    { attribute: 'Bytes', is: '<', value: { B: new Uint8Array([200]) } },
    true,
  ],
  ['bytes that are longer', { attribute: 'Bytes', is: '>=', value: { B: new Uint8Array([5, 0]) } }, false],
  ['values of two types', { attribute: 'Number', is: '>=', value: textOf }, false],
  ['values of two types that are not equal', { attribute: 'Number', is: '<>', value: textOf }, true],
  ['what is absent', { attribute: 'Missing', is: '>=', value: { N: '-1' } }, false],
  ['what is absent and not equal to anything', { attribute: 'Missing', is: '<>', value: { N: '0' } }, true],
  ['what is absent', { attribute: 'Missing', is: 'absent' }, true],
  ['what is present', { attribute: 'Text', is: 'present' }, true],
  ['what is absent and should not be', { attribute: 'Missing', is: 'present' }, false],
  ['a name that every object has', { attribute: 'constructor', is: 'absent' }, true],
  [
    'all of several',
    {
      all: [
        { attribute: 'Text', is: 'present' },
        { attribute: 'Number', is: '>', value: { N: '9' } },
      ],
    },
    true,
  ],
  [
    'not all of several',
    {
      all: [
        { attribute: 'Text', is: 'present' },
        { attribute: 'Number', is: 'absent' },
      ],
    },
    false,
  ],
  [
    'any of several',
    {
      any: [
        { attribute: 'Text', is: 'absent' },
        { attribute: 'Number', is: 'present' },
      ],
    },
    true,
  ],
  [
    'any within all',
    {
      all: [
        {
          any: [
            { attribute: 'Missing', is: 'absent' },
            { attribute: 'Number', is: 'absent' },
          ],
        },
        { attribute: 'Text', is: 'absent' },
      ],
    },
    false,
  ],
  [
    'lists of one within lists',
    {
      all: [
        { all: [{ any: [{ attribute: 'Text', is: 'present' }] }] },
        { any: [{ attribute: 'Number', is: 'present' }] },
      ],
    },
    true,
  ],
];

function describeTypedConditions({ send, itemAt }: Subject): void {
  it.each(comparisons)('compares %s', async (_, condition, holds) => {
    const place = aggregate(key());
    await send([{ type: 'put', ...place, attributes: { Number: numberOf, Text: textOf, Bytes: bytesOf } }]);
    const actions: Action[] = [
      { type: 'check', ...place, condition },
      { type: 'update', ...place, set: { Text: { S: 'changed' } }, condition },
      { type: 'put', ...place, attributes: { Text: { S: 'changed' } }, condition },
    ];
    for (const action of actions) {
      const outcome = await send([action]);
      expect([action.type, outcome.code]).toEqual([action.type, holds ? 'committed' : 'condition-failed']);
      if (outcome.code === 'condition-failed') {
        expect(outcome.failures).toMatchObject([{ action, existing: { Text: textOf } }]);
      }
      await send([{ type: 'put', ...place, attributes: { Number: numberOf, Text: textOf, Bytes: bytesOf } }]);
    }
    expect(await itemAt(place)).toMatchObject({ Text: textOf });
  });

  it('checks an item that is not there, and makes none', async () => {
    const place = aggregate(key());
    const check = (is: 'present' | 'absent'): Action => ({
      type: 'check',
      ...place,
      condition: { attribute: contractTables.aggregates.key, is },
    });
    expect((await send([check('absent'), increment(key(), '1')])).code).toBe('committed');
    expect(await itemAt(place)).toBeUndefined();
    expect(await send([check('present'), increment(key(), '1')])).toEqual({
      code: 'condition-failed',
      failures: [{ action: check('present'), existing: undefined }],
    });
  });
}

function describeUpdates({ send, itemAt }: Subject): void {
  it('adds to several numbers and sets attributes, of nothing and of an existing item', async () => {
    const place = aggregate(key());
    const update = (at: string): Action => ({
      type: 'update',
      ...place,
      add: { Orders: '1', Revenue: '-3' },
      set: { Updated: { S: at }, Type: { S: 'Sum' } },
      setIfAbsent: { First: { S: at } },
    });
    expect((await send([update('monday')])).code).toBe('committed');
    expect((await send([update('tuesday')])).code).toBe('committed');
    expect(await itemAt(place)).toEqual({
      ...place.key,
      Orders: { N: '2' },
      Revenue: { N: '-6' },
      Updated: { S: 'tuesday' },
      Type: { S: 'Sum' },
      First: { S: 'monday' },
    });
  });

  it.each<[string, number, (values: Item) => Partial<Update>]>([
    [
      'adds to',
      196,
      (values) => ({ add: Object.fromEntries(Object.keys(values).map((name) => [name, '1'])) }),
    ],
    ['sets', 179, (set) => ({ set })],
    ['first sets', 80, (setIfAbsent) => ({ setIfAbsent })],
  ])('takes an update that %s %i attributes, and refuses one that does to 250', async (_, count, change) => {
    const place = aggregate(key());
    const valuesOf = (length: number): Item =>
      Object.fromEntries(Array.from({ length }, (_, index) => [`n${index}`, { N: '1' }]));
    await send([{ type: 'update', ...place, ...change(valuesOf(count)) }]);
    expect(Object.keys((await itemAt(place)) ?? {})).toHaveLength(count + 1);
    const tooLong: Action = { type: 'update', ...place, ...change(valuesOf(250)) };
    await expect(send([tooLong])).rejects.toMatchObject(refused);
  });

  it('leaves what an update does not name as it is', async () => {
    const place = aggregate(key());
    await send([{ type: 'put', ...place, attributes: { Raw: bytesOf, Value: { N: '1' } } }]);
    await send([{ type: 'update', ...place, set: { Text: { S: '' } } }]);
    expect(await itemAt(place)).toEqual({ ...place.key, Raw: bytesOf, Value: { N: '1' }, Text: { S: '' } });
  });

  it('writes nothing where the condition of an update does not hold', async () => {
    const place = aggregate(key());
    const take = (pieces: number): Action => ({
      type: 'update',
      ...place,
      add: { Pieces: `-${pieces}` },
      condition: { attribute: 'Pieces', is: '>=', value: { N: `${pieces}` } },
    });
    expect((await send([take(1)])).code).toBe('condition-failed');
    expect(await itemAt(place)).toBeUndefined();
    await send([{ type: 'put', ...place, attributes: { Pieces: { N: '5' } } }]);
    expect((await send([take(3)])).code).toBe('committed');
    expect(await send([take(3)])).toEqual({
      code: 'condition-failed',
      failures: [{ action: take(3), existing: { ...place.key, Pieces: { N: '2' } } }],
    });
  });

  it('refuses to add to what is no number, and to change a key', async () => {
    const place = aggregate(key());
    await send([{ type: 'put', ...place, attributes: { Value: { S: 'text' } } }]);
    await expect(send([{ type: 'update', ...place, add: { Other: '1', Value: '1' } }])).rejects.toMatchObject(
      refused,
    );
    await expect(
      send([{ type: 'update', ...place, set: { [contractTables.aggregates.key]: { S: 'x' } } }]),
    ).rejects.toMatchObject(refused);
  });
}

function describeMoves({ send }: Subject): void {
  it('raises a position that is lower, and returns one that is not', async () => {
    const id = key();
    expect((await send([start(id, formatPosition('5'))])).code).toBe('committed');
    expect((await send([raise(id, formatPosition('9'), formatPosition('10'))])).code).toBe('committed');
    for (const below of ['9', '10']) {
      const failed = await send([raise(id, formatPosition(below), formatPosition('12'))]);
      expect(failed.code === 'condition-failed' && failed.failures[0]?.existing?.['SequenceNumber']).toEqual({
        S: formatPosition('10'),
      });
    }
  });

  it('fails to raise a position that is not there, without an item', async () => {
    const outcome = await send([raise(key(), formatPosition('5'), formatPosition('7'))]);
    expect(outcome.code === 'condition-failed' && outcome.failures[0]?.existing).toBeUndefined();
  });

  it('moves a text from where it is, and only from there', async () => {
    const id = key();
    const move = (previous: string, next: string): Action => ({
      type: 'compare-and-set',
      ...position(id),
      previous,
      next,
    });
    expect((await send([move('5', '9')])).code).toBe('condition-failed');
    await send([start(id, '5')]);
    expect((await send([move('5', '9')])).code).toBe('committed');
    const failed = await send([move('5', '7')]);
    expect(failed.code === 'condition-failed' && failed.failures[0]?.existing?.['SequenceNumber']).toEqual({
      S: '9',
    });
  });
}

function describeTokens({ send, readValue }: Subject): void {
  it('replays a request whose token was used for the same actions', async () => {
    const [id, token] = [key(), key()];
    await send([increment(id, '1')], token);
    const again = await send([increment(id, '1')], token);
    expect(again.code === 'committed' && again.replayed).toBe(true);
    expect(await readValue(id)).toBe('1');
  });

  it('reports a token that was used for other actions, and writes nothing', async () => {
    const [id, token] = [key(), key()];
    await send([increment(id, '1')], token);
    expect(await send([increment(id, '2')], token)).toEqual({ code: 'token-mismatch' });
    expect(await readValue(id)).toBe('1');
  });

  it('leaves a token free when its first request was cancelled', async () => {
    const [id, taken, token] = [key(), key(), key()];
    await send([marker(taken)]);
    expect((await send([increment(id, '1'), marker(taken)], token)).code).toBe('condition-failed');
    expect((await send([increment(id, '1')], token)).code).toBe('committed');
    expect(await readValue(id)).toBe('1');
  });

  it('replays without looking at conditions and at what others have written since', async () => {
    const [id, own, token] = [key(), key(), key()];
    const actions = [increment(id, '1'), marker(own)];
    await send(actions, token);
    await send([increment(id, '10')]);
    const again = await send(actions, token);
    expect(again).toMatchObject({ code: 'committed', replayed: true, units: { write: 0 } });
    expect(await readValue(id)).toBe('11');
  });

  it('takes a token of 36 characters and refuses one of 37, or of none', async () => {
    expect((await send([increment(key(), '1')], key())).code).toBe('committed');
    await expect(send([increment(key(), '1')], `${key()}+`)).rejects.toMatchObject(refused);
    await expect(send([increment(key(), '1')], '')).rejects.toMatchObject(refused);
  });

  it('sends the same actions twice where they have no token', async () => {
    const id = key();
    const actions = [increment(id, '1')];
    await send(actions);
    expect(await send(actions)).toMatchObject({ code: 'committed', replayed: false });
    expect(await readValue(id)).toBe('2');
  });
}

function describeItems({ send, itemAt, readValue }: Subject): void {
  it('writes the same item again with a plain put', async () => {
    const id = key();
    const put: Action = {
      type: 'put',
      ...aggregate(id),
      attributes: { Value: { N: '7' }, Raw: { B: new Uint8Array([0, 255]) } },
    };
    await send([put]);
    expect((await send([put])).code).toBe('committed');
    expect((await itemAt(aggregate(id)))?.['Raw']).toEqual({ B: new Uint8Array([0, 255]) });
  });

  it('takes an item of 400 kB and refuses one that is larger', async () => {
    const put = (bytes: number): Action => ({
      type: 'put',
      ...aggregate(key()),
      attributes: { Raw: { B: new Uint8Array(bytes) } },
    });
    expect((await send([put(400 * 1_024 - 100)])).code).toBe('committed');
    await expect(send([put(400 * 1_024)])).rejects.toMatchObject(refused);
  });

  it('refuses an update for which the existing item has no room, and writes nothing of the transaction', async () => {
    const [full, other] = [key(), key()];
    const growth = (attribute: string): Action => ({
      type: 'update',
      ...aggregate(full),
      set: { [attribute]: { B: new Uint8Array(250 * 1_024) } },
    });
    await send([growth('First')]);
    await expect(send([growth('Second'), increment(other, '1')])).rejects.toMatchObject(refused);
    expect(Object.keys((await itemAt(aggregate(full))) ?? {}).sort()).toEqual(['First', 'Identifier']);
    expect(await itemAt(aggregate(other))).toBeUndefined();
  });

  it('takes any text as a key, separators and prototype names included', async () => {
    for (const id of ["O'Brien", '__proto__', 'a:b#c', '名', ' ']) {
      const own = `${key()}${id}`;
      await send([increment(own, '1')]);
      expect(await readValue(own)).toBe('1');
    }
  });
}

function describeLimits({ send }: Subject): void {
  it('takes 100 actions and refuses 101', async () => {
    const actions = (count: number): Action[] => Array.from({ length: count }, () => increment(key(), '1'));
    expect((await send(actions(100))).code).toBe('committed');
    await expect(send(actions(101))).rejects.toMatchObject(refused);
    await expect(send([])).rejects.toMatchObject(refused);
  });

  it('refuses two actions on one item', async () => {
    const id = key();
    await expect(send([increment(id, '1'), increment(id, '2')])).rejects.toMatchObject(refused);
  });
}

function describeRefusals({ send }: Subject): void {
  it.each<[string, unknown]>([
    ['none', undefined],
    ['no attribute', {}],
    ['an attribute without a value', { Identifier: undefined }],
    ['an undefined text', { Identifier: { S: undefined } }],
    ['an empty text', { Identifier: { S: '' } }],
    ['a plain text', { Identifier: 'plain' }],
    ['a number', { Identifier: { N: '1' } }],
    ['a number that is a JavaScript number', { Identifier: { N: 1 } }],
    ['two values', { Identifier: { S: 'a', N: '1' } }],
    ['another name', { Id: { S: 'a' } }],
    ['one attribute too many', { Identifier: { S: 'a' }, Other: { S: 'b' } }],
    ['2,049 bytes', { Identifier: { S: 'k'.repeat(2_049) } }],
    ['2,050 bytes in 1,025 characters', { Identifier: { S: 'é'.repeat(1_025) } }],
    ['a lone surrogate', { Identifier: { S: 'a\ud800' } }],
  ])('refuses a key that is %s', async (_, broken) => {
    await send([increment(key(), '1')]);
    const action = { ...increment(key(), '1'), key: broken } as Action;
    await expect(send([action])).rejects.toMatchObject(refused);
  });

  it.each<[string, Partial<Record<string, unknown>>]>([
    ['an unknown type', { type: 'delete' }],
    ['an amount that is no number', { add: { Value: 'much' } }],
    ['an amount of 39 digits', { add: { Value: '1'.repeat(39) } }],
    ['a text with a lone surrogate', { set: { Other: { S: 'a\ud800' } } }],
    ['a number that is too large', { set: { Other: { N: '1e126' } } }],
    ['a number that is too small', { set: { Other: { N: '-1e-131' } } }],
    ['a zero with an exponent of more than 32 bits', { set: { Other: { N: '0e99999999999' } } }],
    ['nothing to change', { add: undefined }],
    ['no table', { table: '' }],
  ])('refuses an action with %s', async (_, change) => {
    const action = { ...increment(key(), '1'), ...change } as Action;
    await expect(send([action])).rejects.toMatchObject(refused);
  });
}
