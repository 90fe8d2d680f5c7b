import {
  type Action,
  type FailedCondition,
  type Item,
  itemName,
  type TransactionOutcome,
  TransactionRefusedError,
  type TransactionRequest,
} from '@oncefold/commit';
import { assertSendable, itemAfter, meetsCondition } from '@oncefold/commit/memory';
import { canonicalItem } from './attribute-values.ts';
import { beginTransaction, type TransactionPlan, type TransactionVerdict } from './begin-transaction.ts';
import type { SimulatedStore } from './create-store.ts';
import type { AttributeMap, Execution, StoreRequest } from './store.ts';
import { KeyFault, nameOf, type Slot, slotOf } from './store-table.ts';

const failures: StoreRequest<TransactionOutcome>['failures'] = {
  throttled: () => ({ code: 'throttled' }),
  conflict: () => ({ code: 'conflict' }),
  serverError: () => ({ code: 'unavailable', cause: new Error('InternalServerError') }),
  timeout: () => ({ code: 'unavailable', cause: new Error('TimeoutError') }),
  unreadable: () => ({ code: 'unavailable', cause: new SyntaxError('Unexpected end of JSON input') }),
};

/**
 * One attempt of the transaction port of `@oncefold/commit` on the simulated store.
 *
 * Without a token each request has one of its own, as the SDK makes it for each send: a copy of it is not written twice.
 * An action takes one unit of capacity for reading and two for writing, whatever its item's size.
 *
 * @returns the request; to finish it throws {@link TransactionRefusedError} where the store refuses it (a key that is not of the
 * table's schema, no such table, an increment of what is no number)
 * @throws {@link TransactionRefusedError} when the request would not be sent at all, as every adapter of the port does
 */
export function transactionRequest(
  store: SimulatedStore,
  request: TransactionRequest,
): StoreRequest<TransactionOutcome> {
  const { actions, token } = request;
  const slots: Slot[] = [];
  let refusal: TransactionRefusedError | undefined;
  // Finding the places and looking for two actions on one is the same work.
  assertSendable(request, (action) => {
    const slot = findSlot(store, action);
    if (slot instanceof TransactionRefusedError) {
      refusal ??= slot;
      return itemName(action);
    }
    slots.push(slot);
    return slot;
  });
  const plan: TransactionPlan = {
    slots,
    token: token ?? slots,
    request: actions,
    check: (index, existing) =>
      meetsCondition(actions[index] as Action, existing as Item | undefined)
        ? 'None'
        : 'ConditionalCheckFailed',
    itemAfter: (index, existing) => {
      const action = actions[index] as Action;
      const item = itemAfter(action, existing as Item | undefined) as AttributeMap;
      // What is added to an existing item is in its one form already.
      return existing === undefined || 'attributes' in action ? canonicalItem(item) : item;
    },
  };
  return {
    get summary() {
      const actionsText = `${actions.length} ${actions.length === 1 ? 'action' : 'actions'}`;
      return `TransactWriteItems, ${actionsText}${token === undefined ? '' : `, token ${token}`}`;
    },
    get items() {
      return slots.map(nameOf);
    },
    members: 0,
    begin: (throttle) =>
      refusal === undefined
        ? executionOf(beginTransaction(store, plan, throttle), request, slots)
        : refusing(refusal),
    failures,
  };
}

function findSlot(store: SimulatedStore, { table: name, key }: Action): Slot | TransactionRefusedError {
  const table = store.table(name);
  if (table === undefined) {
    return new TransactionRefusedError(`the store has no table ${name}`);
  }
  try {
    return slotOf(table, key as AttributeMap);
  } catch (error) {
    if (error instanceof KeyFault) {
      return new TransactionRefusedError(error.message);
    }
    throw error;
  }
}

function refusing(refusal: TransactionRefusedError): Execution<never> {
  return {
    finish: () => {
      throw refusal;
    },
    abandon: () => {},
  };
}

function executionOf(
  execution: Execution<TransactionVerdict>,
  { actions }: TransactionRequest,
  slots: readonly Slot[],
): Execution<TransactionOutcome> {
  return {
    // Items of a failed condition are as they were when it was checked: nothing was written.
    finish: () => outcomeOf(execution.finish(), actions, slots),
    abandon: execution.abandon,
  };
}

function outcomeOf(
  verdict: TransactionVerdict,
  actions: readonly Action[],
  slots: readonly Slot[],
): TransactionOutcome {
  if (verdict.code === 'committed') {
    const units = 2 * actions.length;
    return {
      code: 'committed',
      replayed: verdict.replayed,
      units: verdict.replayed ? { read: units, write: 0 } : { read: 0, write: units },
    };
  }
  if (verdict.code !== 'cancelled') {
    return verdict;
  }
  const { reasons } = verdict;
  // A condition that failed while another write held an item is asked again once the other is through.
  if (reasons.includes('TransactionConflict')) {
    return { code: 'conflict' };
  }
  if (reasons.includes('ThrottlingError')) {
    return { code: 'throttled' };
  }
  const failed: FailedCondition[] = [];
  for (const [index, reason] of reasons.entries()) {
    if (reason === 'ConditionalCheckFailed') {
      const existing = slots[index]?.item;
      failed.push({
        action: actions[index] as Action,
        existing: existing === undefined ? undefined : portItem(existing),
      });
    }
  }
  return { code: 'condition-failed', failures: failed };
}

/** Keeps the types that the port knows, as the adapter of DynamoDB does. */
function portItem(item: AttributeMap): Item {
  const known = Object.entries(item).filter(
    ([, { S, N, B }]) => S !== undefined || N !== undefined || B !== undefined,
  );
  return Object.fromEntries(known) as Item;
}
