import { isLongerThan, utf8Length } from '@oncefold/reducer';
import { conditionOf, whyNoCondition } from './conditions.ts';
import type { RecordRefusal } from './effect.ts';
import { TransactionRefusedError } from './errors.ts';
import { EXPRESSION_BYTES_MAX, isTooLong } from './expressions.ts';
import {
  ACTIONS_MAX,
  type Action,
  type Item,
  itemName,
  type TransactionRequest,
  type Update,
} from './transaction-port.ts';
import { bytesOfItem, bytesOfValue, isNumber, isWrongContent, typeOf, whyNoValue } from './value-types.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const KEY_BYTES_MAX = 2_048;
export const ITEM_BYTES_MAX: number = 400 * 1_024;
const TRANSACTION_BYTES_MAX = 4 * 1_024 * 1_024;
const TOKEN_LENGTH_MAX = 36;

/** What a type of action has: texts that must be there, and all members that may. */
interface Members {
  readonly texts: readonly string[];
  readonly known: ReadonlySet<string>;
}

const MEMBERS: Readonly<Record<Action['type'], Members>> = {
  update: members({ others: ['add', 'set', 'setIfAbsent', 'condition'] }),
  put: members({ others: ['attributes', 'condition'] }),
  'put-if-absent': members({ others: ['attributes'] }),
  check: members({ others: ['condition'] }),
  raise: members({ texts: ['attribute', 'below', 'to'] }),
  'compare-and-set': members({ texts: ['attribute', 'previous', 'next'] }),
};

function members({ texts = [], others = [] }: Readonly<Record<string, readonly string[]>>): Members {
  return { texts, known: new Set(['type', 'table', 'key', ...texts, ...others]) };
}

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
  const items: unknown[] = [];
  // Names that ascend, as those of a commit do, are of different items; to see that takes a fraction of what a set of them does.
  let isAscending = true;
  let bytes = 0;
  for (const action of actions) {
    const malformed = whyMalformed(action);
    const size = malformed === undefined ? sizeOf(action) : 0;
    const fault = malformed ?? whyTooLarge(action, size);
    if (fault !== undefined) {
      throw new TransactionRefusedError(fault);
    }
    const item = identify(action);
    isAscending &&= items.length === 0 || isBefore(items.at(-1), item);
    items.push(item);
    bytes += size;
  }
  if (!isAscending && new Set(items).size !== items.length) {
    throw new TransactionRefusedError('two actions of one transaction are on one item');
  }
  if (bytes > TRANSACTION_BYTES_MAX) {
    throw new TransactionRefusedError(
      `a transaction has at most ${TRANSACTION_BYTES_MAX} bytes, not ${bytes}`,
    );
  }
}

function isBefore(a: unknown, b: unknown): boolean {
  return typeof a === 'string' && typeof b === 'string' && a < b;
}

/**
 * Says why DynamoDB would not take an action, whatever made it; JavaScript can make any.
 *
 * @returns the reason, without values of keys or attributes; undefined: none is known
 */
export function whyUnsendable(action: Action): string | undefined {
  return whyMalformed(action) ?? whyTooLarge(action, sizeOf(action));
}

/**
 * Says why DynamoDB would not take what the content of a record has made of an action: its key, a number, its size.
 *
 * @returns undefined: none of these is the fault, whatever else is wrong, which is the program's
 */
export function whyContentRefused(action: Action): RecordRefusal | undefined {
  const keyFault = action?.key && whyUnusableKey(action.key);
  if (keyFault !== undefined) {
    return { code: 'invalid-key', reason: keyFault };
  }
  if (hasWrongContent(action)) {
    return {
      code: 'invalid-value',
      reason: 'a write of the record has a number or text that DynamoDB does not take as it is',
    };
  }
  const sizeFault = whyMalformed(action) === undefined ? whyTooLarge(action, sizeOf(action)) : undefined;
  return sizeFault === undefined ? undefined : { code: 'record-too-large', reason: sizeFault };
}

/** Looks wherever an action has values: in its attributes, what it adds, its condition. */
function hasWrongContent(part: unknown): boolean {
  if (typeof part !== 'object' || part === null || part instanceof Uint8Array) {
    return false;
  }
  const { add } = part as { readonly add?: unknown };
  const added = typeof add === 'object' && add !== null ? Object.values(add) : [];
  return (
    isWrongContent(part) ||
    added.some((N) => isWrongContent({ N })) ||
    Object.values(part).some((member) => hasWrongContent(member))
  );
}

/** Whether an action has more bytes than an item may have. */
export function isTooLarge(action: Action): boolean {
  return sizeOf(action) > ITEM_BYTES_MAX;
}

function whyTooLarge(action: Action, bytes: number): string | undefined {
  return bytes > ITEM_BYTES_MAX
    ? `${action.type} on ${action.table}: an item has at most ${ITEM_BYTES_MAX} bytes, not ${bytes}`
    : undefined;
}

function whyMalformed(action: Action): string | undefined {
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

function whyUnsendableMember(action: Action, { texts, known }: Members): string | undefined {
  for (const member of Object.keys(action)) {
    if (!known.has(member)) {
      return `there is no member ${member}`;
    }
  }
  for (const member of texts) {
    const text = (action as unknown as Record<string, unknown>)[member];
    if (typeof text !== 'string') {
      return `${member} must be text, not ${typeof text}`;
    }
  }
  return whyUnusableKey(action.key) ?? whyUnusableCondition(action) ?? whyUnwritable(action);
}

function whyUnusableCondition(action: Action): string | undefined {
  const condition = conditionOf(action);
  return condition === undefined && action.type !== 'check' ? undefined : whyNoCondition(condition);
}

function whyUnwritable(action: Action): string | undefined {
  switch (action.type) {
    case 'update':
      return whyNoUpdate(action);
    case 'put':
    case 'put-if-absent':
      return whyNoAttributes('attributes', action.attributes);
    default:
      return undefined;
  }
}

function whyNoUpdate({ key, add = {}, set = {}, setIfAbsent = {} }: Update): string | undefined {
  if (typeof add !== 'object' || add === null) {
    return 'add must be an object';
  }
  for (const [attribute, by] of Object.entries(add)) {
    if (typeof by !== 'string') {
      return `what is added to ${attribute} must be text, not ${typeof by}`;
    }
    if (!isNumber(by)) {
      return `what is added to ${attribute} ${whyNoValue({ N: by })}`;
    }
  }
  const fault = whyNoAttributes('set', set) ?? whyNoAttributes('setIfAbsent', setIfAbsent);
  if (fault !== undefined) {
    return fault;
  }
  const attributes = [...Object.keys(add), ...Object.keys(set), ...Object.keys(setIfAbsent)];
  if (attributes.length === 0) {
    return 'it changes nothing: add, set or setIfAbsent must have an attribute';
  }
  const ofKey = attributes.find((attribute) => Object.hasOwn(key, attribute));
  if (ofKey !== undefined) {
    return `${ofKey} belongs to the key and cannot be changed`;
  }
  const twice = attributes.find((attribute, index) => attributes.indexOf(attribute) !== index);
  if (twice !== undefined) {
    return `${twice} is changed twice`;
  }
  return isTooLong({ add, set, setIfAbsent })
    ? `it changes ${attributes.length} attributes, more than an expression of ${EXPRESSION_BYTES_MAX} bytes takes`
    : undefined;
}

/** @returns why these are no attributes, without values; undefined: nothing is wrong */
export function whyNoAttributes(member: string, attributes: unknown): string | undefined {
  if (typeof attributes !== 'object' || attributes === null) {
    return `${member} must be an object`;
  }
  for (const [attribute, value] of Object.entries(attributes)) {
    if (attribute === '') {
      return 'an attribute must have a name';
    }
    const fault = whyNoValue(value);
    if (fault !== undefined) {
      return `${attribute} ${fault}`;
    }
  }
  return undefined;
}

/** @returns why DynamoDB would not take a key, without values; undefined: nothing is known to be wrong */
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
      return `the key ${attribute} ${whyNoValue(value)}`;
    }
    if (type === 'N') {
      continue;
    }
    // Nearly every key is a text that cannot be too long, so that its bytes need no counting.
    const isShort = value.S !== undefined && !isLongerThan(value.S, KEY_BYTES_MAX);
    const bytes = isShort ? value.S.length : bytesOfValue(value);
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

/** Bytes that an action writes, as DynamoDB counts them: names and values in UTF-8; a number counts its digits at most. */
export function sizeOf(action: Action): number {
  const { key } = action;
  const bytes = bytesOfItem(key);
  if (action.type === 'update') {
    const { add = {}, set, setIfAbsent } = action;
    let added = 0;
    for (const name of Object.keys(add)) {
      added += utf8Length(name) + utf8Length(add[name] as string);
    }
    return bytes + added + bytesOfItem(set) + bytesOfItem(setIfAbsent);
  }
  // A key attribute that is given again among the attributes counts once.
  return 'attributes' in action ? bytes + bytesOfItem(action.attributes, key) : bytes;
}
