import type { AttributeValue, ReturnValuesOnConditionCheckFailure } from '@aws-sdk/client-dynamodb';
import { isTooLarge, sizeOfItem } from '../attribute-values.ts';
import type { SimulatedStore } from '../create-store.ts';
import { type Condition, conditionOf } from '../expressions/condition.ts';
import { type Scope, type ScopeInput, scopeOf } from '../expressions/scope.ts';
import { updateOf } from '../expressions/update.ts';
import { requestItem } from '../request-values.ts';
import type { AttributeMap } from '../store.ts';
import type { Slot } from '../store-table.ts';
import { ValidationFault } from '../validation-fault.ts';
import { slotOfKey, slotOfNewItem } from './places.ts';

/** A write of one item, or a check of it, alone or in a transaction. */
export interface ItemWrite {
  readonly slot: Slot;
  readonly condition: Condition;
  /** Whether the existing item is answered when the condition fails. */
  readonly returnsExisting: boolean;
  /** Names of the attributes that an update writes; none for others. */
  readonly updated: ReadonlySet<string>;
  /** Bytes of the item or key that it carries. */
  readonly bytes: number;
  /**
   * Makes the item that it leaves; the same one if it only checks, undefined if it deletes.
   *
   * @throws {@link ValidationFault} when it cannot be made of the existing item
   */
  itemAfter(existing: AttributeMap | undefined): AttributeMap | undefined;
}

interface Conditional extends ScopeInput {
  readonly TableName?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure | undefined;
}

type Keyed = Conditional & { readonly Key?: Record<string, AttributeValue> | undefined };

const NONE: ReadonlySet<string> = new Set();

export function putOf(
  store: SimulatedStore,
  input: Conditional & { readonly Item?: Record<string, AttributeValue> | undefined },
): ItemWrite {
  const item = requestItem(input.Item ?? {});
  if (isTooLarge(item)) {
    throw new ValidationFault('Item size has exceeded the maximum allowed size');
  }
  const slot = slotOfNewItem(store, input.TableName, item);
  return { ...conditional(input), slot, updated: NONE, bytes: sizeOfItem(item), itemAfter: () => item };
}

export function updateOfItem(
  store: SimulatedStore,
  input: Keyed & { readonly UpdateExpression?: string | undefined },
): ItemWrite {
  const slot = slotOfKey(store, input.TableName, input.Key);
  const scope = scopeOf(input);
  const update =
    input.UpdateExpression === undefined
      ? undefined
      : updateOf(input.UpdateExpression, scope, slot.table.definition.key);
  return {
    ...conditional(input, scope),
    slot,
    updated: update?.attributes ?? NONE,
    bytes: sizeOfItem(slot.key),
    itemAfter: (existing) => updated(slot, existing, update?.apply),
  };
}

/** Applies an update to the existing item, or to the key alone where there is none. */
export function updated(
  slot: Slot,
  existing: AttributeMap | undefined,
  apply: ((item: AttributeMap) => AttributeMap) | undefined,
): AttributeMap {
  const base = existing ?? slot.key;
  const item = apply?.(base) ?? base;
  if (isTooLarge(item)) {
    throw new ValidationFault('Item size to update has exceeded the maximum allowed size');
  }
  return item;
}

export function deleteOf(store: SimulatedStore, input: Keyed): ItemWrite {
  const slot = slotOfKey(store, input.TableName, input.Key);
  return {
    ...conditional(input),
    slot,
    updated: NONE,
    bytes: sizeOfItem(slot.key),
    itemAfter: () => undefined,
  };
}

export function checkOf(store: SimulatedStore, input: Keyed): ItemWrite {
  if (input.ConditionExpression === undefined) {
    throw new ValidationFault('The ConditionExpression of a ConditionCheck is missing');
  }
  const slot = slotOfKey(store, input.TableName, input.Key);
  return {
    ...conditional(input),
    slot,
    updated: NONE,
    bytes: sizeOfItem(slot.key),
    itemAfter: (existing) => existing,
  };
}

function conditional(
  input: Conditional,
  scope: Scope = scopeOf(input),
): Pick<ItemWrite, 'condition' | 'returnsExisting'> {
  const condition =
    input.ConditionExpression === undefined ? () => true : conditionOf(input.ConditionExpression, scope);
  scope.assertAllUsed();
  return { condition, returnsExisting: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' };
}
