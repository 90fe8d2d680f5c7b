import { createSha256 } from '#sha256';
import { checkText } from './check-text.ts';
import { encodeBatch } from './encode-batch.ts';
import { createKeys, type Origin } from './identity-key.ts';
import { RequestTokenError } from './request-token-error.ts';

/** The longest ClientRequestToken that DynamoDB takes; as base64url it holds 216 bits. */
const TOKEN_LENGTH = 36;

/** More than the user records that an event of 6 MB can have, each of which takes some bytes of an aggregated one. */
const RECORD_IDS_MAX = 1_000_000;

/** What names a batch. */
export interface RequestTokenOptions extends Origin {
  /** 1 to 1,000,000 different ids, none of them empty, in any order. */
  readonly recordIds: readonly string[];
}

/**
 * Names a batch by its records, as a ClientRequestToken for TransactWriteItems.
 *
 * The same set of records of the same source under the same namespace and consumer always has the same token, in
 * whatever order the records stand; any other set has another one, but for collisions of 216 bits of SHA-256. The
 * token is made from the records' identities, each as {@link identityKey} writes it, and depends on nothing else:
 * not on content, position or time.
 *
 * It protects a repetition of the same batch within 10 minutes of the first completion, and no more than that:
 * DynamoDB forgets the token then, and a batch that is cut anew has another one.
 * See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html.
 *
 * @param options - namespace, consumer, source and record ids
 * @returns 36 characters of the base64url alphabet
 * @throws {@link RequestTokenError} when a field is missing or empty, when namespace, consumer or source are too long
 * or malformed, or when an id is given twice
 *
 * @example
 * ```ts
 * import { requestToken } from '@oncefold/request-token';
 *
 * const token = requestToken({
 *   namespace: 'production',
 *   consumer: 'stock',
 *   source: 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders',
 *   recordIds: ['order-1', 'order-2'],
 * });
 * ```
 */
export function requestToken(options: RequestTokenOptions): string {
  const { recordIds } = options;
  const { prefix, isPlain, keyOf } = createKeys(options);
  checkList(recordIds);
  // Which one is at fault is found in a second pass, with a set of them: the first takes a tenth of the time.
  if (!areTexts(recordIds)) {
    throw faultOf(recordIds);
  }
  // Plain keys differ in their ids only, so that these are in the order of their keys, and what they begin with is encoded once.
  const arePlain = recordIds.every(isPlain);
  const rests = inOrder(arePlain ? recordIds : recordIds.map(keyOf));
  if (rests === undefined) {
    throw faultOf(recordIds);
  }
  const hash = createSha256();
  encodeBatch(arePlain ? prefix : '', rests, hash.update);
  // 36 characters are 27 bytes: no padding, and no cut within a byte.
  return hash.digest().slice(0, TOKEN_LENGTH);
}

function checkList(recordIds: readonly string[]): void {
  if (!Array.isArray(recordIds)) {
    throw new RequestTokenError('not-a-list', 'recordIds');
  }
  if (recordIds.length === 0) {
    throw new RequestTokenError('empty', 'recordIds');
  }
  if (recordIds.length > RECORD_IDS_MAX) {
    throw new RequestTokenError('too-many', 'recordIds');
  }
}

/** Not by a method of the list: those skip the holes that it may have. */
function areTexts(recordIds: readonly unknown[]): boolean {
  for (const recordId of recordIds) {
    if (typeof recordId !== 'string' || recordId === '') {
      return false;
    }
  }
  return true;
}

/** Finds the first id that is no text, or empty, or repeats an earlier one. */
function faultOf(recordIds: readonly string[]): Error {
  const seen = new Set<unknown>();
  const index = recordIds.findIndex(
    (recordId: unknown) =>
      recordId === '' || typeof recordId !== 'string' || seen.size === seen.add(recordId).size,
  );
  checkText(`recordIds[${index}]`, recordIds[index]);
  return new RequestTokenError('duplicate', `recordIds[${index}]`);
}

/**
 * Sorts, because a token names a set: the same records in another order are the same batch. The records of a shard come in this order.
 *
 * The default order compares UTF-16 code units, as RFC 8785 does for names: every language can repeat it (in Python
 * `key=lambda text: text.encode('utf-16-be')`).
 *
 * @returns undefined when one is there twice
 */
function inOrder(texts: readonly string[]): readonly string[] | undefined {
  if (isAscending(texts)) {
    return texts;
  }
  const sorted = [...texts].sort();
  return isAscending(sorted) ? sorted : undefined;
}

function isAscending(texts: readonly string[]): boolean {
  // Less than every text that is not empty.
  let previous = '';
  for (const text of texts) {
    if (!(previous < text)) {
      return false;
    }
    previous = text;
  }
  return true;
}
