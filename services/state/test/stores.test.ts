/** Goal: the stores in memory and on the real engines keep the same promises. Method: one suite, run on each. */
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { formatPosition } from '@oncefold/commit';
import { createLocalDynamoDb, type Engine, freshCredentials, startDynamoDb } from '@oncefold/engines';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { type QuarantineItem, quarantineItems } from '@oncefold/middleware/quarantine';
import { commandRequest, createStore } from '@oncefold/simulator';
import { tradeToItem } from '@oncefold/trades';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountingStore } from '../src/accounting-store.ts';
import { createDynamoDbAccountingStore } from '../src/dynamodb/accounting-store.ts';
import { createDynamoDbQuarantineStore } from '../src/dynamodb/quarantine-store.ts';
import { createDynamoDbStateStore } from '../src/dynamodb/state-store.ts';
import type { QuarantineStore } from '../src/quarantine-store.ts';
import type { StateStore, VersionWrite } from '../src/state-store.ts';
import { formatHistoryEntry, HISTORY_MAX, historySlot, type VersionHistory } from '../src/version-history.ts';
import { createMemoryAccountingStore } from './support/memory-accounting-store.ts';
import { createMemoryQuarantineStore } from './support/memory-quarantine-store.ts';
import { createMemoryStateStore } from './support/memory-state-store.ts';
import {
  hierarchy,
  identityOf,
  type MessageFields,
  recordKeyOf,
  referenceOf,
  tradeOf,
  writeOf,
} from './support/stream.ts';
import { createTables, tableDefinitions } from './support/tables.ts';

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
  ['on the simulated store', () => createDynamoDbStores(createSimulatedClient)],
])('stores %s', (_name, create) => {
  let stores: Stores;
  beforeAll(() => {
    stores = create();
  });
  const write = (mode: VersionWrite['mode'], fields: MessageFields, sequence = 1) =>
    stores.state.write([writeOf(mode, fields, sequence)], never).then(([result]) => result);

  describe('state', () => {
    it('inserts where there is no item, and only there', async () => {
      expect(await write('insert', { id: 'insert' })).toEqual({ code: 'written' });
      expect(await write('insert', { id: 'insert', version: 9 })).toEqual({ code: 'exists' });
    });

    it('updates where the version is lower, and else says what the table holds', async () => {
      const fields = { id: "O'Hara", desk: '__proto__', value: '-0.000000000001' };
      await write('insert', { ...fields, version: 0 }, 1);
      expect(await write('update', { ...fields, version: 2 }, 2)).toEqual({ code: 'written' });
      for (const version of [0, 1, 2]) {
        expect(await write('update', { ...fields, version, value: '5' }, 3)).toEqual({
          code: 'kept',
          existing: {
            version: 2,
            recordId: 'record-2',
            trade: tradeOf({ ...fields, version: 2 }),
            history: historyOf([{ ...fields, version: 0 }, 1], [{ ...fields, version: 2 }, 2]),
          },
        });
      }
    });

    it('keeps the history of the last eight versions, each in the slot of the version eight before it', async () => {
      const fields = (version: number) => ({ id: 'history', version, value: String(version) });
      await write('insert', fields(0), 0);
      for (let version = 1; version <= 9; version++) {
        expect(await write('update', fields(version), version)).toEqual({ code: 'written' });
      }
      const writes = Array.from({ length: 10 }, (_none, version): [MessageFields, number] => [
        fields(version),
        version,
      ]);
      expect(await write('update', fields(0))).toMatchObject({
        code: 'kept',
        existing: { version: 9, history: historyOf(...writes) },
      });
    });

    it('finds the records that wrote trades', async () => {
      await write('insert', { id: 'found', version: 0 }, 1);
      await write('update', { id: 'found', version: 3 }, 2);
      await write('insert', { id: "O'Found", version: 9 }, 3);
      const ids = [
        'found',
        'nowhere',
        "O'Found",
        ...Array.from({ length: 97 }, (_none, index) => `no-${index}`),
      ];
      expect(await stores.state.find(ids, never)).toEqual([
        {
          code: 'found',
          writers: {
            recordId: 'record-2',
            history: historyOf([{ id: 'found', version: 0 }, 1], [{ id: 'found', version: 3 }, 2]),
          },
        },
        { code: 'absent' },
        {
          code: 'found',
          writers: { recordId: 'record-3', history: historyOf([{ id: "O'Found", version: 9 }, 3]) },
        },
        ...Array(97).fill({ code: 'absent' }),
      ]);
      expect(await stores.state.find(['found'], aborted)).toEqual([
        { code: 'unavailable', reason: 'AbortError' },
      ]);
      await expect(stores.state.find([], never)).rejects.toThrow();
    });

    it('never creates an item by an update', async () => {
      expect(await write('update', { id: 'gone', version: 1 })).toEqual({ code: 'absent' });
      expect(await write('insert', { id: 'gone', version: 0 })).toEqual({ code: 'written' });
      await stores.removeTrade('gone');
      expect(await write('update', { id: 'gone', version: 1 })).toEqual({ code: 'absent' });
    });

    it('decides each write of a request alone', async () => {
      await write('insert', { id: 'mixed-1', version: 1 });
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
        trades.map(([mode, fields]) => writeOf(mode, fields)),
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
        expect(await write('update', fields)).toMatchObject({ existing: { trade: tradeOf(fields) } });
      }
    });

    it('refuses two writes of one trade in a request, and more writes than it takes', async () => {
      const same = writeOf('insert', { id: 'twice' });
      await expect(stores.state.write([same, same], never)).rejects.toThrow();
      const many = Array.from({ length: stores.state.writesMax + 1 }, (_none, index) => ({
        ...same,
        trade: tradeOf({ id: `many-${index}` }),
      }));
      await expect(stores.state.write(many, never)).rejects.toThrow();
    });

    it('says unavailable when the request is aborted', async () => {
      const results = await stores.state.write([writeOf('insert', { id: 'aborted' })], aborted);
      expect(results).toEqual([{ code: 'unavailable', reason: 'AbortError' }]);
    });
  });

  describe('quarantine', () => {
    const itemsFor = (id: string, payload: Uint8Array, reason = 'broken-json') =>
      quarantineItems({ identity: identityOf(id), reason, detail: 'Value', payload });
    const large = Uint8Array.from({ length: 350_001 }, (_none, index) => index % 251);

    it('keeps items under their keys, and an item that is put twice once', async () => {
      const items = [...itemsFor('s:1', large), ...itemsFor('s:10', Uint8Array.of(0, 255))];
      const written = [{ code: 'written' }, { code: 'written' }, { code: 'written' }];
      expect(await stores.quarantine.put(items, never)).toEqual(written);
      expect(await stores.quarantine.put(items, never)).toEqual(written);
      expect(await stores.itemsOf(recordKeyOf('s:1'))).toEqual(items.slice(0, 2));
      expect(await stores.itemsOf(recordKeyOf('s:10'))).toEqual(items.slice(2));
    });

    it('keeps an empty payload', async () => {
      await stores.quarantine.put(itemsFor('empty', new Uint8Array()), never);
      const [item] = await stores.itemsOf(recordKeyOf('empty'));
      expect(item?.attributes.Payload.B).toEqual(new Uint8Array());
    });

    it('finds the records whose part 0 is there, and the reason', async () => {
      const [head] = itemsFor('found', large, 'version-conflict');
      const [, ...parts] = itemsFor('incomplete', large);
      await stores.quarantine.put([head, ...parts], never);
      const many = Array.from({ length: 97 }, (_none, index) => recordKeyOf(`many-${index}`));
      const keys = [recordKeyOf('absent'), recordKeyOf('found'), recordKeyOf('incomplete'), ...many];
      expect(await stores.quarantine.find(keys, never)).toEqual([
        { code: 'absent' },
        { code: 'found', reason: 'version-conflict' },
        ...Array(98).fill({ code: 'absent' }),
      ]);
    });

    it('says unavailable when the request is aborted', async () => {
      const unavailable = [{ code: 'unavailable', reason: 'AbortError' }];
      expect(await stores.quarantine.put(itemsFor('s:2', new Uint8Array()), aborted)).toEqual(unavailable);
      expect(await stores.quarantine.find([recordKeyOf('s:2')], aborted)).toEqual(unavailable);
    });
  });

  describe('accounting', () => {
    const counts = { applied: 1, duplicate: 2, stale: 3, conflict: 4, quarantined: 5 };
    const shard = (id: string) => ({ key: recordKeyOf(id), formerKey: `state#${id}` });
    const at = (index: number) => formatPosition(String(index));

    it('moves forward only, and says where it is', async () => {
      const advance = (first: number, last: number) =>
        stores.accounting.advance({ ...shard('one'), first: at(first), last: at(last), counts }, never);
      expect(await advance(9, 10)).toEqual({ code: 'advanced' });
      expect(await advance(9, 10)).toEqual({ code: 'refused', position: at(10) });
      expect(await advance(10, 12)).toEqual({ code: 'refused', position: at(10) });
      expect(await advance(11, 100)).toEqual({ code: 'advanced' });
      expect(await advance(1, 2)).toEqual({ code: 'refused', position: at(100) });
    });

    it('says unavailable when the request is aborted', async () => {
      const entry = { ...shard('two'), first: at(1), last: at(1), counts };
      expect(await stores.accounting.advance(entry, aborted)).toEqual({
        code: 'unavailable',
        reason: 'AbortError',
      });
    });
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

/** A client whose requests reach the simulated store one after the other, and are answered at once. */
function createSimulatedClient(): DynamoDBClient {
  const store = createStore({ tables: tableDefinitions, now: () => 0 });
  const client = {
    send: async (command: unknown, { abortSignal }: { abortSignal?: AbortSignal } = {}) => {
      abortSignal?.throwIfAborted();
      return commandRequest(store, command).begin().finish();
    },
  };
  return client as unknown as DynamoDBClient;
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
        .map(toQuarantineItem)
        .sort(byPart);
    },
  };
}

function toQuarantineItem({ Source, Part, ...rest }: Record<string, AttributeValue>): QuarantineItem {
  const attributes = { ...rest, Payload: { B: Uint8Array.from(rest['Payload']?.B ?? []) } };
  return { key: { Source, Part }, attributes } as unknown as QuarantineItem;
}

/** The history that these writes leave. */
function historyOf(...writes: readonly (readonly [MessageFields, number])[]): VersionHistory {
  const history: (string | undefined)[] = Array(HISTORY_MAX).fill(undefined);
  for (const [fields, sequence] of writes) {
    const trade = tradeOf(fields);
    history[historySlot(trade.version)] = formatHistoryEntry(tradeToItem(trade), referenceOf(sequence));
  }
  return history;
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
      if (running === undefined) {
        throw new Error('dynoxide is not running.');
      }
      return running.client;
    },
  };
}
