import { utf8Length } from '@oncefold/reducer';
import { TransactionRefusedError } from './errors.ts';
import {
  ACTIONS_MAX,
  type Action,
  type AttributeValue,
  type Item,
  itemName,
  type TransactionRequest,
} from './transaction-port.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const KEY_BYTES_MAX = 2_048;
const ITEM_BYTES_MAX = 400 * 1_024;
const TRANSACTION_BYTES_MAX = 4 * 1_024 * 1_024;
const TOKEN_LENGTH_MAX = 36;

/** What a type of action has besides table and key. */
interface Members {
  readonly texts: readonly string[];
  readonly isPut: boolean;
}

const MEMBERS: Readonly<Record<Action['type'], Members>> = {
  increment: { texts: ['attribute', 'by'], isPut: false },
  put: { texts: [], isPut: true },
  'put-if-absent': { texts: [], isPut: true },
  raise: { texts: ['attribute', 'below', 'to'], isPut: false },
  'compare-and-set': { texts: ['attribute', 'previous', 'next'], isPut: false },
};

/**
 * Refuses a request that DynamoDB refuses, or would silently change, so that both adapters are equally strict.
 *
 * A lone surrogate is refused because UTF-8 turns all of them into one character: two keys would become one.
 *
 * @param identify - gives an action's item by whatever is equal for no other item; called once for each action, in order
 * @throws {@link TransactionRefusedError} when there are no or too many actions, two are on one item, a token is too long, or
 * {@link whyUnsendable} names a fault of an action
 */
export function assertSendable(
  { actions, token }: Pick<TransactionRequest, 'actions' | 'token'>,
  identify: (action: Action) => unknown = itemName,
): void {
  if (actions.length < 1 || actions.length > ACTIONS_MAX) {
    throw new TransactionRefusedError(`a transaction has 1 to ${ACTIONS_MAX} actions, not ${actions.length}`);
  }
  if (token !== undefined && (token.length < 1 || token.length > TOKEN_LENGTH_MAX)) {
    throw new TransactionRefusedError(`a token has 1 to ${TOKEN_LENGTH_MAX} characters, not ${token.length}`);
  }
  const items = new Set<unknown>();
  let bytes = 0;
  for (const action of actions) {
    const fault = whyUnsendable(action);
    if (fault !== undefined) {
      throw new TransactionRefusedError(fault);
    }
    items.add(identify(action));
    bytes += sizeOf(action);
  }
  if (items.size !== actions.length) {
    throw new TransactionRefusedError('two actions of one transaction are on one item');
  }
  if (bytes > TRANSACTION_BYTES_MAX) {
    throw new TransactionRefusedError(
      `a transaction has at most ${TRANSACTION_BYTES_MAX} bytes, not ${bytes}`,
    );
  }
}

/**
 * Says why DynamoDB would not take an action, whatever made it; JavaScript can make any.
 *
 * @returns the reason, without values of keys or attributes; undefined: none is known
 */
export function whyUnsendable(action: Action): string | undefined {
  if (typeof action !== 'object' || action === null) {
    return 'an action must be an object';
  }
  const members = Object.hasOwn(MEMBERS, action.type) ? MEMBERS[action.type] : undefined;
  if (members === undefined) {
    return `there is no action of the type ${JSON.stringify(action.type)}`;
  }
  if (typeof action.table !== 'string' || action.table === '') {
    return `${action.type}: table must be a name`;
  }
  const fault = whyUnsendableMember(action, members);
  return fault === undefined ? undefined : `${action.type} on ${action.table}: ${fault}`;
}

function whyUnsendableMember(action: Action, members: Members): string | undefined {
  for (const member of members.texts) {
    const text = (action as unknown as Record<string, unknown>)[member];
    if (typeof text !== 'string') {
      return `${member} must be text, not ${typeof text}`;
    }
  }
  if (action.type === 'increment' && !isNumber(action.by)) {
    return 'by must be a decimal of at most 38 digits';
  }
  const keyFault = whyUnusableKey(action.key);
  if (keyFault !== undefined || !members.isPut) {
    return keyFault;
  }
  const { attributes } = action as { readonly attributes?: Item };
  if (typeof attributes !== 'object' || attributes === null) {
    return 'attributes must be an object';
  }
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeOf(value) === undefined) {
      return `${attribute} must be one of {S: text}, {N: text}, {B: bytes}`;
    }
  }
  const bytes = sizeOf(action);
  return bytes > ITEM_BYTES_MAX ? `an item has at most ${ITEM_BYTES_MAX} bytes, not ${bytes}` : undefined;
}

function whyUnusableKey(key: unknown): string | undefined {
  if (typeof key !== 'object' || key === null) {
    return 'the key must be an object of attributes';
  }
  const names = Object.keys(key);
  if (names.length < 1 || names.length > 2) {
    return `a key has 1 or 2 attributes, not ${names.length}`;
  }
  for (const attribute of names) {
    const value = (key as Item)[attribute];
    const type = typeOf(value);
    if (value === undefined || type === undefined) {
      return `the key ${attribute} must be one of {S: text}, {N: text}, {B: bytes}`;
    }
    if (type === 'N') {
      continue;
    }
    const bytes = bytesOf(value);
    if (bytes === 0) {
      return `the key ${attribute} is empty`;
    }
    if (bytes > KEY_BYTES_MAX) {
      return `the key ${attribute} has ${bytes} bytes; ${KEY_BYTES_MAX} are the limit`;
    }
    if ('S' in value && !value.S.isWellFormed()) {
      return `the key ${attribute} has a lone surrogate`;
    }
  }
  return undefined;
}

/** Tells the type of an attribute value; undefined when it is none that the port knows. */
export function typeOf(value: unknown): 'S' | 'N' | 'B' | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const names = Object.keys(value);
  if (names.length !== 1) {
    return undefined;
  }
  const { S, N, B } = value as { readonly S?: unknown; readonly N?: unknown; readonly B?: unknown };
  if (typeof S === 'string') {
    return 'S';
  }
  if (typeof N === 'string' && isNumber(N)) {
    return 'N';
  }
  return B instanceof Uint8Array ? 'B' : undefined;
}

/** Significant digits that DynamoDB keeps of a number. */
const NUMBER_DIGITS_MAX = 38;

function isNumber(text: string): boolean {
  const digits = /^-?(\d+(?:\.\d+)?)(?:[eE][+-]?\d+)?$/.exec(text)?.[1];
  return (
    digits !== undefined &&
    (digits.length <= NUMBER_DIGITS_MAX ||
      digits.replace('.', '').replace(/^0+|0+$/g, '').length <= NUMBER_DIGITS_MAX)
  );
}

/** Bytes of an action's item, as DynamoDB counts them: names and values in UTF-8; a number counts its digits at most. */
export function sizeOf(action: Action): number {
  let bytes = 0;
  for (const name of Object.keys(action.key)) {
    bytes += utf8Length(name) + bytesOf(action.key[name] as AttributeValue);
  }
  if (!('attributes' in action)) {
    return bytes;
  }
  for (const name of Object.keys(action.attributes)) {
    if (!Object.hasOwn(action.key, name)) {
      bytes += utf8Length(name) + bytesOf(action.attributes[name] as AttributeValue);
    }
  }
  return bytes;
}

function bytesOf(value: AttributeValue): number {
  if ('B' in value) {
    return value.B.byteLength;
  }
  return utf8Length('S' in value ? value.S : value.N);
}
