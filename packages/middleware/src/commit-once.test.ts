import middy from '@middy/core';
import {
  type Batch,
  checkpoint,
  incrementEach,
  ledger,
  type RetryLimits,
  type Strategy,
  StrategyError,
} from '@oncefold/commit';
import { createMemoryTransactions, type MemoryTransactions } from '@oncefold/commit/memory';
import { parseDecimal } from '@oncefold/reducer';
import type { Context, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { RecordContribution } from './check-contributions.ts';
import { commitOnce } from './commit-once.ts';

const effect = incrementEach({ table: 'Stock', key: 'Shelf', attribute: 'Pieces' });
const strategy = () =>
  ledger({ namespace: 'n', consumer: 'stock', table: 'Ledger', retentionSeconds: 60, now: () => 0 });
const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const context = { getRemainingTimeInMillis: () => 30_000 } as Context;

function event(...sequenceNumbers: number[]): KinesisStreamEvent {
  return {
    Records: sequenceNumbers.map(
      (sequenceNumber) =>
        ({
          eventID: `shardId-000000000000:${sequenceNumber}`,
          eventSource: 'aws:kinesis',
          eventSourceARN: arn,
          kinesis: {
            sequenceNumber: String(sequenceNumber),
            data: 'c2hlbGY=',
            approximateArrivalTimestamp: 1_700_000_000,
          },
        }) as KinesisStreamRecord,
    ),
  };
}

const onePiece = async (received: KinesisStreamEvent) =>
  received.Records.map(() => ({ contribution: new Map([['shelf', parseDecimal('1')]]) }));

const pieces = (value: unknown) => ({ contribution: new Map([['shelf', value]]) });

const piecesIn = (store: MemoryTransactions) => store.get('Stock', { Shelf: { S: 'shelf' } })?.['Pieces'];

describe('commitOnce', () => {
  it('commits what the fold returns, and once when the batch is redelivered in another grouping', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const handler = commitOnce({ transactions: store, strategy: strategy(), effect }, onePiece);
    expect(await handler(event(1, 2), context)).toEqual({ batchItemFailures: [] });
    await handler(event(1), context);
    await handler(event(2, 3), context);
    expect(piecesIn(store)).toEqual({ N: '3' });
  });

  it('takes the identities before other middleware changes the event in place', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const fold = middy<KinesisStreamEvent>()
      .before((request) => {
        for (const record of request.event.Records) {
          record.eventID = 'changed';
        }
      })
      .handler(onePiece);
    await commitOnce({ transactions: store, strategy: strategy(), effect }, fold)(event(1, 2), context);
    expect(store.items('Ledger').map((item) => item['Marker'])).toEqual([
      { S: `v2#n#stock#${arn}#shardId-000000000000:1` },
      { S: `v2#n#stock#${arn}#shardId-000000000000:2` },
    ]);
  });

  it.each(['id', 'sequenceNumber', 'shardId', 'source', 'time', 'refusedId', 'write'])(
    'lets a fold replace no part of an identity, and loses nothing that is misspelt: refuses %s',
    async (name) => {
      const store = createMemoryTransactions({ now: () => 0 });
      const fold = async () => [{ contribution: new Map([['shelf', parseDecimal('1')]]), [name]: 'x' }];
      await expect(
        commitOnce({ transactions: store, strategy: strategy(), effect }, fold)(event(1), context),
      ).rejects.toThrow(
        new StrategyError(
          `record 0: the fold returned a member that nobody reads: ${name}; there are contribution, writes, preparatoryWrites, onRefused and isInvalid`,
        ),
      );
      expect(store.items('Stock')).toEqual([]);
    },
  );

  it('names the stream by its ARN, with or without enhanced fan-out, or as it is told', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const options = { transactions: store, strategy: strategy(), effect };
    const fanOut = event(1);
    (fanOut.Records[0] as KinesisStreamRecord).eventSourceARN = `${arn}/consumer/stock:1`;
    await commitOnce(options, onePiece)(event(1), context);
    await commitOnce(options, onePiece)(fanOut, context);
    expect(piecesIn(store)).toEqual({ N: '1' });
    await commitOnce({ ...options, source: 'orders' }, onePiece)(event(1), context);
    expect(piecesIn(store)).toEqual({ N: '2' });
  });

  it('names records by a business key when told how', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const recordId = (record: KinesisStreamRecord): string => `order-${record.kinesis.sequenceNumber}`;
    const handler = commitOnce({ transactions: store, strategy: strategy(), effect, recordId }, onePiece);
    const unnamed = { Records: event(7).Records.map((record) => ({ ...record, eventID: '' })) };
    await handler(event(7), context);
    await handler(unnamed, context);
    expect(store.items('Ledger').map((item) => item['Marker'])).toEqual([{ S: `v2#n#stock#${arn}#order-7` }]);
  });

  it.each([
    ['recordId', { recordId: () => 'order-1' }],
    ['source', { source: 'orders' }],
  ])('refuses %s at start under checkpoint, which knows records by their place', (name, option) => {
    const guard: Strategy = checkpoint({
      namespace: 'n',
      consumer: 'stock',
      table: 'Positions',
      startsTable: 'Ledger',
      parallelizationFactor: 1,
    });
    const options = { transactions: createMemoryTransactions({ now: () => 0 }), strategy: guard, effect };
    expect(() => commitOnce({ ...options, ...option }, onePiece)).toThrow(
      expect.objectContaining({
        code: 'strategy-unusable',
        message: expect.stringMatching(`option ${name} has no effect under checkpoint`),
      }),
    );
  });

  it('fails the invocation when the commit fails, so that the mapping delivers again', async () => {
    const limits: RetryLimits = { attemptsMax: 2, backoffBaseMs: 0, backoffMaxMs: 0, requestTimeoutMs: 10 };
    const store = createMemoryTransactions({ now: () => 0 });
    const transactions = { ...store, transact: async () => ({ code: 'conflict' }) as const };
    const handler = commitOnce({ transactions, strategy: strategy(), effect, limits }, onePiece);
    await expect(handler(event(1), context)).rejects.toMatchObject({ code: 'commit-undecided', attempts: 2 });
  });

  it('ends before the function does: without time left it sends nothing and fails', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const handler = commitOnce({ transactions: store, strategy: strategy(), effect }, onePiece);
    const late = { getRemainingTimeInMillis: () => 1_000 } as Context;
    await expect(handler(event(1), late)).rejects.toMatchObject({ code: 'commit-undecided' });
    expect(store.items('Stock')).toEqual([]);
  });

  it('writes nothing when the handler throws', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const handler = commitOnce({ transactions: store, strategy: strategy(), effect }, async () => {
      throw new Error('bug');
    });
    await expect(handler(event(1), context)).rejects.toThrow('bug');
    expect(store.items('Stock')).toEqual([]);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /returned undefined/],
    ['a number', 5, /returned a number/],
    ['an answer to the mapping', { batchItemFailures: [] }, /returned an object \(Object\)/],
    ['fewer elements than records', [], /2 records, 0 elements/],
    ['an element that is nothing', [{ contribution: new Map() }, undefined], /record 1: .*undefined/],
    ['an element that is null', [{ contribution: new Map() }, null], /record 1: the fold returned null/],
    ['an object for a map', [{ contribution: { shelf: 1n } }, {}], /record 0: .*Map.*object \(Object\)/],
    ['a JavaScript number', [pieces(1), pieces(2)], /record 0: .*a number/],
    ['a number as text', [pieces('1'), pieces('2')], /record 0: .*a string/],
    ['no value', [pieces(parseDecimal('1')), pieces(null)], /record 1: .*null/],
    [
      'an empty key',
      [{ contribution: new Map([['', parseDecimal('1')]]) }, pieces(parseDecimal('1'))],
      /record 0: .*1 to 2048 bytes/,
    ],
    [
      'a key of 2,049 bytes',
      [pieces(parseDecimal('1')), { contribution: new Map([['k'.repeat(2049), parseDecimal('1')]]) }],
      /record 1: .*1 to 2048 bytes/,
    ],
    [
      'a key that is no text',
      [{ contribution: new Map([[7, parseDecimal('1')]]) }, {}],
      /record 0: .*a number/,
    ],
    ['measures that are no decimals', [pieces({ count: 1 }), {}], /record 0, measure "count": .*a number/],
    ['an object that is no measures', [pieces(new Map()), {}], /record 0: .*an object \(Map\)/],
    ['a list of what is no map', [{ contribution: [{}] }, {}], /record 0: .*a list of these, not an object/],
    ['writes that are no list', [{ contribution: new Map(), writes: {} }, {}], /record 0: writes/],
  ])('refuses a fold that returns %s, and says what came', async (_, answer, message) => {
    const store = createMemoryTransactions({ now: () => 0 });
    const handler = commitOnce(
      { transactions: store, strategy: strategy(), effect },
      async () => answer as RecordContribution[],
    );
    await expect(handler(event(1, 2), context)).rejects.toMatchObject({ code: 'strategy-unusable' });
    await expect(handler(event(1, 2), context)).rejects.toThrow(message);
    expect(store.items('Ledger')).toEqual([]);
  });

  it.each<[string, (records: KinesisStreamRecord[]) => unknown]>([
    ['sorts', (records) => records.reverse()],
    ['filters', (records) => records.pop()],
    ['replaces', (records) => records.splice(0, 1, { ...(records[0] as KinesisStreamRecord) })],
  ])(
    'refuses a fold that %s the records in place: its elements would belong to others',
    async (_, change) => {
      const store = createMemoryTransactions({ now: () => 0 });
      const handler = commitOnce(
        { transactions: store, strategy: strategy(), effect },
        async (received: KinesisStreamEvent) => {
          change(received.Records);
          return [1, 2].map(() => ({ contribution: new Map([['shelf', parseDecimal('1')]]) }));
        },
      );
      await expect(handler(event(1, 2), context)).rejects.toThrow(/in place: sort or filter a copy/);
      expect(store.items('Stock')).toEqual([]);
    },
  );

  it('refuses one map for several records, which would count what was added to it for each of them', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const handler = commitOnce(
      { transactions: store, strategy: strategy(), effect },
      async (received: KinesisStreamEvent) => {
        const contribution = new Map([['shelf', parseDecimal('3')]]);
        return received.Records.map(() => ({ contribution }));
      },
    );
    await expect(handler(event(1, 2, 3), context)).rejects.toThrow(/records 0 and 1 share one Map/);
  });

  it('takes one empty map for all records that add nothing', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const contribution = new Map();
    const handler = commitOnce(
      { transactions: store, strategy: strategy(), effect },
      async (received: KinesisStreamEvent) => received.Records.map(() => ({ contribution })),
    );
    expect(await handler(event(1, 2), context)).toEqual({ batchItemFailures: [] });
    expect(store.items('Ledger')).toHaveLength(2);
  });

  it('gives a tumbling window its state back, on its last invocation without records too', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const handler = commitOnce({ transactions: store, strategy: strategy(), effect }, onePiece);
    const windowed = { ...event(), shardId: 'shardId-1', state: {}, isFinalInvokeForWindow: true };
    expect(await handler(windowed, context)).toEqual({ batchItemFailures: [], state: {} });
  });

  it('tells of the batch after its commit', async () => {
    const told: [string[], Batch][] = [];
    const handler = commitOnce(
      {
        transactions: createMemoryTransactions({ now: () => 0 }),
        strategy: strategy(),
        effect,
        onCommitted: (report, batch) => {
          told.push([[...report.applied], batch]);
        },
      },
      onePiece,
    );
    await handler(event(1), context);
    expect(told[0]?.[0]).toEqual(['shardId-000000000000:1']);
    expect(told[0]?.[1]).toMatchObject({
      shardId: 'shardId-000000000000',
      records: [{ sequenceNumber: '1', time: 1_700_000_000 }],
    });
  });

  it('refuses an option that nobody reads, one that is missing, and to be registered as middleware', () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const options = { transactions: store, strategy: strategy(), effect };
    expect(() => commitOnce({ ...options, recordID: () => 'x' } as never, onePiece)).toThrow(
      /no option recordID/,
    );
    expect(() => commitOnce({ transactions: store, effect } as never, onePiece)).toThrow(
      /option strategy is missing/,
    );
    for (const nothing of [undefined, null, 'options', {}]) {
      expect(() => commitOnce(nothing as never, onePiece)).toThrow(/^commitOnce: the options? .*missing/);
    }
    for (const part of ['transactions', 'strategy', 'effect']) {
      for (const wrong of [null, 'Ledger', ledger]) {
        expect(() => commitOnce({ ...options, [part]: wrong } as never, onePiece)).toThrow(
          expect.objectContaining({
            code: 'strategy-unusable',
            message: expect.stringContaining(`commitOnce: the option ${part} must be what a factory returns`),
          }),
        );
      }
    }
    expect(() => middy().use((commitOnce as (only: object) => never)(options))).toThrow(
      /goes around the handler/,
    );
  });

  it.each<[string, unknown[]]>([
    ['no context', []],
    ['null', [null]],
    ['a context that does not tell the time', [{ awsRequestId: 'test' }]],
  ])('refuses to be called with %s, before the fold runs, and says what a test gives', async (_, more) => {
    let runs = 0;
    const transactions = createMemoryTransactions({ now: () => 0 });
    const handler = commitOnce(
      { transactions, strategy: strategy(), effect },
      (batch: KinesisStreamEvent) => {
        runs += 1;
        return onePiece(batch);
      },
    );
    const call = (handler as (...all: unknown[]) => Promise<unknown>)(event(1), ...more);
    await expect(call).rejects.toMatchObject({
      code: 'strategy-unusable',
      message: expect.stringContaining('getRemainingTimeInMillis: () => 3_000'),
    });
    expect(runs).toBe(0);
  });

  it('refuses a Node.js that would fail at the first redelivery', () => {
    const transactions = createMemoryTransactions({ now: () => 0 });
    const { groupBy } = Object;
    Reflect.deleteProperty(Object, 'groupBy');
    try {
      expect(() => commitOnce({ transactions, strategy: strategy(), effect }, onePiece)).toThrow(
        /^commitOnce: .* would fail at the first redelivery: take Node\.js 22\.12 or later$/,
      );
    } finally {
      Object.defineProperty(Object, 'groupBy', { value: groupBy, configurable: true, writable: true });
    }
  });

  it('refuses records without an id or a source, of several shards or sources, and of other services', async () => {
    const transactions = createMemoryTransactions({ now: () => 0 });
    const handler = commitOnce({ transactions, strategy: strategy(), effect }, onePiece);
    const nameless = event(1);
    delete (nameless.Records[0] as Partial<KinesisStreamRecord>).eventID;
    await expect(handler(nameless, context)).rejects.toThrow('Records[0]: the record has no id');
    const mixed = event(1, 2);
    (mixed.Records[1] as KinesisStreamRecord).eventID = 'shardId-000000000001:2';
    await expect(handler(mixed, context)).rejects.toThrow('Records[1]');
    const homeless = event(1);
    delete (homeless.Records[0] as Partial<KinesisStreamRecord>).eventSourceARN;
    await expect(handler(homeless, context)).rejects.toThrow(/Records\[0\]: .*eventSourceARN.*option source/);
    const several = event(1, 2);
    (several.Records[1] as KinesisStreamRecord).eventSourceARN = `${arn}-2`;
    await expect(handler(several, context)).rejects.toThrow(/Records\[1\]: .*one source/);
    const unknown = { Records: [{ body: '{}' }] };
    await expect(handler(unknown as never, context)).rejects.toThrow(/Records\[0\]: not a record of Kinesis/);
  });
});

describe('commitOnce and other middleware', () => {
  const committed = (fold: (received: KinesisStreamEvent, context: Context) => never) => {
    const store = createMemoryTransactions({ now: () => 0 });
    const handler = commitOnce({ transactions: store, strategy: strategy(), effect }, fold);
    return { store, answer: handler(event(1), context) };
  };
  const chain = () => middy<KinesisStreamEvent>();

  it.each<[string, unknown]>([
    [
      'an early answer',
      chain()
        .before(() => ({ batchItemFailures: [] }))
        .handler(onePiece as never),
    ],
    [
      'a value returned from after',
      chain()
        .after(({ response }) => response.length)
        .handler(onePiece as never),
    ],
    [
      'an answer put in place of the list',
      chain()
        .after((request) => {
          request.response = { statusCode: 200 };
        })
        .handler(onePiece as never),
    ],
    [
      'an onError that answers',
      chain()
        .onError(() => ({ statusCode: 500 }))
        .handler(async () => {
          throw new Error('bug');
        }),
    ],
  ])('fails the invocation where %s takes the place of the contributions', async (_, fold) => {
    const { store, answer } = committed(fold as never);
    await expect(answer).rejects.toThrow(/nothing may answer in its place/);
    expect(store.items('Stock')).toEqual([]);
  });

  it('commits behind middleware that does its work and answers nothing', async () => {
    const log: number[] = [];
    const fold = chain()
      .after(({ response }) => {
        log.push(response.length);
      })
      .handler(onePiece as never);
    const { store, answer } = committed(fold as never);
    expect(await answer).toEqual({ batchItemFailures: [] });
    expect([log, piecesIn(store)]).toEqual([[1], { N: '1' }]);
  });

  it('refuses to run inside Middy, whose other middleware could skip it', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const inner = commitOnce({ transactions: store, strategy: strategy(), effect }, onePiece);
    await expect(middy(inner as never)(event(1), context)).rejects.toThrow(/put it around/);
    expect(store.items('Stock')).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['the callback of older runtimes', () => {}],
  ])('takes %s behind the context, as Lambda gives it', async (_, more) => {
    const store = createMemoryTransactions({ now: () => 0 });
    const handler = commitOnce({ transactions: store, strategy: strategy(), effect }, onePiece);
    const call = (handler as (...all: unknown[]) => Promise<unknown>)(event(1), context, more);
    // Without a window no state is answered, not even one that is undefined.
    expect(await call).toStrictEqual({ batchItemFailures: [] });
  });

  it('refuses what another copy of this package made, of this release or another', () => {
    const { handlers } = Reflect.get(globalThis, Symbol.for('@oncefold/middleware/commit-once'));
    const ofOtherCopy = async () => [];
    handlers.add(ofOtherCopy);
    const options = {
      transactions: createMemoryTransactions({ now: () => 0 }),
      strategy: strategy(),
      effect,
    };
    expect(() => commitOnce(options, ofOtherCopy)).toThrow(/another commitOnce/);
  });

  it('refuses another commitOnce: at start where it is given one, before any commit where one is hidden', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const options = { transactions: store, strategy: strategy(), effect };
    const inner = commitOnce(options, onePiece);
    expect(() => commitOnce(options, inner as never)).toThrow(/another commitOnce/);
    const hidden = commitOnce(options, (async (...all: Parameters<typeof inner>) => inner(...all)) as never);
    await expect(hidden(event(1) as never, context)).rejects.toThrow(/inside another commitOnce/);
    expect(store.items('Stock')).toEqual([]);
  });
});
