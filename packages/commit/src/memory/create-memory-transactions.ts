import { addDecimals, formatDecimal, parseSum } from '@oncefold/reducer';
import { TransactionRefusedError } from '../errors.ts';
import {
  ACTIONS_MAX,
  type Action,
  type AttributeValue,
  type FailedCondition,
  type Item,
  itemName,
  type TransactionPort,
} from '../transaction-port.ts';

/**
 * How long a token names its first request, after that has completed: 10 minutes.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const TOKEN_WINDOW_MS = 10 * 60 * 1000;

/** A store in memory, with a look inside. */
export interface MemoryTransactions extends TransactionPort {
  /** The item as it stands, its key included. */
  get(table: string, key: Item): Item | undefined;
  /** All items of a table, in the order of their first write. */
  items(table: string): readonly Item[];
}

/**
 * The transaction port over a map in memory, with the rules that DynamoDB documents for tokens, conditions and sums.
 *
 * For tests, and for a simulator that brings its own clock.
 *
 * @param options.now - milliseconds since the epoch; decides when a token's window has passed.
 */
export function createMemoryTransactions(options: { now: () => number }): MemoryTransactions {
  const tables = new Map<string, Map<string, Item>>();
  const tokens = new Map<string, { readonly request: string; readonly completedAt: number }>();
  const tableOf = (name: string): Map<string, Item> => {
    const table = tables.get(name) ?? new Map<string, Item>();
    tables.set(name, table);
    return table;
  };
  const standingAt = (target: { table: string; key: Item }): Item | undefined =>
    tables.get(target.table)?.get(itemName(target));

  return {
    transact: async ({ actions, token }) => {
      assertWellFormed(actions, token);
      const request = JSON.stringify(actions, (_, value) =>
        value instanceof Uint8Array ? [...value] : value,
      );
      const used = token === undefined ? undefined : tokens.get(token);
      if (used !== undefined && options.now() - used.completedAt < TOKEN_WINDOW_MS) {
        if (used.request !== request) return { code: 'token-mismatch' };
        return { code: 'committed', replayed: true, units: { read: 2 * actions.length, write: 0 } };
      }
      const failures = actions.flatMap((action) => failureOf(action, standingAt(action)));
      if (failures.length > 0) return { code: 'condition-failed', failures };
      // All items are made before the first is set, so that a sum that cannot be made leaves everything as it was.
      const written = actions.map((action) => ({ action, item: applied(action, standingAt(action)) }));
      for (const { action, item } of written) tableOf(action.table).set(itemName(action), item);
      if (token !== undefined) tokens.set(token, { request, completedAt: options.now() });
      return { code: 'committed', replayed: false, units: { read: 0, write: 2 * actions.length } };
    },
    read: async (target) => {
      const item = standingAt(target);
      return item === undefined ? { code: 'absent' } : { code: 'found', item };
    },
    get: (table, key) => standingAt({ table, key }),
    items: (table) => [...(tables.get(table)?.values() ?? [])],
  };
}

function assertWellFormed(actions: readonly Action[], token: string | undefined): void {
  if (actions.length < 1 || actions.length > ACTIONS_MAX) {
    throw new TransactionRefusedError(`a transaction has 1 to ${ACTIONS_MAX} actions, not ${actions.length}`);
  }
  if (token !== undefined && (token.length < 1 || token.length > 36)) {
    throw new TransactionRefusedError(`a token has 1 to 36 characters, not ${token.length}`);
  }
  if (new Set(actions.map(itemName)).size !== actions.length) {
    throw new TransactionRefusedError('two actions of one transaction are on one item');
  }
}

function failureOf(action: Action, standing: Item | undefined): FailedCondition[] {
  switch (action.type) {
    case 'increment':
    case 'put':
      return [];
    case 'put-if-absent':
      return standing === undefined ? [] : [{ action, standing: undefined }];
    case 'compare-and-set': {
      const holds =
        action.previous === undefined
          ? standing === undefined
          : standing !== undefined && textOf(standing[action.attribute]) === action.previous;
      return holds ? [] : [{ action, standing }];
    }
  }
}

function applied(action: Action, standing: Item | undefined): Item {
  switch (action.type) {
    case 'increment': {
      const before = textOf(standing?.[action.attribute]) ?? '0';
      const sum = formatDecimal(addDecimals(parseSum(before), parseSum(action.by)));
      return { ...action.key, ...standing, [action.attribute]: { N: sum } };
    }
    case 'put':
    case 'put-if-absent':
      return { ...action.attributes, ...action.key };
    case 'compare-and-set':
      return { ...action.key, ...standing, [action.attribute]: { S: action.next } };
  }
}

function textOf(value: AttributeValue | undefined): string | undefined {
  if (value === undefined || 'B' in value) return undefined;
  return 'S' in value ? value.S : value.N;
}
