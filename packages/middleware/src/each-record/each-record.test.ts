import {
  type AggregateAttributes,
  aggregateTable,
  type CommitReport,
  checkpoint,
  incrementEach,
  ledger,
  none,
  type Strategy,
  StrategyError,
} from '@oncefold/commit';
import { createMemoryTransactions } from '@oncefold/commit/memory';
import {
  addDecimals,
  type Contribution,
  createHierarchy,
  type ExactJson,
  one,
  parseDecimal,
  rollUp,
  timeBucket,
  toDecimal,
} from '@oncefold/reducer';
import { type } from 'arktype';
import type { Context, DynamoDBRecord, KinesisStreamEvent } from 'aws-lambda';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { commitOnce } from '../commit-once.ts';
import type { SourceEvent } from '../record-identity.ts';
import { eachRecord } from './each-record.ts';
import { InvalidRecordError } from './invalid-record-error.ts';
import type { StandardSchema } from './standard-schema.ts';

const names = { namespace: 'n', consumer: 'c' };
const table = aggregateTable({
  table: 'Pages',
  key: { Page: '{page}', Minute: { N: 'minute' } },
  measures: ['views'],
});
const options = { quarantine: { ...names, table: 'Quarantine' } };
const stream = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const context = { getRemainingTimeInMillis: () => 30_000 } as Context;

const kinesisRecord = (data: string | Uint8Array, index = 0) => ({
  eventID: `shardId-1:${index}`,
  eventSourceARN: stream,
  kinesis: {
    sequenceNumber: String(index),
    approximateArrivalTimestamp: 0,
    data: Buffer.from(data).toString('base64'),
  },
});
const eventOf = (...payloads: (string | Uint8Array)[]): KinesisStreamEvent =>
  ({ Records: payloads.map(kinesisRecord) }) as unknown as KinesisStreamEvent;

type Fold = (event: SourceEvent<never>) => Promise<readonly unknown[]>;
/** Reason and detail of each record that is quarantined; what the others contribute. */
async function outcomes(fold: unknown, event: { readonly Records: readonly unknown[] }) {
  const elements = (await (fold as Fold)(event as SourceEvent<never>)) as readonly {
    readonly contribution: Contribution;
    readonly writes?: readonly { readonly attributes: Record<string, { readonly S?: string }> }[];
  }[];
  return elements.map(({ contribution, writes }) =>
    writes === undefined
      ? [...contribution.keys()]
      : `${writes[0]?.attributes['Reason']?.S} ${writes[0]?.attributes['Detail']?.S}`,
  );
}

const schemas: [string, StandardSchema<{ shelf: string; pieces: number }>][] = [
  ['Zod', z.object({ shelf: z.string(), pieces: z.number() })],
  ['Valibot', v.object({ shelf: v.string(), pieces: v.number() })],
  ['ArkType', type({ shelf: 'string', pieces: 'number' })],
];

/** A consumer that takes all records for messages about one order. */
function oneOrder(fold: (order: ExactJson) => Contribution) {
  const told: unknown[] = [];
  const transactions = createMemoryTransactions({ now: () => 0 });
  const reports: CommitReport[] = [];
  const handler = commitOnce<KinesisStreamEvent>(
    {
      transactions,
      strategy: ledger({ ...names, table: 'Ledger', now: () => 0 }),
      effect: incrementEach({ table: 'Sums', key: 'Key', attribute: 'Value' }),
      recordId: () => 'order-1',
      onCommitted: (report) => void reports.push(report),
    },
    eachRecord({ ...options, onInvalid: (invalid) => void told.push(invalid) }, fold),
  );
  return { transactions, reports, told, handler };
}

describe('eachRecord', () => {
  it.each(schemas)(
    'parses each record by a schema of %s, and quarantines what does not fit, alone',
    async (_, schema) => {
      const fold = eachRecord(
        { ...options, schema },
        ({ shelf, pieces }) => new Map([[shelf, parseDecimal(String(pieces))]]),
      );
      const event = eventOf('{"shelf":"a","pieces":1}', '{"shelf":"SECRET"}', '{"shelf":"b","pieces":2}');
      expect(await outcomes(fold, event)).toEqual([['a'], 'schema $.pieces', ['b']]);
    },
  );

  it('waits for a schema that answers later', async () => {
    const schema = z.object({ shelf: z.string().refine(async (shelf) => shelf !== 'unknown') });
    const fold = eachRecord({ ...options, schema }, ({ shelf }) => new Map([[shelf, one]]));
    expect(await outcomes(fold, eventOf('{"shelf":"a"}', '{"shelf":"unknown"}'))).toEqual([
      ['a'],
      'schema $.shelf',
    ]);
  });

  it('names the paths of issues, but no name that a producer may have chosen, and ten at most', async () => {
    const paths: (PropertyKey | { key: PropertyKey })[][] = [
      [],
      ['lines', 0, { key: 'price' }],
      ['customer@example.com'],
      [Symbol('s')],
    ];
    const issues = [
      ...paths.map((path) => ({ path })),
      {},
      ...Array.from({ length: 20 }, (_, at) => ({ path: [at] })),
    ];
    const schema: StandardSchema<unknown> = { '~standard': { version: 1, validate: () => ({ issues }) } };
    const fold = eachRecord({ ...options, schema }, () => new Map());
    expect(await outcomes(fold, eventOf('{}'))).toEqual([
      'schema $, $.lines[0].price, $.*, $[0], $[1], $[2], $[3], $[4]',
    ]);
  });

  it('names the whole value where an issue has no path', async () => {
    const schema: StandardSchema<unknown> = {
      '~standard': { version: 1, validate: () => ({ issues: [{}] }) },
    };
    const fold = eachRecord({ ...options, schema }, () => new Map());
    expect(await outcomes(fold, eventOf('{}'))).toEqual(['schema $']);
  });

  it('gives the exact JSON without a schema, whose errors make a record invalid', async () => {
    const fold = eachRecord(
      options,
      (order) => new Map([[order.get('shelf').text(), parseDecimal(order.get('pieces').numberText())]]),
    );
    const event = eventOf(
      '{"shelf":"a","pieces":12345678901234567.89}',
      '{"pieces":1}',
      '{"shelf":1,"pieces":1}',
      '{"shelf":"a","shelf":"b"}',
      '{"shelf":"a","pieces":1e99}',
    );
    expect(await outcomes(fold, event)).toEqual([
      ['a'],
      'missing $.shelf',
      'wrong-type $.shelf',
      'duplicate-name $',
      'invalid-decimal too-many-integer-digits',
    ]);
  });

  it.each([
    ['broken UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'broken-utf8 '],
    ['an aggregate of the Kinesis Producer Library', Buffer.from('f3899ac20a0170', 'hex'), 'broken-utf8 '],
    ['nothing', '', 'broken-json $'],
    ['broken JSON', '{"shelf":', 'broken-json $'],
    ['a name that is given twice', '{"a":1,"a":2}', 'duplicate-name $'],
    ['nesting that would overflow the stack', '['.repeat(102) + ']'.repeat(102), 'too-deep '],
    ['nesting that overflows a parser', '['.repeat(100_000) + ']'.repeat(100_000), 'too-deep '],
  ])('quarantines %s', async (_, payload, refusal) => {
    const fold = eachRecord({ ...options, schema: z.unknown() }, () => new Map([['a', one]]));
    expect(await outcomes(fold, eventOf(payload, '{}'))).toEqual([refusal, ['a']]);
  });

  it.each([
    ['0.1', 0.1],
    ['-0', -0],
    ['0e99999', 0],
    ['1.50', 1.5],
    ['15e-1', 1.5],
    ['1E+2', 100],
    ['1e21', 1e21],
    ['-123456.789e-10', -123456.789e-10],
    ['9007199254740991', 9_007_199_254_740_991],
  ])('gives %s as a JavaScript number, which says exactly that', async (text, expected) => {
    const seen: unknown[] = [];
    const fold = eachRecord({ ...options, schema: z.number() }, (value) => {
      seen.push(value);
      return new Map();
    });
    await outcomes(fold, eventOf(text));
    expect(seen).toEqual([expected]);
  });

  it.each(['9007199254740993', '0.12345678901234567890', '1e400', '1e-400', '-12345678901234567.89'])(
    'refuses %s where numbers are exact, and gives it as text where that is chosen',
    async (text) => {
      const schema = z.unknown();
      const exact = eachRecord({ ...options, schema }, () => new Map());
      expect(await outcomes(exact, eventOf(text))).toEqual(['inexact-number ']);
      const asText = eachRecord(
        { ...options, schema, numbers: 'text' },
        (value) => new Map([[String(value), one]]),
      );
      expect(await outcomes(asText, eventOf(text))).toEqual([[text]]);
    },
  );

  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('takes %s that are nested 100 deep, and no deeper ones', async (_, open, close) => {
    const fold = eachRecord({ ...options, schema: z.unknown() }, () => new Map([['a', one]]));
    const nested = (depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;
    expect(await outcomes(fold, eventOf(nested(100), nested(101)))).toEqual([['a'], 'too-deep ']);
  });

  it('refuses a number of more than 256 characters unread, so that none takes more time than others', async () => {
    const fold = eachRecord({ ...options, schema: z.unknown() }, () => new Map());
    const numbers = [254, 255].map((zeros) => `1.${'0'.repeat(zeros)}`);
    expect(await outcomes(fold, eventOf(...numbers, `1.${'0'.repeat(100_000)}1`))).toEqual([
      [],
      'inexact-number ',
      'inexact-number ',
    ]);
  });

  it('gives every kind of value as it is, __proto__ among the names', async () => {
    const seen: unknown[] = [];
    const fold = eachRecord({ ...options, schema: z.unknown() }, (value) => {
      seen.push(value);
      return new Map();
    });
    const text = '{"__proto__":{"a":[true,false,null]},"b":"\\u00e9"}';
    await outcomes(fold, eventOf(text));
    expect(seen).toEqual([JSON.parse(text)]);
    expect(Object.keys(seen[0] as object)).toEqual(['__proto__', 'b']);
  });

  it.each<[string, object]>([
    ['a change of new images', { NewImage: { Value: { N: '1' } }, StreamViewType: 'NEW_IMAGE' }],
    ['a change of new images whose view is not named', { NewImage: { Value: { N: '1' } } }],
    ['a change of keys only', { Keys: { Id: { S: 'a' } }, StreamViewType: 'KEYS_ONLY' }],
  ])('refuses %s where the old image is read, instead of adding the new one whole', async (_, dynamodb) => {
    const event = { Records: [{ eventID: 'e', eventSourceARN: 'arn:t', eventName: 'MODIFY', dynamodb }] };
    const whole = eachRecord(
      options,
      ({ OldImage, NewImage }, _record: DynamoDBRecord) =>
        new Map([
          ['new', parseDecimal(NewImage?.['Value']?.N ?? '0')],
          ['old', parseDecimal(OldImage?.['Value']?.N ?? '0')],
        ]),
    );
    await expect(outcomes(whole, event)).rejects.toMatchObject({ code: 'wrong-stream-view', index: 0 });
    const image = z.record(z.string(), z.object({ N: z.string() })).optional();
    const schema = z.strictObject({
      Keys: z.unknown().optional(),
      StreamViewType: z.string().optional(),
      OldImage: image,
      NewImage: image,
    });
    const bySchema = eachRecord({ ...options, schema }, (_change, _record: DynamoDBRecord) => new Map());
    await expect(outcomes(bySchema, event)).rejects.toMatchObject({ code: 'wrong-stream-view' });
  });

  it('refuses a change of keys only where the new image is read', async () => {
    const dynamodb = { Keys: { Id: { S: 'a' } }, StreamViewType: 'KEYS_ONLY' };
    const event = { Records: [{ eventID: 'e', eventSourceARN: 'arn:t', eventName: 'INSERT', dynamodb }] };
    const fold = eachRecord(
      options,
      ({ NewImage }, _record: DynamoDBRecord) => new Map([[NewImage?.['Id']?.S ?? 'none', one]]),
    );
    await expect(outcomes(fold, event)).rejects.toMatchObject({ code: 'wrong-stream-view', index: 0 });
  });

  it.each<[string, object]>([
    ['INSERT', { Keys: { Id: { S: 'a' } }, NewImage: { Id: { S: 'a' } } }],
    ['MODIFY', { OldImage: { Id: { S: 'a' } }, NewImage: { Id: { S: 'a' } }, SizeBytes: 2 }],
    ['REMOVE', { OldImage: { Id: { S: 'a' } }, StreamViewType: 'NEW_AND_OLD_IMAGES' }],
  ])(
    'gives an %s with the members that the event has, as a copy of it has them',
    async (eventName, dynamodb) => {
      const event = { Records: [{ eventID: 'e', eventSourceARN: 'arn:t', eventName, dynamodb }] };
      const seen: unknown[] = [];
      const fold = eachRecord(options, (change, _record: DynamoDBRecord) => {
        seen.push({ ...change });
        return new Map();
      });
      await outcomes(fold, event);
      expect(seen).toStrictEqual([dynamodb]);
    },
  );

  it('takes a stream of new images where only the new image is read', async () => {
    const event = {
      Records: ['INSERT', 'MODIFY'].map((eventName) => ({
        eventID: eventName,
        eventSourceARN: 'arn:t',
        eventName,
        dynamodb: { NewImage: { Shelf: { S: eventName } }, StreamViewType: 'NEW_IMAGE' },
      })),
    };
    const schema = z.strictObject({
      StreamViewType: z.string(),
      NewImage: z.object({ Shelf: z.object({ S: z.string() }) }),
    });
    const fold = eachRecord(
      { ...options, schema },
      ({ NewImage }, _record: DynamoDBRecord) => new Map([[NewImage.Shelf.S, one]]),
    );
    expect(await outcomes(fold, event)).toEqual([['INSERT'], ['MODIFY']]);
  });

  it.each<[string, string, (text: string) => AggregateAttributes]>([
    ['a number that is none', 'invalid-value', (text) => ({ set: { Number: { N: text } } })],
    [
      'more bytes than an item is given',
      'record-too-large',
      (text) => ({
        set: { A: { S: text }, B: { S: text }, C: { S: text } },
        setIfAbsent: { D: { S: text }, E: { S: text } },
      }),
    ],
  ])('quarantines a record alone whose key makes an attribute of %s', async (_, reason, attributesOf) => {
    const transactions = createMemoryTransactions({ now: () => 0 });
    const texts = aggregateTable({
      table: 'Texts',
      key: { Text: '{text}' },
      measures: ['count'],
      attributes: ({ text }) => (text.length > 2 ? attributesOf(text) : {}),
    });
    const told = vi.fn();
    const handler = commitOnce(
      { transactions, strategy: ledger({ ...names, table: 'Ledger', now: () => 0 }), effect: texts },
      eachRecord({ ...options, onInvalid: told }, (json) => texts.add({ text: json.text() }, { count: 1 })),
    );
    await handler(eventOf('"a"', `"${'x'.repeat(2_000)}"`, '"b"'), context);
    expect(transactions.items('Texts').map(({ Text }) => Text?.S)).toEqual(['a', 'b']);
    expect(transactions.items('Quarantine')).toHaveLength(1);
    expect(told.mock.calls).toMatchObject([[{ id: 'shardId-1:1', reason }]]);
  });

  it.each([
    ['write', { write: [] }],
    ['id', { id: 'forged' }],
  ])('refuses what it does not know of a record: %s', async (name, member) => {
    const fold = eachRecord(options, () => ({ contribution: new Map(), ...member }));
    const event = eventOf('{}');
    await expect(
      commitOnce(
        {
          transactions: createMemoryTransactions({ now: () => 0 }),
          strategy: ledger({ ...names, table: 'Ledger', now: () => 0 }),
          effect: incrementEach({ table: 'Stock', key: 'Shelf', attribute: 'Pieces' }),
        },
        fold,
      )(event, context),
    ).rejects.toThrow(`record 0: the fold returned a member that nobody reads: ${name}`);
  });

  it('takes the body of a message, and a change of a table as it is, with and without a schema', async () => {
    const message = {
      messageId: 'm',
      eventSourceARN: 'arn:q',
      body: '{"shelf":"a"}',
      attributes: { SentTimestamp: '0' },
    };
    const bySqs = eachRecord(options, (order) => new Map([[order.get('shelf').text(), one]]));
    expect(await outcomes(bySqs, { Records: [message] })).toEqual([['a']]);
    const change = {
      eventID: 'e',
      eventSourceARN: 'arn:t',
      eventName: 'INSERT',
      dynamodb: { NewImage: { Shelf: { S: 'a' } } },
    };
    const removal = { ...change, eventName: 'REMOVE', dynamodb: {} };
    const byChange = eachRecord(options, (images, _record: DynamoDBRecord) => {
      if (images.NewImage === undefined) {
        throw new InvalidRecordError('no-image');
      }
      return new Map([[images.NewImage['Shelf']?.S ?? '', one]]);
    });
    expect(await outcomes(byChange, { Records: [change, removal] })).toEqual([['a'], 'no-image ']);
    const schema = z.object({ NewImage: z.object({ Shelf: z.object({ S: z.string() }) }) });
    const bySchema = eachRecord(
      { ...options, schema },
      ({ NewImage }, _record: DynamoDBRecord) => new Map([[NewImage.Shelf.S, one]]),
    );
    expect(await outcomes(bySchema, { Records: [change, removal] })).toEqual([['a'], 'schema $.NewImage']);
  });

  it('takes what the function returns for the record, later too, and its writes', async () => {
    const write = { type: 'put', table: 'Outbox', key: { Id: { S: 'x' } }, attributes: {} } as const;
    const fold = eachRecord(options, async () => ({ contribution: new Map([['a', one]]), writes: [write] }));
    expect(await fold(eventOf('{}') as never)).toEqual([
      { contribution: new Map([['a', one]]), writes: [write], onRefused: expect.any(Function) },
    ]);
  });

  it('quarantines a record that the function refuses, and passes on every other error', async () => {
    const fold = eachRecord(options, (order) => {
      if (order.find('bug') !== undefined) {
        throw new TypeError('bug');
      }
      throw new InvalidRecordError('unknown-currency', 'currency');
    });
    expect(await outcomes(fold, eventOf('{}'))).toEqual(['unknown-currency currency']);
    await expect(outcomes(fold, eventOf('{"bug":1}'))).rejects.toThrow('bug');
  });

  it('quarantines a record with a key that its table does not take, alone', async () => {
    const transactions = createMemoryTransactions({ now: () => 0 });
    const effect = incrementEach({ table: 'Sums', key: 'Key', attribute: 'Value' });
    const strategy = ledger({ ...names, table: 'Ledger', now: () => 0 });
    const handler = commitOnce(
      { transactions, strategy, effect },
      eachRecord(options, (order) => [new Map([['a', one]]), new Map([[order.get('key').text(), one]])]),
    );
    const keys = ['', '\ud800', 'k'.repeat(2_049), 'b'];
    await handler(eventOf(...keys.map((key) => JSON.stringify({ key }))) as never, context);
    expect(transactions.items('Sums')).toEqual([
      { Key: { S: 'a' }, Value: { N: '1' } },
      { Key: { S: 'b' }, Value: { N: '1' } },
    ]);
    expect(transactions.items('Quarantine').map(({ Reason }) => Reason)).toEqual(
      ['', '\ud800', 'k'].map(() => ({ S: 'invalid-key' })),
    );
  });

  it('takes keys as long as those of their table may be', async () => {
    const transactions = createMemoryTransactions({ now: () => 0 });
    const effect = aggregateTable({
      table: 'Pages',
      key: { Page: '{page}', Day: '{day}' },
      measures: ['views'],
    });
    const handler = commitOnce(
      { transactions, strategy: ledger({ ...names, table: 'Ledger', now: () => 0 }), effect },
      eachRecord(options, () =>
        effect.add({ page: 'p'.repeat(2_048), day: 'd'.repeat(1_024) }, { views: 1 }),
      ),
    );
    await handler(eventOf('{}') as never, context);
    expect(transactions.items('Quarantine')).toEqual([]);
    expect(transactions.items('Pages')).toMatchObject([{ views: { N: '1' } }]);
  });

  it('does not quarantine what is a defect of the function, and not of a record', async () => {
    const handler = commitOnce(
      {
        transactions: createMemoryTransactions({ now: () => 0 }),
        strategy: ledger({ ...names, table: 'Ledger', now: () => 0 }),
        effect: table,
      },
      eachRecord(options, () => new Map([['a', one]])),
    );
    await expect(handler(eventOf('{}') as never, context)).rejects.toThrow(
      'record 0: the key is none of Pages',
    );
  });

  it.each<[string, () => unknown, string]>([
    ['an empty part of a key', () => table.add({ page: '', minute: 1 }, {}), 'invalid-key empty-text'],
    [
      'a part that is too long',
      () => table.add({ page: 'k'.repeat(2_049), minute: 1 }, {}),
      'invalid-key too-long',
    ],
    [
      'a number that is none',
      () => table.add({ page: 'a', minute: 'noon' }, {}),
      'invalid-decimal not-a-number',
    ],
    ['a segment that forges a node', () => rollUp(['a:b'], one), 'invalid-key bad-segment'],
    ['a time that is none', () => timeBucket(new Date('noon'), 'day'), 'invalid-time bad-date'],
    ['a time before year 1', () => timeBucket(new Date(-1e14), 'day'), 'invalid-time out-of-range'],
  ])('quarantines a record with %s', async (_, add, refusal) => {
    const fold = eachRecord(options, () => add() as Contribution);
    expect(await outcomes(fold, eventOf('{}'))).toEqual([refusal]);
  });

  it('takes a list of contributions, and passes on what no record can mend', async () => {
    const added = eachRecord(options, () => [
      table.add({ page: 'a', minute: 1 }, { views: 1 }),
      new Map([['b', one]]),
    ]);
    expect(await added(eventOf('{}') as never)).toMatchObject([
      { contribution: [expect.any(Map), expect.any(Map)] },
    ]);
    const misspelt = eachRecord(options, () => table.add({ page: 'a', minute: 1 }, { view: 1 } as never));
    await expect(outcomes(misspelt, eventOf('{}'))).rejects.toThrow('Pages has no measure view');
  });

  it('quarantines a record without what a key of a table is made of, and takes several contributions of another', async () => {
    const days = aggregateTable({
      table: 'Days',
      key: { Page: '{page}', Day: '{day}' },
      measures: ['views'],
    });
    const fold = eachRecord(options, (view) => {
      const day = timeBucket(new Date(view.get('at').text()), 'day');
      const page = view.get('page').text();
      return [days.add({ page, day }, { views: 1 }), days.add({ page: 'all', day }, { views: 1 })];
    });
    const event = eventOf('{"page":"","at":"2026-11-25"}', '{"page":"/","at":"yesterday"}');
    expect(await outcomes(fold, event)).toEqual(['invalid-key empty-text', 'invalid-time bad-date']);
    const [element] = await fold(eventOf('{"page":"/","at":"2026-11-25"}') as never);
    expect(element?.contribution).toHaveLength(2);
  });

  it.each<[string, () => unknown, string]>([
    ['a time zone that does not exist', () => timeBucket(new Date(0), 'day', 'Mars'), 'bad-time-zone'],
    ['a unit of time that does not exist', () => timeBucket(new Date(0), 'fortnight' as never), 'bad-unit'],
    ['a path without segments', () => rollUp([], one), 'wrong-count'],
    [
      'a dimension that is named twice',
      () => createHierarchy({ dimensions: ['Region', 'Region'] } as never),
      'duplicate-name',
    ],
    ['a decimal of a JavaScript number', () => parseDecimal(1 as never), 'not-text'],
    ['a sum of JavaScript numbers', () => addDecimals(1 as never, 2 as never), 'not-a-decimal'],
    ['a part of a key that is undefined', () => table.add({ minute: 1 } as never, {}), 'wrong-type'],
  ])('fails for %s: that is a defect of the function', async (_, add, code) => {
    await expect(outcomes(eachRecord(options, add as never), eventOf('{}'))).rejects.toMatchObject({ code });
  });

  it.each([
    ['ledger', () => ledger({ ...names, table: 'Ledger', now: () => 0 })],
    [
      'checkpoint',
      () => checkpoint({ ...names, table: 'Positions', startsTable: 'Starts', parallelizationFactor: 1 }),
    ],
    ['none', none],
  ])('quarantines a record that fits into no transaction, alone, under %s', async (_, strategy) => {
    const transactions = createMemoryTransactions({ now: () => 0 });
    const reports: CommitReport[] = [];
    const handler = commitOnce(
      {
        transactions,
        strategy: strategy() as Strategy,
        effect: incrementEach({ table: 'Sums', key: 'Key', attribute: 'Value' }),
        onCommitted: (report) => void reports.push(report),
      },
      eachRecord(options, (order) => {
        const keyCount = Number(order.get('keys').numberText());
        return new Map(Array.from({ length: keyCount }, (_key, index) => [`k${index}`, one] as const));
      }),
    );
    const tooLarge = Array.from({ length: 20 }, () => '{"keys":100}');
    await handler(eventOf('{"keys":1}', ...tooLarge, '{"keys":2}') as never, context);
    expect(reports[0]?.applied).toHaveLength(22);
    expect(reports[0]?.refused).toEqual(reports[0]?.applied.slice(1, 21));
    expect(transactions.items('Sums')).toEqual([
      { Key: { S: 'k0' }, Value: { N: '2' } },
      { Key: { S: 'k1' }, Value: { N: '1' } },
    ]);
    expect(transactions.items('Quarantine').map(({ Reason }) => Reason)).toEqual(
      tooLarge.map(() => ({ S: 'record-too-large' })),
    );
  });

  it('knows an invalid record by its own id, so that two with one business key do not contradict each other', async () => {
    const { transactions, reports, told, handler } = oneOrder(
      (order) => new Map([[order.get('shelf').text(), one]]),
    );
    for (let delivery = 0; delivery < 2; delivery += 1) {
      await handler(eventOf('{', '{', '{"shelf":"a"}'), context);
    }
    expect(transactions.items('Quarantine')).toHaveLength(2);
    expect(transactions.items('Sums')).toEqual([{ Key: { S: 'a' }, Value: { N: '1' } }]);
    expect(reports.map(({ refused }) => refused)).toEqual([['shardId-1:0', 'shardId-1:1'], []]);
    expect(told).toHaveLength(4);
    expect(told[0]).toEqual({ id: 'shardId-1:0', reason: 'broken-json', detail: '$' });
  });

  it.each([
    ['a key that no table takes', '{"keys":[""]}'],
    [
      'more keys than a transaction takes',
      JSON.stringify({ keys: Array.from({ length: 100 }, (_, key) => `k${key}`) }),
    ],
  ])(
    'counts a record that is sent again, mended, under the business key of one with %s',
    async (_, broken) => {
      const { transactions, reports, handler } = oneOrder(
        (order) =>
          new Map(
            order
              .get('keys')
              .items()
              .map((key) => [key.text(), one]),
          ),
      );
      const records = [kinesisRecord(broken, 0), kinesisRecord('{"keys":["a"]}', 1)];
      for (const record of [...records, ...records]) {
        await handler({ Records: [record] } as unknown as KinesisStreamEvent, context);
      }
      expect(transactions.items('Sums')).toEqual([{ Key: { S: 'a' }, Value: { N: '1' } }]);
      expect(transactions.items('Quarantine')).toHaveLength(1);
      expect(reports.map(({ refused }) => refused)).toEqual([['shardId-1:0'], [], [], []]);
    },
  );

  it('waits until it is told that a record is quarantined, and fails where that fails', async () => {
    const transactions = createMemoryTransactions({ now: () => 0 });
    const told: string[] = [];
    let isDown = true;
    const onInvalid = async ({ id }: { readonly id: string }) => {
      await Promise.resolve();
      if (isDown) {
        throw new Error('down');
      }
      told.push(id);
    };
    const handler = commitOnce(
      {
        transactions,
        strategy: ledger({ ...names, table: 'Ledger', now: () => 0 }),
        effect: incrementEach({ table: 'Sums', key: 'Key', attribute: 'Value' }),
        onCommitted: () => void told.push('committed'),
      },
      eachRecord({ ...options, onInvalid }, (order) => new Map([[order.get('key').text(), one]])),
    );
    // One that cannot be read, and one whose key no table takes.
    for (const event of [eventOf('{'), eventOf('{"key":""}')]) {
      isDown = true;
      await expect(handler(event, context)).rejects.toThrow('down');
      isDown = false;
      await handler(event, context);
    }
    expect(told).toEqual(['shardId-1:0', 'committed', 'shardId-1:0', 'committed']);
  });

  it('prints one line for each invalid record by default, without its content', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    const fold = eachRecord(options, () => {
      throw new InvalidRecordError('unknown-currency', 'currency');
    });
    await outcomes(fold, eventOf('{"secret":1}'));
    expect(warn.mock.calls).toEqual([
      ['eachRecord: record shardId-1:0 is quarantined: unknown-currency (currency)'],
    ]);
  });

  it('has no more to say of a record whose key no table takes than that, to the log and in the quarantine', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    const transactions = createMemoryTransactions({ now: () => 0 });
    const handler = commitOnce(
      {
        transactions,
        strategy: ledger({ ...names, table: 'Ledger', now: () => 0 }),
        effect: incrementEach({ table: 'Sums', key: 'Key', attribute: 'Value' }),
      },
      eachRecord(options, () => new Map([['', one]])),
    );
    await handler(eventOf('{}'), context);
    expect(warn.mock.calls).toEqual([['eachRecord: record shardId-1:0 is quarantined: invalid-key']]);
    expect(transactions.items('Quarantine')).toMatchObject([{ Detail: { S: '' } }]);
  });

  it.each([
    ['a key that no table takes', '{"id":"","amount":1}', 'invalid-key'],
    ['a number that DynamoDB does not take', '{"id":"i0","amount":1e400}', 'invalid-value'],
    [
      'more bytes than an item has',
      `{"id":"i0","amount":1,"note":"${'x'.repeat(410_000)}"}`,
      'record-too-large',
    ],
  ])('quarantines a record whose own write has %s', async (_, broken, reason) => {
    const transactions = createMemoryTransactions({ now: () => 0 });
    const handler = commitOnce<KinesisStreamEvent>(
      {
        transactions,
        strategy: ledger({ ...names, table: 'Ledger', now: () => 0 }),
        effect: incrementEach({ table: 'Sums', key: 'Key', attribute: 'Value' }),
      },
      eachRecord({ ...options, onInvalid: () => {} }, (order) => ({
        contribution: new Map([['a', one]]),
        writes: [
          {
            type: 'put',
            table: 'Invoices',
            key: { Id: { S: order.get('id').text() } },
            attributes: {
              Amount: { N: order.get('amount').numberText() },
              Order: { S: order.source.padEnd(10_000) },
            },
          },
        ],
      })),
    );
    await handler(eventOf(broken, '{"id":"i1","amount":1}'), context);
    expect(transactions.items('Invoices').map(({ Id }) => Id)).toEqual([{ S: 'i1' }]);
    expect(transactions.items('Sums')).toEqual([{ Key: { S: 'a' }, Value: { N: '1' } }]);
    expect(transactions.items('Quarantine').at(-1)).toMatchObject({ Reason: { S: reason } });
  });

  it.each<[string, () => unknown, RegExp]>([
    ['returns nothing', () => undefined, /must return what the record adds, not undefined$/],
    ['returns null', () => null, /must return what the record adds, not null$/],
    ['returns a number', () => 1, /must return what the record adds, not a number$/],
    [
      'gives a decimal of a wrong type',
      () => toDecimal(undefined as never),
      /The decimal is refused: wrong-type/,
    ],
    [
      'gives a part of a wrong type',
      () => table.add({ minute: 1 } as never, {}),
      /The part page must be text/,
    ],
  ])('fails where the function %s: a defect must not quarantine a stream', async (_, fold, message) => {
    await expect(outcomes(eachRecord(options, fold as never), eventOf('{}'))).rejects.toThrow(message);
  });

  it('leaves it to commitOnce to refuse what is no contribution: that is a defect of the function', async () => {
    const fold = eachRecord(options, () => ({ contribution: { a: 1 } }) as never);
    expect(await fold(eventOf('{}') as never)).toMatchObject([{ contribution: { a: 1 } }]);
  });

  it.each<[string, unknown[], RegExp]>([
    ['no options', [], /^eachRecord: the options are missing/],
    ['no quarantine', [{}], /option quarantine is missing/],
    ['a misspelt option', [{ ...options, shema: 1 }], /no option shema/],
    [
      'a quarantine without a table',
      [{ quarantine: names }],
      /^eachRecord: quarantine: the option table is missing/,
    ],
    [
      'a quarantine whose table is empty',
      [{ quarantine: { ...names, table: '' } }],
      /^eachRecord: quarantine: the option table must be text/,
    ],
    [
      'a quarantine whose namespace is empty',
      [{ quarantine: { ...names, namespace: '', table: 'Quarantine' } }],
      /^eachRecord: quarantine: .*namespace/,
    ],
    [
      'a quarantine that is text',
      [{ quarantine: 'Quarantine' }],
      /^eachRecord: quarantine: the options are missing/,
    ],
    ['a schema that is none', [{ ...options, schema: {} }], /Standard Schema/],
    ['null for a schema', [{ ...options, schema: null }], /Standard Schema/],
    ['another form of numbers', [{ ...options, numbers: 'bigint' }], /numbers must be/],
    ['a report to text', [{ ...options, onInvalid: 'log' }], /onInvalid must be a function/],
    ['no function', [options], /function of one record/],
  ])('refuses %s when it is made', (_, args, message) => {
    const make = () => (eachRecord as (...all: unknown[]) => unknown)(...args);
    expect(make).toThrow(StrategyError);
    expect(make).toThrow(message);
  });

  it('commits the quarantine with the guard of the record, once', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const strategy = ledger({ ...names, table: 'Ledger', now: () => 0 });
    const effect = incrementEach({ table: 'Stock', key: 'Shelf', attribute: 'Pieces' });
    const fold = eachRecord(options, (order) => new Map([[order.get('shelf').text(), one]]));
    const handler = commitOnce({ transactions: store, strategy, effect }, fold);
    const event = eventOf('{"shelf":"a"}', 'broken', '{"shelf":"a"}');
    for (const delivered of [event, event, eventOf('{"shelf":"a"}')]) {
      expect(await handler(delivered, context)).toEqual({ batchItemFailures: [] });
    }
    expect(store.get('Stock', { Shelf: { S: 'a' } })?.['Pieces']).toEqual({ N: '2' });
    expect(store.items('Quarantine')).toHaveLength(1);
    expect(store.items('Ledger')).toHaveLength(3);
  });
});

describe('InvalidRecordError', () => {
  it('takes a literal for a reason, and nothing that could be a value', () => {
    for (const reason of ['', 'Unknown', 'a b', 'x'.repeat(65), '7']) {
      expect(() => new InvalidRecordError(reason)).toThrow(
        new TypeError('InvalidRecordError: reason must be a literal such as unknown-currency'),
      );
    }
    expect(new InvalidRecordError('no-shelf')).toMatchObject({
      name: 'InvalidRecordError',
      code: 'invalid-record',
    });
    expect(new InvalidRecordError('no-shelf').message).toBe('The record is refused: no-shelf.');
    expect(new InvalidRecordError('no-shelf', 'shelf').message).toBe(
      'The record is refused: no-shelf at shelf.',
    );
  });
});
