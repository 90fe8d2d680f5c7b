import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { StrategyError } from '@oncefold/commit';
import {
  differenceOf,
  type ItemForm,
  type ItemFormOptions,
  type ItemVersion,
  type WritableVersion,
} from '../item-form.ts';
import type { ConditionalWrite } from '../upsert-in-order.ts';
import { itemFormOf, type VersionedTable } from '../versioned-table.ts';
import {
  assertTableName,
  type ConditionalStatement,
  STATEMENTS_MAX,
  writeConditionally,
} from './write-conditionally.ts';

/** DynamoDB's own limit of characters in a statement. */
const STATEMENT_LENGTH_MAX = 8_192;

/** What a table is and where. */
export interface VersionedTableOptions extends ItemFormOptions {
  /** Its own retries do no harm: a version that is written twice is refused the second time. */
  readonly client: Pick<DynamoDBClient, 'send'>;
  /** Name of the table. */
  readonly table: string;
}

/**
 * Makes a DynamoDB table of versioned items, for `upsertNewest`.
 *
 * Each write is one conditional PartiQL statement, and up to 25 share a request; one that is refused costs write units like one
 * that is not. The function's role needs `dynamodb:PartiQLInsert` and `dynamodb:PartiQLUpdate` on the table, and
 * `dynamodb:BatchGetItem` for items that vanish while they are written.
 *
 * @param options - an unknown one is refused
 * @returns the table; the compiler takes the names and types of its key, its version and its attributes from the options
 * @throws {@link StrategyError} when an option is missing, unknown or unusable
 * @throws `TypeError` when the table's name is not valid
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.multiplestatements.batching.html
 *
 * @example
 * ```ts
 * import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
 * import { versionedTable } from '@oncefold/versioned-upsert/dynamodb';
 *
 * const orders = versionedTable({
 *   client: new DynamoDBClient({ region: 'eu-central-1' }),
 *   table: 'Orders',
 *   key: { OrderId: 'S' },
 *   version: { name: 'UpdatedAt', type: 'S', bytes: 24 },
 *   attributes: ['Region', 'Revenue'],
 *   tombstone: { attribute: 'Cancelled', expiry: { attribute: 'ExpiresAt', afterSeconds: 30 * 86_400 } },
 * });
 * orders.writesMax; // => 25
 * ```
 */
export function versionedTable<const Options extends VersionedTableOptions>(
  options: Options,
): VersionedTable<ItemVersion<Options>> {
  const form = itemFormOf('versionedTable', options, ['client', 'table']);
  const { client, table } = options;
  assertTableName(table);
  assertStatementLength(table, form);
  return {
    form,
    writesMax: STATEMENTS_MAX,
    write: (writes, signal) =>
      writeConditionally(
        client,
        writes.map((write) => statementOf(table, form, write)),
        {
          table,
          readExisting: (item) => form.readItem(item),
          isLower: ({ order }, index) =>
            differenceOf(order, (writes[index] as ConditionalWrite<WritableVersion>).version.order) < 0,
          signal,
        },
      ),
  };
}

function statementOf(
  table: string,
  form: ItemForm,
  { mode, version }: ConditionalWrite<WritableVersion>,
): ConditionalStatement {
  const { key, set, remove } = version;
  const values = { [form.versionName]: version.version, ...set };
  if (mode === 'insert') {
    const item = { ...key, ...values };
    const members = Object.keys(item).map((name) => `'${name}':?`);
    const statement = `INSERT INTO "${table}" VALUE {${members.join(',')}}`;
    return { mode, key, statement, parameters: Object.values(item) };
  }
  const assignments = Object.keys(values).map((name) => `"${name}"=?`);
  const removals = remove.map((name) => ` REMOVE "${name}"`).join('');
  const conditions = form.keyNames.map((name) => `"${name}"=? AND `).join('');
  return {
    mode,
    key,
    statement: `UPDATE "${table}" SET ${assignments.join(', ')}${removals} WHERE ${conditions}"${form.versionName}"<?`,
    parameters: [...Object.values(values), ...Object.values(key), version.version],
  };
}

/** Names could make a statement too long only for some versions, so the longest is measured. */
function assertStatementLength(table: string, form: ItemForm): void {
  const any = { S: '' };
  const { keyNames, otherNames } = form;
  const itemOf = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, any]));
  const version = { order: 0n, content: '', keyText: '', key: itemOf(keyNames), version: any };
  for (const write of [
    { mode: 'insert', version: { ...version, set: itemOf(otherNames), remove: [] } },
    { mode: 'update', version: { ...version, set: {}, remove: otherNames } },
    { mode: 'update', version: { ...version, set: itemOf(otherNames), remove: [] } },
  ] as const) {
    const { length } = statementOf(table, form, write).statement;
    if (length > STATEMENT_LENGTH_MAX) {
      throw new StrategyError(
        `versionedTable: a statement with all names has ${length} characters, ${STATEMENT_LENGTH_MAX} are the limit: put attributes into a map`,
      );
    }
  }
}
