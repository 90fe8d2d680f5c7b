import type {
  AttributeValue,
  BatchExecuteStatementCommandInput,
  BatchExecuteStatementCommandOutput,
  BatchStatementError,
  BatchStatementRequest,
  BatchStatementResponse,
} from '@aws-sdk/client-dynamodb';
import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { attributeOf, copyItem, define, isTooLarge } from '../attribute-values.ts';
import { compares } from '../compare-values.ts';
import type { SimulatedStore } from '../create-store.ts';
import { type Statement, statementOf } from '../partiql.ts';
import { requestValue } from '../request-values.ts';
import type { AttributeMap } from '../store.ts';
import type { Slot } from '../store-table.ts';
import { ValidationFault } from '../validation-fault.ts';
import { updated } from './item-write.ts';
import { slotOfKey, slotOfNewItem, tableOf } from './places.ts';
import { assertKnown, atOnce, type Prepared } from './request.ts';
import { answered } from './service-errors.ts';

const STATEMENTS_MAX = 25;

/** A statement with its values. */
interface Member {
  readonly slot: Slot;
  /** Makes the item that it leaves, or says why it is not done. */
  run(existing: AttributeMap | undefined): { readonly item: AttributeMap } | Refused;
}

interface Refused {
  readonly error: BatchStatementError;
}

/** BatchExecuteStatement: every statement succeeds or fails alone. */
export function prepareStatements(
  store: SimulatedStore,
  input: BatchExecuteStatementCommandInput,
): Prepared<BatchExecuteStatementCommandOutput> {
  assertKnown(input, 'Statements');
  const statements = input.Statements ?? [];
  if (statements.length < 1 || statements.length > STATEMENTS_MAX) {
    throw new ValidationFault(`Statements has 1 to ${STATEMENTS_MAX} members`);
  }
  const members = statements.map((statement) => memberOf(store, statement));
  const slots = members.flatMap((member) => ('slot' in member ? [member.slot] : []));
  if (new Set(slots).size !== slots.length) {
    throw new ValidationFault('Provided list of item keys contains duplicates');
  }
  return {
    slots,
    members: members.length,
    begin: (throttle) =>
      atOnce(() => ({
        ...answered,
        Responses: members.map((member, index) => responseOf(store, member, throttle?.(index) === true)),
      })),
    conflict: () => ({ ...answered, Responses: members.map(() => ({ Error: CONFLICT })) }),
  };
}

const CONFLICT: BatchStatementError = {
  Code: 'TransactionConflict',
  Message: 'Transaction is ongoing for the item',
};

function memberOf(store: SimulatedStore, request: BatchStatementRequest): Member | Refused {
  assertKnown(request, 'Statement', 'Parameters', 'ReturnValuesOnConditionCheckFailure');
  const statement = statementOf(request.Statement ?? '');
  try {
    const values = (request.Parameters ?? []).map(requestValue);
    return statement.type === 'insert'
      ? insertOf(store, statement, values)
      : updateOf(store, statement, values, request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD');
  } catch (error) {
    return { error: errorOf(error) };
  }
}

function errorOf(error: unknown): BatchStatementError {
  if (error instanceof ValidationFault) {
    return { Code: 'ValidationError', Message: error.message };
  }
  if (error instanceof ResourceNotFoundException) {
    return { Code: 'ResourceNotFound', Message: error.message };
  }
  throw error;
}

function insertOf(
  store: SimulatedStore,
  { table, attributes }: Extract<Statement, { type: 'insert' }>,
  values: readonly AttributeValue[],
): Member {
  assertCount(values, attributes.length);
  const item = bind(attributes, values);
  if (isTooLarge(item)) {
    throw new ValidationFault('Item size has exceeded the maximum allowed size');
  }
  return {
    slot: slotOfNewItem(store, table, item),
    run: (existing) =>
      existing === undefined
        ? { item }
        : {
            error: { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' },
          },
  };
}

function updateOf(
  store: SimulatedStore,
  { table, attributes, removals, conditions }: Extract<Statement, { type: 'update' }>,
  values: readonly AttributeValue[],
  returnsExisting: boolean,
): Member {
  const parameters = conditions.filter(({ comparator }) => comparator !== 'IS MISSING');
  assertCount(values, attributes.length + parameters.length);
  const keyNames = tableOf(store, table).definition.key;
  const compared = conditions.map((condition) => ({
    ...condition,
    value: values[attributes.length + parameters.indexOf(condition)] as AttributeValue,
  }));
  const isKey = ({ attribute, comparator }: (typeof compared)[number]) =>
    comparator === '=' && keyNames.includes(attribute);
  const keys = compared.filter(isKey);
  if (
    new Set(keys.map(({ attribute }) => attribute)).size !== keyNames.length ||
    keys.length !== keyNames.length
  ) {
    throw new ValidationFault('Where clause does not contain a mandatory equality on all key attributes');
  }
  const written = [...attributes, ...removals].find((attribute) => keyNames.includes(attribute));
  if (written !== undefined) {
    throw new ValidationFault(`Cannot update attribute ${written}. This attribute is part of the key`);
  }
  const rest = compared.filter((condition) => !isKey(condition));
  const slot = slotOfKey(
    store,
    table,
    bind(
      keys.map(({ attribute }) => attribute),
      keys.map(({ value }) => value),
    ),
  );
  const changes = bind(attributes, values);
  if (new Set([...attributes, ...removals]).size < attributes.length + removals.length) {
    throw new ValidationFault('An attribute is named twice');
  }
  const change = (item: AttributeMap): AttributeMap => {
    const kept = Object.entries(item).filter(([name]) => !removals.includes(name));
    return { ...Object.fromEntries(kept), ...changes };
  };
  return {
    slot,
    run: (existing) => {
      const isMet =
        existing !== undefined &&
        rest.every(({ attribute, comparator, value }) => {
          const has = attributeOf(existing, attribute);
          return comparator === 'IS MISSING' ? has === undefined : compares(has, comparator, value);
        });
      return isMet
        ? { item: updated(slot, existing, change) }
        : { error: conditionFailed(returnsExisting ? existing : undefined) };
    },
  };
}

function conditionFailed(existing: AttributeMap | undefined): BatchStatementError {
  return {
    Code: 'ConditionalCheckFailed',
    Message: 'The conditional request failed',
    ...(existing !== undefined && { Item: copyItem(existing) }),
  };
}

function assertCount(values: readonly AttributeValue[], count: number): void {
  if (values.length !== count) {
    throw new ValidationFault("Number of parameters in request and statement don't match.");
  }
}

/** Names and as many of the values. */
function bind(names: readonly string[], values: readonly AttributeValue[]): Record<string, AttributeValue> {
  const bound: Record<string, AttributeValue> = {};
  for (const [index, name] of names.entries()) {
    if (Object.hasOwn(bound, name)) {
      throw new ValidationFault('An attribute is named twice');
    }
    define(bound, name, values[index] as AttributeValue);
  }
  return bound;
}

function responseOf(
  store: SimulatedStore,
  member: Member | Refused,
  isThrottled: boolean,
): BatchStatementResponse {
  if (isThrottled) {
    return {
      Error: { Code: 'ThrottlingError', Message: 'Throughput exceeds the current throughput limit.' },
    };
  }
  if ('error' in member) {
    return { Error: member.error };
  }
  const { slot, run } = member;
  if (slot.heldBy !== undefined) {
    return { Error: CONFLICT };
  }
  try {
    const result = run(slot.item);
    if ('error' in result) {
      return { Error: result.error };
    }
    store.write(slot, result.item);
    return { TableName: slot.table.definition.name };
  } catch (error) {
    return { Error: errorOf(error) };
  }
}
