import { assertSendable } from '../assert-sendable.ts';
import { TransactionRefusedError } from '../errors.ts';
import {
  type Action,
  type FailedCondition,
  type Item,
  type ItemKey,
  itemName,
  type TransactionPort,
} from '../transaction-port.ts';
import { typeOf } from '../value-types.ts';
import { itemAfter, meetsCondition } from './apply-action.ts';

/**
 * How long a token names its first request, after that has completed: 10 minutes.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const TOKEN_WINDOW_MS: number = 10 * 60 * 1000;

/** A store in memory, with a look inside. */
export interface MemoryTransactions extends TransactionPort {
  /** The item, its key included; undefined where there is none. */
  get(table: string, key: Item): Item | undefined;
  /** All items of a table, in the order of their first write. */
  items(table: string): readonly Item[];
  /** Removes an item, as another program or its time to live would. */
  delete(table: string, key: Item): void;
}

/** The names and types of a table's key attributes, and its items by {@link itemName}. */
interface MemoryTable {
  readonly schema: string;
  readonly items: Map<string, Item>;
}

/**
 * The transaction port over a map in memory, with the rules that DynamoDB documents for tokens, conditions, keys and sums.
 *
 * A table is made by its first write, whose key decides the names and types of the key attributes. For tests, and for a
 * simulator that brings its own clock.
 *
 * @param options.now - milliseconds since the epoch; decides when a token's window of 10 minutes has passed
 * @returns the port, and a look at the items
 */
export function createMemoryTransactions(options: { now: () => number }): MemoryTransactions {
  const tables = new Map<string, MemoryTable>();
  const tokens = new Map<string, { readonly sent: string; readonly completedAt: number }>();
  const existingAt = (target: ItemKey): Item | undefined =>
    tables.get(target.table)?.items.get(itemName(target));

  return {
    transact: async (request) => {
      assertSendable(request);
      const { actions, token } = request;
      for (const action of actions) {
        assertKeySchema(action, tables.get(action.table));
      }
      const sent = JSON.stringify(actions, (_, value) => (value instanceof Uint8Array ? [...value] : value));
      const used = token === undefined ? undefined : tokens.get(token);
      if (used !== undefined && options.now() - used.completedAt < TOKEN_WINDOW_MS) {
        if (used.sent !== sent) {
          return { code: 'token-mismatch' };
        }
        return { code: 'committed', replayed: true, units: { read: 2 * actions.length, write: 0 } };
      }
      const failures = actions.flatMap((action) => failureOf(action, existingAt(action)));
      if (failures.length > 0) {
        return { code: 'condition-failed', failures };
      }
      // All items are made before the first is set, so that a sum that cannot be made leaves everything as it was.
      const written = actions.map((action) => ({ action, item: itemAfter(action, existingAt(action)) }));
      for (const { action, item } of written) {
        if (item === undefined) {
          continue;
        }
        const table = tables.get(action.table) ?? { schema: schemaOf(action), items: new Map() };
        tables.set(action.table, table);
        table.items.set(itemName(action), item);
      }
      if (token !== undefined) {
        tokens.set(token, { sent, completedAt: options.now() });
      }
      return { code: 'committed', replayed: false, units: { read: 0, write: 2 * actions.length } };
    },
    get: (table, key) => existingAt({ table, key }),
    items: (table) => [...(tables.get(table)?.items.values() ?? [])],
    delete: (table, key) => {
      tables.get(table)?.items.delete(itemName({ table, key }));
    },
  };
}

function schemaOf({ key }: ItemKey): string {
  return Object.keys(key)
    .sort()
    .map((name) => `${name} (${typeOf(key[name])})`)
    .join(', ');
}

function assertKeySchema(action: Action, table: MemoryTable | undefined): void {
  if (table === undefined || schemaOf(action) === table.schema) {
    return;
  }
  throw new TransactionRefusedError(`the key of ${action.table} is ${table.schema}, not ${schemaOf(action)}`);
}

function failureOf(action: Action, existing: Item | undefined): FailedCondition[] {
  return meetsCondition(action, existing) ? [] : [{ action, existing }];
}
