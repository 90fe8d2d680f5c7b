import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Hierarchy } from '@oncefold/reducer';
import { recountAttributes, tradeToItem } from '@oncefold/trades';
import {
  assertTableName,
  type ConditionalStatement,
  READ_KEYS_MAX,
  readItems,
  STATEMENTS_MAX,
  writeConditionally,
} from '@oncefold/versioned-upsert/dynamodb';
import type { FindWritersResult, StateStore, VersionWrite } from '../state-store.ts';
import { formatHistoryEntry, historySlot } from '../version-history.ts';
import { historyAttributes, readExistingItem, writerAttributes, writersOf } from './existing-item.ts';

/**
 * The state table in DynamoDB, by PartiQL in batches: many conditional writes share one request.
 *
 * An insert is refused where there is an item, but does not say which; an update is refused where there is none or its
 * version is not lower, and returns the existing item. Write units are those of single requests. Each write sets the
 * history entry of its version, in the same statement, and leaves those of the versions before it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
 */
export function createDynamoDbStateStore(
  client: Pick<DynamoDBClient, 'send'>,
  { table, hierarchy }: { readonly table: string; readonly hierarchy: Hierarchy },
): StateStore {
  const statements = statementsFor(table);
  return {
    writesMax: STATEMENTS_MAX,
    write: (writes, signal) =>
      writeConditionally(
        client,
        writes.map((write) => statementOf(write, statements)),
        {
          table,
          readExisting: (item) => readExistingItem(item, hierarchy),
          isLower: ({ version }, index) => version < (writes[index]?.trade.version ?? 0),
          signal,
        },
      ),
    keysMax: READ_KEYS_MAX,
    async find(tradeIds, signal) {
      const keys = tradeIds.map((id) => ({ id: { S: id } }));
      const items = await readItems(client, { table, keys, attributes: ['id', ...writerAttributes], signal });
      return items.map(
        (read): FindWritersResult =>
          read.code === 'found' ? { code: 'found', writers: writersOf(read.item) } : read,
      );
    },
  };
}

/** Statements by the slot of the version's history entry. */
interface Statements {
  readonly inserts: readonly string[];
  /** Inserts that enter a recount. */
  readonly recountedInserts: readonly string[];
  readonly updates: readonly string[];
}

function statementsFor(table: string): Statements {
  assertTableName(table);
  const values = ['Version', 'Value', 'Hierarchy', 'Timestamp', 'Dimensions', 'RecordId'];
  const insertsWith = (...more: readonly string[]): readonly string[] =>
    historyAttributes.map((entry) => {
      const members = [...values, entry, 'id', ...more].map((name) => `'${name}':?`);
      return `INSERT INTO "${table}" VALUE {${members.join(',')}}`;
    });
  return {
    inserts: insertsWith(),
    recountedInserts: insertsWith(recountAttributes.number),
    updates: historyAttributes.map((entry) => {
      const assignments = [...values, entry].map((name) => `"${name}"=?`);
      return `UPDATE "${table}" SET ${assignments.join(', ')} WHERE "id"=? AND "Version"<?`;
    }),
  };
}

function statementOf(
  { mode, trade, recordKey, reference, recount }: VersionWrite,
  statements: Statements,
): ConditionalStatement {
  const item = tradeToItem(trade);
  const slot = historySlot(trade.version);
  const isRecounted = mode === 'insert' && recount > 0;
  const texts = isRecounted ? statements.recountedInserts : statements[`${mode}s`];
  const parameters: AttributeValue[] = [
    { N: item.Version },
    { N: item.Value },
    { S: item.Hierarchy },
    { N: item.Timestamp },
    { S: item.Dimensions },
    { S: recordKey },
    { S: formatHistoryEntry(item, reference) },
    { S: item.id },
  ];
  if (isRecounted) {
    parameters.push({ N: String(recount) });
  }
  if (mode === 'update') {
    parameters.push({ N: item.Version });
  }
  return { mode, key: { id: { S: item.id } }, statement: texts[slot] ?? '', parameters };
}
