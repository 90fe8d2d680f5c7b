import { type AttributeValue, BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import type { TableAccess } from './scan-table.ts';
import { sendAgain } from './send-again.ts';

/** DynamoDB's own limit of writes in a request. */
const DELETES_MAX = 25;

type Key = Readonly<Record<string, AttributeValue>>;

/** Deletes items, whether they are there or not. */
export async function deleteItems(
  access: TableAccess,
  { table, keys }: { readonly table: string; readonly keys: readonly Key[] },
): Promise<void> {
  for (let start = 0; start < keys.length; start += DELETES_MAX) {
    await deleteSome(access, table, keys.slice(start, start + DELETES_MAX));
  }
}

async function deleteSome(access: TableAccess, table: string, keys: readonly Key[]): Promise<void> {
  let open = keys.map((Key) => ({ DeleteRequest: { Key: { ...Key } } }));
  await sendAgain(
    `delete from ${table}`,
    async () => {
      const { UnprocessedItems } = await access.client.send(
        new BatchWriteItemCommand({ RequestItems: { [table]: open } }),
      );
      const left = UnprocessedItems?.[table] ?? (UnprocessedItems === undefined ? open : []);
      open = left.flatMap(({ DeleteRequest }) =>
        DeleteRequest?.Key === undefined ? [] : [{ DeleteRequest: { Key: DeleteRequest.Key } }],
      );
      return open.length === 0 ? true : undefined;
    },
    access,
  );
}
