import { type AttributeValue, GetItemCommand, TransactGetItemsCommand } from '@aws-sdk/client-dynamodb';
import { addDecimals, type Decimal, DecimalError, negate, parseSum, zero } from '@oncefold/reducer';
import {
  hasRecountKey,
  isRecountKey,
  isWithin,
  MESSAGE_COUNT,
  nodeOfRecountKey,
  type Recount,
  type RecountCounter,
  recountCounterKey,
  recountKey,
} from '@oncefold/trades';
import { scanTable, type TableAccess } from '../tables/scan-table.ts';
import { sendAgain } from '../tables/send-again.ts';
import { RecountRefusedError } from './errors.ts';
import type { RecountTables } from './recount-options.ts';

/** DynamoDB's own limit of items in a transaction is 100: a pair for each node. */
const PAIRS_MAX = 50;

/** The sum of a node in the aggregates, and what it should be. */
export interface RecountedNode {
  readonly key: string;
  readonly expected: Decimal;
  readonly actual: Decimal;
  /** Actual minus expected. */
  readonly difference: Decimal;
}

/** What a recount has found. */
export interface Measurement {
  /** In the order of their text. */
  readonly nodes: readonly RecountedNode[];
  /** Rows at the path that no trade and no node explains: another program's, as far as can be told. They are not compared. */
  readonly foreign: readonly string[];
}

/**
 * Compares the aggregates with a recount that every trade has entered, while the pipeline goes on.
 *
 * Both sums of a node grow in one transaction and are read in one, so that their difference is exact.
 */
export async function measure(
  access: TableAccess,
  tables: RecountTables,
  recount: Recount,
): Promise<Measurement> {
  const counted = new Set(
    await keysOf(access, tables.recount, (key) => nodeOfRecountKey(recount.number, key)),
  );
  const known = await keysOf(access, tables.aggregate, (key) =>
    key !== MESSAGE_COUNT && !isRecountKey(key) ? key : undefined,
  );
  // Whether a row is in a tree, those around the path tell.
  const isForeign = foreignTest(counted, known);
  const compared = known.filter((key) => isWithin(recount.path, key));
  const keys = [...new Set([...counted, ...compared])].sort();
  const nodes: RecountedNode[] = [];
  const foreign: string[] = [];
  for (let start = 0; start < keys.length; start += PAIRS_MAX) {
    const some = keys.slice(start, start + PAIRS_MAX);
    for (const pair of await readPairs(access, tables, { recount, keys: some, isForeign })) {
      if (typeof pair === 'string' || (pair.difference !== 0n && isForeign(pair.key))) {
        foreign.push(typeof pair === 'string' ? pair : pair.key);
      } else {
        nodes.push(pair);
      }
    }
  }
  return { nodes, foreign };
}

/** Reads a counter of a recount; what nobody has counted yet is 0. */
export async function readCounter(
  access: TableAccess,
  table: string,
  options: { readonly recount: number; readonly counter: RecountCounter },
): Promise<number> {
  const key = recountCounterKey(options.recount, options.counter);
  const command = new GetItemCommand({
    TableName: table,
    Key: { Identifier: { S: key } },
    ConsistentRead: true,
  });
  const { Item } = await sendAgain(`read ${table}`, () => access.client.send(command), access);
  return Number(Item?.['Value']?.N ?? '0');
}

/**
 * Tells rows that are nobody's: no trade has their root, and they are not in a tree of rows either.
 *
 * @param counted - nodes that trades add up to
 * @param known - keys of the whole table of aggregates
 */
export function foreignTest(
  counted: ReadonlySet<string>,
  known: readonly string[],
): (key: string) => boolean {
  const roots = new Set([...counted].map(rootOf));
  const parents = new Set(known.flatMap((key) => parentOf(key) ?? []));
  const rows = new Set(known);
  return (key) => {
    const parent = parentOf(key);
    const isInTree = parents.has(key) || (parent !== undefined && rows.has(parent));
    return !roots.has(rootOf(key)) && !isInTree;
  };
}

function rootOf(key: string): string {
  return key.split(':', 1)[0] ?? '';
}

function parentOf(key: string): string | undefined {
  const end = key.lastIndexOf(':');
  return end > 0 ? key.slice(0, end) : undefined;
}

async function keysOf(
  access: TableAccess,
  table: string,
  nodeOf: (key: string) => string | undefined,
): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of scanTable(access, { table, attributes: ['Identifier'] })) {
    keys.push(...page.flatMap((item) => nodeOf(item['Identifier']?.S ?? '') ?? []));
  }
  return keys;
}

/** Reads the two sums of each node; only the key of a row that is another program's and has no sum. */
async function readPairs(
  access: TableAccess,
  tables: RecountTables,
  options: {
    readonly recount: Recount;
    readonly keys: readonly string[];
    readonly isForeign: (key: string) => boolean;
  },
): Promise<readonly (RecountedNode | string)[]> {
  const { recount, keys, isForeign } = options;
  const get = (TableName: string, key: string) => ({ Get: { TableName, Key: { Identifier: { S: key } } } });
  const ofNodes = keys.map((key) => get(tables.aggregate, key));
  // Where a node has no key in a recount, nothing adds up to it: otherwise the recount is refused for its counter.
  const counted = keys.filter((key) => hasRecountKey(recount.number, key));
  const ofRecount = counted.map((key) => get(tables.recount, recountKey(recount.number, key)));
  const command = new TransactGetItemsCommand({ TransactItems: [...ofNodes, ...ofRecount] });
  const responses = await sendAgain(
    `read ${tables.aggregate}`,
    async () => {
      const { Responses } = await access.client.send(command);
      return Responses?.length === keys.length + counted.length ? Responses : undefined;
    },
    access,
  );
  const expectedItems = new Map(counted.map((key, index) => [key, responses[keys.length + index]?.Item]));
  return keys.map((key, index) => {
    const item = responses[index]?.Item;
    if (item !== undefined && item['Value']?.N === undefined && isForeign(key)) {
      return key;
    }
    const actual = sumOf(item, { table: tables.aggregate, key });
    const expected = sumOf(expectedItems.get(key), { table: tables.recount, key });
    return { key, expected, actual, difference: addDecimals(actual, negate(expected)) };
  });
}

function sumOf(
  item: Readonly<Record<string, AttributeValue>> | undefined,
  { table, key }: { readonly table: string; readonly key: string },
): Decimal {
  if (item === undefined) {
    return zero;
  }
  const text = item['Value']?.N;
  if (text === undefined) {
    throw new RecountRefusedError(
      `${table} holds an item that cannot be read, ${JSON.stringify(key)}: Value is not a number; put it right, then run the command again`,
    );
  }
  try {
    return parseSum(text);
  } catch (error) {
    if (!(error instanceof DecimalError)) {
      throw error;
    }
    throw new RecountRefusedError(
      `${table} holds a sum that no pipeline writes, ${JSON.stringify(key)}: Value has too many digits; put it right, then run the command again`,
      { cause: error },
    );
  }
}
