import type {
  AttributeValue,
  CancellationReason,
  TransactGetItemsCommandInput,
  TransactGetItemsCommandOutput,
  TransactWriteItem,
  TransactWriteItemsCommandInput,
  TransactWriteItemsCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { copyItem } from '../attribute-values.ts';
import { beginTransaction, type CancellationCode, type TransactionPlan } from '../begin-transaction.ts';
import type { SimulatedStore } from '../create-store.ts';
import { projectionOf } from '../expressions/projection.ts';
import { SimulatedStoreError } from '../simulated-store-error.ts';
import type { AttributeMap } from '../store.ts';
import type { Slot } from '../store-table.ts';
import { ValidationFault } from '../validation-fault.ts';
import { checkOf, deleteOf, type ItemWrite, putOf, updateOfItem } from './item-write.ts';
import { slotOfKey } from './places.ts';
import { assertKnown, atOnce, type Prepared } from './request.ts';
import { answered, parameterMismatch, transactionCanceled, transactionInProgress } from './service-errors.ts';

const ACTIONS_MAX = 100;
const TRANSACTION_BYTES_MAX = 4 * 1_024 * 1_024;
const TOKEN_LENGTH_MAX = 36;

const MEMBER = [
  'TableName',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValuesOnConditionCheckFailure',
];

/**
 * TransactWriteItems. A key that is not of its table's schema refuses the request as a whole, whatever else it holds.
 *
 * Capacity counts one unit for each item, twice, whatever its size.
 */
export function prepareTransactWrite(
  store: SimulatedStore,
  input: TransactWriteItemsCommandInput,
): Prepared<TransactWriteItemsCommandOutput> {
  assertKnown(input, 'TransactItems', 'ClientRequestToken', 'ReturnConsumedCapacity');
  const { ClientRequestToken: token, ReturnConsumedCapacity: capacity = 'NONE' } = input;
  if (capacity === 'INDEXES') {
    throw new SimulatedStoreError('The simulated store counts the capacity of tables only.');
  }
  if (token !== undefined && (token.length < 1 || token.length > TOKEN_LENGTH_MAX)) {
    throw new ValidationFault(`A ClientRequestToken has 1 to ${TOKEN_LENGTH_MAX} characters`);
  }
  const writes = (input.TransactItems ?? []).map((member) => writeOf(store, member));
  const slots = writes.map(({ slot }) => slot);
  assertTransaction(
    slots,
    writes.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const plan: TransactionPlan<TransactWriteItemsCommandOutput> = {
    slots,
    token: token ?? slots,
    // Its owner may change it.
    content: copyOf(input.TransactItems),
    check: (index, existing) => check(writes[index] as ItemWrite, existing),
    itemAfter: (index, existing) => writes[index]?.itemAfter(existing),
    answer: (verdict) => {
      switch (verdict.code) {
        case 'committed':
          return {
            ...answered,
            ...(capacity === 'TOTAL' && { ConsumedCapacity: capacityOf(slots, verdict.replayed) }),
          };
        case 'in-progress':
          throw transactionInProgress();
        case 'token-mismatch':
          throw parameterMismatch();
        case 'cancelled':
          throw transactionCanceled(verdict.reasons.map((code, index) => reasonOf(code, writes[index])));
      }
    },
  };
  return {
    slots,
    begin: (throttle) => beginTransaction(store, plan, throttle),
    conflict: () => {
      throw transactionCanceled(conflictAtFirst(slots.length));
    },
  };
}

function writeOf(store: SimulatedStore, member: TransactWriteItem): ItemWrite {
  assertKnown(member, 'Put', 'Update', 'Delete', 'ConditionCheck');
  const { Put, Update, Delete, ConditionCheck } = member;
  const given = [Put, Update, Delete, ConditionCheck].filter((action) => action !== undefined);
  if (given.length !== 1) {
    throw new ValidationFault('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  if (Put !== undefined) {
    assertKnown(Put, 'Item', ...MEMBER);
    return putOf(store, Put);
  }
  if (Update !== undefined) {
    assertKnown(Update, 'Key', 'UpdateExpression', ...MEMBER);
    return updateOfItem(store, Update);
  }
  if (Delete !== undefined) {
    assertKnown(Delete, 'Key', ...MEMBER);
    return deleteOf(store, Delete);
  }
  assertKnown(ConditionCheck as object, 'Key', ...MEMBER);
  return checkOf(store, ConditionCheck ?? {});
}

function assertTransaction(slots: readonly Slot[], bytes: number): void {
  if (slots.length < 1 || slots.length > ACTIONS_MAX) {
    throw new ValidationFault(`TransactItems has 1 to ${ACTIONS_MAX} members`);
  }
  if (new Set(slots).size !== slots.length) {
    throw new ValidationFault('Transaction request cannot include multiple operations on one item');
  }
  if (bytes > TRANSACTION_BYTES_MAX) {
    throw new ValidationFault('Transaction request has more than 4 MB');
  }
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(copyOf);
  }
  if (value instanceof Uint8Array) {
    return value.slice();
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member)]));
}

function check({ condition, itemAfter }: ItemWrite, existing: AttributeMap | undefined): CancellationCode {
  if (!condition(existing)) {
    return 'ConditionalCheckFailed';
  }
  try {
    itemAfter(existing);
    return 'None';
  } catch (error) {
    if (error instanceof ValidationFault) {
      return 'ValidationError';
    }
    throw error;
  }
}

const MESSAGES: Readonly<Record<CancellationCode, string | undefined>> = {
  None: undefined,
  ConditionalCheckFailed: 'The conditional request failed',
  TransactionConflict: 'Transaction is ongoing for the item',
  ThrottlingError: 'Throughput exceeds the current throughput limit.',
  ValidationError: 'The update cannot be made of the existing item',
};

function reasonOf(Code: CancellationCode, write: ItemWrite | undefined): CancellationReason {
  const Message = MESSAGES[Code];
  const existing = write?.slot.item;
  const isReturned = Code === 'ConditionalCheckFailed' && write?.returnsExisting && existing !== undefined;
  return {
    Code,
    ...(Message !== undefined && { Message }),
    ...(isReturned && { Item: copyItem(existing) }),
  };
}

function conflictAtFirst(length: number): CancellationReason[] {
  return Array.from({ length }, (_, index) =>
    reasonOf(index === 0 ? 'TransactionConflict' : 'None', undefined),
  );
}

/** A replay is charged as a read. */
function capacityOf(slots: readonly Slot[], isReplay: boolean) {
  const units = new Map<string, number>();
  for (const { table } of slots) {
    units.set(table.definition.name, (units.get(table.definition.name) ?? 0) + 2);
  }
  return [...units].map(([TableName, CapacityUnits]) => ({
    TableName,
    CapacityUnits,
    ...(isReplay ? { ReadCapacityUnits: CapacityUnits } : { WriteCapacityUnits: CapacityUnits }),
  }));
}

/** TransactGetItems: all items at one moment, or a conflict where a transaction holds one. */
export function prepareTransactGet(
  store: SimulatedStore,
  input: TransactGetItemsCommandInput,
): Prepared<TransactGetItemsCommandOutput> {
  assertKnown(input, 'TransactItems');
  const gets = (input.TransactItems ?? []).map(({ Get }) => {
    assertKnown(Get ?? {}, 'TableName', 'Key', 'ProjectionExpression', 'ExpressionAttributeNames');
    return { slot: slotOfKey(store, Get?.TableName, Get?.Key), project: projectionOf(Get ?? {}) };
  });
  const slots = gets.map(({ slot }) => slot);
  assertTransaction(slots, 0);
  return {
    slots,
    begin: () =>
      atOnce(() => {
        if (slots.some(({ heldBy }) => heldBy !== undefined)) {
          throw transactionCanceled(
            slots.map(({ heldBy }) =>
              reasonOf(heldBy === undefined ? 'None' : 'TransactionConflict', undefined),
            ),
          );
        }
        const Responses = gets.map(({ slot, project }): { Item?: Record<string, AttributeValue> } =>
          slot.item === undefined ? {} : { Item: project(slot.item) },
        );
        return { ...answered, Responses };
      }),
    conflict: () => {
      throw transactionCanceled(conflictAtFirst(slots.length));
    },
  };
}
