import { GetItemCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { RECOUNT_CONTROL_KEY } from '@oncefold/trades';
import type { TableAccess } from '../tables/scan-table.ts';
import { sendAgain } from '../tables/send-again.ts';
import { RedriveRefusedError } from './errors.ts';
import type { FailedBatch } from './failed-batch.ts';

/**
 * Refuses changes of trades that a rebuild has counted, or is about to count: it adds up the trades as they are, these changes included.
 *
 * @param batches - changes of the table of trades
 * @throws {@link RedriveRefusedError} with the batches' own names
 */
export async function assertNotRebuilt(
  access: TableAccess,
  recountTable: string,
  batch: FailedBatch,
): Promise<void> {
  const control = await readControl(access, recountTable);
  if (control === undefined) {
    return;
  }
  if (control['State']?.S === 'running') {
    throw new RedriveRefusedError(
      `a rebuild runs, which may count the changes of ${batch.id} by itself; wait for its end, or run \`oncefold rebuild\` again if it was interrupted`,
    );
  }
  const repairedAt = Number(control['RepairedAt']?.N ?? '0');
  if (repairedAt * 1_000 >= Date.parse(batch.givenUpAt)) {
    throw new RedriveRefusedError(
      `the sums were rebuilt after ${batch.id} had been given up, so its changes are in them; redriven they would count twice`,
    );
  }
}

async function readControl(access: TableAccess, table: string) {
  const command = new GetItemCommand({
    TableName: table,
    Key: { Identifier: { S: RECOUNT_CONTROL_KEY } },
    ConsistentRead: true,
  });
  try {
    const { Item } = await sendAgain(`read ${table}`, () => access.client.send(command), access);
    return Item;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) {
      return undefined;
    }
    throw error;
  }
}
