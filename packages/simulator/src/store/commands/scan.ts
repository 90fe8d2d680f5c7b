import type { AttributeValue, ScanCommandInput, ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import { copyItem, sizeOfItem } from '../attribute-values.ts';
import type { SimulatedStore } from '../create-store.ts';
import { projectionOf } from '../expressions/projection.ts';
import { slotOfKey, tableOf } from './places.ts';
import { assertKnown, atOnce, type Prepared } from './request.ts';
import { answered } from './service-errors.ts';

/** Bytes of items that one page has at most, but for its last item. */
const PAGE_BYTES_MAX = 1_024 * 1_024;

/** Scan, a page at a time, in the order of a hash of the keys: what is written between two pages may be behind or ahead. */
export function prepareScan(store: SimulatedStore, input: ScanCommandInput): Prepared<ScanCommandOutput> {
  assertKnown(
    input,
    'TableName',
    'ConsistentRead',
    'ProjectionExpression',
    'ExpressionAttributeNames',
    'ExclusiveStartKey',
    'Limit',
  );
  const table = tableOf(store, input.TableName);
  const project = projectionOf(input);
  const start =
    input.ExclusiveStartKey === undefined
      ? undefined
      : slotOfKey(store, input.TableName, input.ExclusiveStartKey);
  return {
    slots: [],
    begin: () =>
      atOnce(() => {
        const slots = [...table.slots.values()].sort((a, b) => a.hash - b.hash);
        const itemsMax = Math.min(
          input.Limit ?? Number.POSITIVE_INFINITY,
          store.pageItemsMax?.() ?? Number.POSITIVE_INFINITY,
        );
        const Items: Record<string, AttributeValue>[] = [];
        let bytes = 0;
        for (const slot of slots.slice(start === undefined ? 0 : slots.indexOf(start) + 1)) {
          const item = store.read(slot, input.ConsistentRead === true);
          if (item === undefined) {
            continue;
          }
          Items.push(project(item));
          bytes += sizeOfItem(item);
          if (bytes > PAGE_BYTES_MAX || Items.length === itemsMax) {
            return { ...answered, ...counted(Items), LastEvaluatedKey: copyItem(slot.key) };
          }
        }
        return { ...answered, ...counted(Items) };
      }),
  };
}

function counted(Items: Record<string, AttributeValue>[]) {
  return { Items, Count: Items.length, ScannedCount: Items.length };
}
