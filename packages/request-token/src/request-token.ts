import { sha256Base64Url } from '#sha256';
import { checkText } from './check-text.ts';
import { encodeBatch } from './encode-batch.ts';
import { createIdentityKeys, type Origin } from './identity-key.ts';
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
  const keyOf = createIdentityKeys(options);
  checkRecordIds(recordIds);
  // The default order compares UTF-16 code units, as RFC 8785 does for names: every language can repeat it (in Python
  // `key=lambda text: text.encode('utf-16-be')`). Sorted, because a token names a set: the same records in another order
  // are the same batch. 36 characters are 27 bytes: no padding, and no cut within a byte.
  return sha256Base64Url(encodeBatch(recordIds.map((id) => keyOf(id)).sort())).slice(0, TOKEN_LENGTH);
}

function checkRecordIds(recordIds: readonly string[]): void {
  if (!Array.isArray(recordIds)) {
    throw new RequestTokenError('not-a-list', 'recordIds');
  }
  if (recordIds.length === 0) {
    throw new RequestTokenError('empty', 'recordIds');
  }
  if (recordIds.length > RECORD_IDS_MAX) {
    throw new RequestTokenError('too-many', 'recordIds');
  }
  const seen = new Set<string>();
  for (const [index, recordId] of recordIds.entries()) {
    checkText(`recordIds[${index}]`, recordId);
    if (seen.has(recordId)) {
      throw new RequestTokenError('duplicate', `recordIds[${index}]`);
    }
    seen.add(recordId);
  }
}
