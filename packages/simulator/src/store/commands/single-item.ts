import type {
  AttributeValue,
  DeleteItemCommandInput,
  DeleteItemCommandOutput,
  GetItemCommandInput,
  GetItemCommandOutput,
  PutItemCommandInput,
  PutItemCommandOutput,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { copyItem } from '../attribute-values.ts';
import type { SimulatedStore } from '../create-store.ts';
import { pick, projectionOf } from '../expressions/projection.ts';
import { SimulatedStoreError } from '../simulated-store-error.ts';
import type { AttributeMap } from '../store.ts';
import { deleteOf, type ItemWrite, putOf, updateOfItem } from './item-write.ts';
import { slotOfKey } from './places.ts';
import { assertKnown, atOnce, type Prepared } from './request.ts';
import { answered, conditionalCheckFailed, transactionConflict } from './service-errors.ts';

const CONDITIONAL = [
  'TableName',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValues',
  'ReturnValuesOnConditionCheckFailure',
];

export function prepareGet(
  store: SimulatedStore,
  input: GetItemCommandInput,
): Prepared<GetItemCommandOutput> {
  assertKnown(
    input,
    'TableName',
    'Key',
    'ConsistentRead',
    'ProjectionExpression',
    'ExpressionAttributeNames',
  );
  const slot = slotOfKey(store, input.TableName, input.Key);
  const project = projectionOf(input);
  return {
    slots: [slot],
    begin: () =>
      atOnce(() => {
        const item = store.read(slot, input.ConsistentRead === true);
        return { ...answered, ...(item !== undefined && { Item: project(item) }) };
      }),
  };
}

export function preparePut(
  store: SimulatedStore,
  input: PutItemCommandInput,
): Prepared<PutItemCommandOutput> {
  assertKnown(input, 'Item', ...CONDITIONAL);
  return prepareWrite(store, putOf(store, input), input.ReturnValues);
}

export function prepareUpdate(
  store: SimulatedStore,
  input: UpdateItemCommandInput,
): Prepared<UpdateItemCommandOutput> {
  assertKnown(input, 'Key', 'UpdateExpression', ...CONDITIONAL);
  return prepareWrite(store, updateOfItem(store, input), input.ReturnValues);
}

export function prepareDelete(
  store: SimulatedStore,
  input: DeleteItemCommandInput,
): Prepared<DeleteItemCommandOutput> {
  assertKnown(input, 'Key', ...CONDITIONAL);
  return prepareWrite(store, deleteOf(store, input), input.ReturnValues);
}

type WriteOutput = typeof answered & { Attributes?: Record<string, AttributeValue> };

function prepareWrite(
  store: SimulatedStore,
  write: ItemWrite,
  returnValues: string | undefined,
): Prepared<WriteOutput> {
  const attributesOf = returned(write, returnValues);
  return {
    slots: [write.slot],
    begin: () =>
      atOnce(() => {
        const { slot, condition, itemAfter, returnsExisting } = write;
        const before = slot.item;
        if (slot.heldBy !== undefined) {
          throw transactionConflict();
        }
        if (!condition(before)) {
          throw conditionalCheckFailed(
            returnsExisting && before !== undefined ? copyItem(before) : undefined,
          );
        }
        const after = itemAfter(before);
        store.write(slot, after);
        const attributes = attributesOf(before, after);
        return { ...answered, ...(attributes !== undefined && { Attributes: copyItem(attributes) }) };
      }),
  };
}

type Returned = (
  before: AttributeMap | undefined,
  after: AttributeMap | undefined,
) => AttributeMap | undefined;

/** What of an item is answered; nothing where that is empty. */
function returned({ updated }: ItemWrite, returnValues = 'NONE'): Returned {
  const some = (item: AttributeMap | undefined) => {
    const picked = pick(item, updated);
    return Object.keys(picked).length > 0 ? picked : undefined;
  };
  switch (returnValues) {
    case 'NONE':
      return () => undefined;
    case 'ALL_OLD':
      return (before) => before;
    case 'ALL_NEW':
      return (_, after) => after;
    case 'UPDATED_OLD':
      return some;
    case 'UPDATED_NEW':
      return (_, after) => some(after);
    default:
      throw new SimulatedStoreError(`The simulated store does not know the return values ${returnValues}.`);
  }
}
