/** Goal: the stores in memory and on the real engines keep the same promises. Method: one suite, run on each. */
import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { createLocalDynamoDb, type Engine, freshCredentials, startDynamoDb } from '@oncefold/engines';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { type QuarantineItem, quarantineItems } from '@oncefold/quarantine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountingStore } from '../src/accounting-store.ts';
import { createDynamoDbAccountingStore } from '../src/dynamodb/accounting-store.ts';
import { createDynamoDbQuarantineStore } from '../src/dynamodb/quarantine-store.ts';
import { createDynamoDbStateStore } from '../src/dynamodb/state-store.ts';
import { createMemoryAccountingStore } from '../src/memory/accounting-store.ts';
import { createMemoryQuarantineStore } from '../src/memory/quarantine-store.ts';
import { createMemoryStateStore } from '../src/memory/state-store.ts';
import type { QuarantineStore } from '../src/quarantine-store.ts';
import type { StateStore, VersionWrite } from '../src/state-store.ts';
import { hierarchy, type MessageFields, tradeOf } from './support/stream.ts';
import { createTables } from './support/tables.ts';

interface Stores {
  readonly state: StateStore;
  readonly quarantine: QuarantineStore;
  readonly accounting: AccountingStore;
  /** Removes a trade as TTL would. */
  removeTrade(id: string): Promise<void>;
  /** All items of a source in their order. */
  itemsOf(source: string): Promise<QuarantineItem[]>;
}

const never = new AbortController().signal;
const aborted = AbortSignal.abort();
const { client } = useDynamoDb();
const dynoxide = useDynoxide();
beforeAll(() => createTables(client));

describe.each([
  ['in memory', createMemoryStores],
  ['on DynamoDB Local', () => createDynamoDbStores(() => client)],
  ['on dynoxide', () => createDynamoDbStores(() => dynoxide.client)],
])('stores %s', (_name, create) => {
  let stores: Stores;
  beforeAll(() => {
    stores = create();
  });
  const write = (mode: VersionWrite['mode'], fields: MessageFields, recordId = 'r') =>
    stores.state.write([{ mode, trade: tradeOf(fields), recordId }], never).then(([result]) => result);

  describe('state', () => {
    it('inserts where no item stands, and only there', async () => {
      expect(await write('insert', { id: 'insert' })).toEqual({ code: 'written' });
      expect(await write('insert', { id: 'insert', version: 9 })).toEqual({ code: 'exists' });
    });

    it('updates where a lower version stands, and else says what stands', async () => {
      const fields = { id: "O'Hara", desk: '__proto__', value: '-0.000000000001' };
      await write('insert', { ...fields, version: 0 }, 'first');
      expect(await write('update', { ...fields, version: 2 }, 'second')).toEqual({ code: 'written' });
      for (const version of [0, 1, 2]) {
        expect(await write('update', { ...fields, version, value: '5' }, 'third')).toEqual({
          code: 'kept',
          stored: { version: 2, recordId: 'second', trade: tradeOf({ ...fields, version: 2 }) },
        });
      }
    });

    it('never creates an item by an update', async () => {
      expect(await write('update', { id: 'gone', version: 1 })).toEqual({ code: 'absent' });
      expect(await write('insert', { id: 'gone', version: 0 })).toEqual({ code: 'written' });
      await stores.removeTrade('gone');
      expect(await write('update', { id: 'gone', version: 1 })).toEqual({ code: 'absent' });
    });

    it('decides each write of a request alone', async () => {
      await write('insert', { id: 'mixed-1', version: 1 }, 'first');
      const trades: [VersionWrite['mode'], MessageFields][] = [
        ['insert', { id: 'mixed-0' }],
        ['insert', { id: 'mixed-1' }],
        ['update', { id: 'mixed-2' }],
        ...Array.from({ length: 22 }, (_none, index): ['insert', MessageFields] => [
          'insert',
          { id: `many-${index}` },
        ]),
      ];
      const results = await stores.state.write(
        trades.map(([mode, fields]) => ({ mode, trade: tradeOf(fields), recordId: 'r' })),
        never,
      );
      expect(results.map(({ code }) => code)).toEqual([
        'written',
        'exists',
        'absent',
        ...Array(22).fill('written'),
      ]);
    });

    it('keeps the largest and the smallest numbers exactly', async () => {
      for (const [index, value] of ['999999999999999999.999999999999', '-0.000000000001', '0'].entries()) {
        const fields = { id: `exact-${index}`, value, version: Number.MAX_SAFE_INTEGER };
        await write('insert', fields);
        expect(await write('update', fields)).toMatchObject({ stored: { trade: tradeOf(fields) } });
      }
    });

    it('refuses two writes of one trade in a request, and more writes than it takes', async () => {
      const same = { mode: 'insert', trade: tradeOf({ id: 'twice' }), recordId: 'r' } as const;
      await expect(stores.state.write([same, same], never)).rejects.toThrow();
      const many = Array.from({ length: stores.state.writesMax + 1 }, (_none, index) => ({
        ...same,
        trade: tradeOf({ id: `many-${index}` }),
      }));
      await expect(stores.state.write(many, never)).rejects.toThrow();
    });

    it('says unavailable when the request is aborted', async () => {
      const results = await stores.state.write(
        [{ mode: 'insert', trade: tradeOf({ id: 'aborted' }), recordId: 'r' }],
        aborted,
      );
      expect(results).toEqual([{ code: 'unavailable', reason: 'AbortError' }]);
    });
  });

  describe('quarantine', () => {
    const itemsFor = (source: string, payload: Uint8Array) =>
      quarantineItems({ source, consumer: 'state', reason: 'broken-json', detail: 'Value', payload });
    const large = Uint8Array.from({ length: 350_001 }, (_none, index) => index % 251);

    it('keeps items under their keys, and an item that is put twice once', async () => {
      const items = [...itemsFor('s:1', large), ...itemsFor('s:10', Uint8Array.of(0, 255))];
      const written = [{ code: 'written' }, { code: 'written' }, { code: 'written' }];
      expect(await stores.quarantine.put(items, never)).toEqual(written);
      expect(await stores.quarantine.put(items, never)).toEqual(written);
      expect(await stores.itemsOf('s:1')).toEqual(items.slice(0, 2));
      expect(await stores.itemsOf('s:10')).toEqual(items.slice(2));
    });

    it('keeps an empty payload', async () => {
      await stores.quarantine.put(itemsFor('empty', new Uint8Array()), never);
      expect((await stores.itemsOf('empty'))[0]?.attributes.Payload.B).toEqual(new Uint8Array());
    });

    it('says unavailable when the request is aborted', async () => {
      expect(await stores.quarantine.put(itemsFor('s:2', new Uint8Array()), aborted)).toEqual([
        { code: 'unavailable', reason: 'AbortError' },
      ]);
    });
  });

  describe('accounting', () => {
    const counts = { applied: 1, duplicate: 2, stale: 3, conflict: 4, quarantined: 5 };
    const at = (index: number) => String(index).padStart(129, '0');

    it('moves forward only, and says where it stands', async () => {
      const advance = (first: number, last: number) =>
        stores.accounting.advance({ shard: 'state#one', first: at(first), last: at(last), counts }, never);
      expect(await advance(9, 10)).toEqual({ code: 'advanced' });
      expect(await advance(9, 10)).toEqual({ code: 'refused', position: at(10) });
      expect(await advance(10, 12)).toEqual({ code: 'refused', position: at(10) });
      expect(await advance(11, 100)).toEqual({ code: 'advanced' });
      expect(await advance(1, 2)).toEqual({ code: 'refused', position: at(100) });
    });

    it('says unavailable when the request is aborted', async () => {
      const entry = { shard: 'state#two', first: at(1), last: at(1), counts };
      expect(await stores.accounting.advance(entry, aborted)).toEqual({
        code: 'unavailable',
        reason: 'AbortError',
      });
    });
  });
});

describe('stores on DynamoDB Local only', () => {
  it('store a trade as the data contract has it', async () => {
    const state = createDynamoDbStateStore(client, { table: 'StateTable', hierarchy });
    await state.write(
      [{ mode: 'insert', trade: tradeOf({ id: 'contract' }), recordId: 'shardId-0:1' }],
      never,
    );
    const { Item } = await client.send(
      new GetItemCommand({ TableName: 'StateTable', Key: { id: { S: 'contract' } } }),
    );
    expect(Item).toEqual({
      id: { S: 'contract' },
      Version: { N: '0' },
      Value: { N: '61502.37' },
      Hierarchy: { S: '{"Region":"EMEA","RiskType":"PV","TradeDesk":"FXSpot"}' },
      Timestamp: { N: '1763884800.123456' },
      RecordId: { S: 'shardId-0:1' },
    });
  });

  it('read what another program has stored, spaces in JSON included', async () => {
    const state = createDynamoDbStateStore(client, { table: 'StateTable', hierarchy });
    await client.send(
      new PutItemCommand({
        TableName: 'StateTable',
        Item: {
          id: { S: 'foreign' },
          Version: { N: '1.0' },
          Value: { N: '615.0237E2' },
          Hierarchy: { S: '{"Region": "EMEA", "RiskType": "PV", "TradeDesk": "FXSpot"}' },
          Timestamp: { N: '1763884800.123456' },
        },
      }),
    );
    const update = { mode: 'update', trade: tradeOf({ id: 'foreign', version: 1 }), recordId: 'r' } as const;
    expect(await state.write([update], never)).toEqual([
      { code: 'kept', stored: { version: 1, recordId: undefined, trade: update.trade } },
    ]);
  });

  it('say which item cannot be compared with, and which is no trade', async () => {
    const state = createDynamoDbStateStore(client, { table: 'StateTable', hierarchy });
    const update = (id: string) =>
      state.write([{ mode: 'update', trade: tradeOf({ id, version: 1 }), recordId: 'r' }], never);
    await client.send(new PutItemCommand({ TableName: 'StateTable', Item: { id: { S: 'no-version' } } }));
    expect(await update('no-version')).toEqual([{ code: 'unreadable' }]);
    await client.send(
      new PutItemCommand({ TableName: 'StateTable', Item: { id: { S: 'no-trade' }, Version: { N: '1' } } }),
    );
    expect(await update('no-trade')).toEqual([
      { code: 'kept', stored: { version: 1, recordId: undefined, trade: undefined } },
    ]);
  });

  it('add up the counters of each shard', async () => {
    const accounting = createDynamoDbAccountingStore(client, { table: 'AccountingTable' });
    const counts = { applied: 1, duplicate: 2, stale: 3, conflict: 4, quarantined: 5 };
    for (const position of ['01', '02']) {
      await accounting.advance({ shard: 'state#sum', first: position, last: position, counts }, never);
    }
    const { Item } = await client.send(
      new GetItemCommand({ TableName: 'AccountingTable', Key: { Shard: { S: 'state#sum' } } }),
    );
    expect(Item).toEqual({
      Shard: { S: 'state#sum' },
      SequenceNumber: { S: '02' },
      Applied: { N: '2' },
      Duplicate: { N: '4' },
      Stale: { N: '6' },
      Conflict: { N: '8' },
      Quarantined: { N: '10' },
    });
  });

  it('throw when the table is missing', async () => {
    const entry = {
      shard: 's',
      first: '1',
      last: '1',
      counts: { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 },
    };
    await expect(
      createDynamoDbStateStore(client, { table: 'NoTable', hierarchy }).write(
        [{ mode: 'insert', trade: tradeOf({}), recordId: 'r' }],
        never,
      ),
    ).rejects.toMatchObject({ code: 'store-refused' });
    await expect(
      createDynamoDbAccountingStore(client, { table: 'NoTable' }).advance(entry, never),
    ).rejects.toThrow();
  });

  it('refuse a name that would change the statement', () => {
    expect(() => createDynamoDbStateStore(client, { table: 'a" VALUE {}--', hierarchy })).toThrow(TypeError);
  });
});

function createMemoryStores(): Stores {
  const state = createMemoryStateStore();
  const quarantine = createMemoryQuarantineStore();
  return {
    state,
    quarantine,
    accounting: createMemoryAccountingStore(),
    removeTrade: async (id) => void state.items.delete(id),
    itemsOf: async (source) =>
      [...quarantine.items.values()].filter(({ key }) => key.Source.S === source).sort(byPart),
  };
}

function createDynamoDbStores(clientOf: () => DynamoDBClient): Stores {
  const own = clientOf();
  return {
    state: createDynamoDbStateStore(own, { table: 'StateTable', hierarchy }),
    quarantine: createDynamoDbQuarantineStore(own, { table: 'QuarantineTable' }),
    accounting: createDynamoDbAccountingStore(own, { table: 'AccountingTable' }),
    removeTrade: async (id) => {
      await own.send(new DeleteItemCommand({ TableName: 'StateTable', Key: { id: { S: id } } }));
    },
    itemsOf: async (source) => {
      const { Items = [] } = await own.send(new ScanCommand({ TableName: 'QuarantineTable' }));
      return Items.filter((item) => item['Source']?.S === source)
        .map((item): QuarantineItem => {
          const text = (name: string) => item[name]?.S ?? '';
          const number = (name: string) => item[name]?.N ?? '';
          return {
            key: { Source: { S: text('Source') }, Part: { N: number('Part') } },
            attributes: {
              Parts: { N: number('Parts') },
              Consumer: { S: text('Consumer') },
              Reason: { S: text('Reason') },
              Detail: { S: text('Detail') },
              Payload: { B: Uint8Array.from(item['Payload']?.B ?? []) },
            },
          };
        })
        .sort(byPart);
    },
  };
}

function byPart(a: QuarantineItem, b: QuarantineItem): number {
  return Number(a.key.Part.N) - Number(b.key.Part.N);
}

/** The engine for machines without Java, with an empty database. */
function useDynoxide(): { readonly client: DynamoDBClient } {
  let running: { readonly engine: Engine; readonly client: DynamoDBClient } | undefined;
  beforeAll(async () => {
    const engine = await startDynamoDb({ engine: 'dynoxide' });
    running = {
      engine,
      client: createLocalDynamoDb({ endpoint: engine.endpoint, credentials: freshCredentials() }),
    };
    await createTables(running.client);
  });
  afterAll(async () => {
    running?.client.destroy();
    await running?.engine.stop();
  });
  return {
    get client() {
      if (running === undefined) throw new Error('dynoxide is not running.');
      return running.client;
    },
  };
}
