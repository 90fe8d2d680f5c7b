import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { toBase64Url } from './base64url.ts';
import { encodeBatch } from './encode-batch.ts';
import { identityKey } from './identity-key.ts';
import { RequestTokenError } from './request-token-error.ts';

/** 27 bytes are 36 base64url characters, which is the longest ClientRequestToken that DynamoDB takes. */
const DIGEST_BYTES_USED = 27;

/** More records than the largest batch that Lambda hands to a function. */
const RECORD_IDS_MAX = 10_000;

const TEXT_BYTES_MAX = 1024;
/** UTF-8 needs at most three bytes for one UTF-16 code unit. */
const BYTES_PER_CODE_UNIT_MAX = 3;

/** What names a batch. */
export interface RequestTokenOptions {
  /** Separates deployments that share a table; 1 to 1,024 UTF-8 bytes. */
  readonly namespace: string;
  /** The name under which a function consumes a stream; 1 to 1,024 UTF-8 bytes. Two consumers never share one. */
  readonly consumer: string;
  readonly source: string;
  /** 1 to 10,000 different ids of 1 to 1,024 UTF-8 bytes each, in any order. */
  readonly recordIds: readonly string[];
}

/**
 * Names a batch by its records, as a ClientRequestToken for TransactWriteItems.
 *
 * The same set of records under the same namespace and consumer always has the same token, in whatever order the
 * records stand; any other set has another one, but for collisions of 216 bits of SHA-256. The token depends on
 * nothing else: not on content, position or time.
 *
 * It protects a repetition of the same batch within 10 minutes of the first completion, and no more than that:
 * DynamoDB forgets the token then, and a batch that is cut anew has another one.
 * See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html.
 *
 * @param options - Namespace, consumer and record ids.
 * @returns 36 characters of the base64url alphabet.
 * @throws {@link RequestTokenError} When a field is missing, empty, too long, malformed, or an id is given twice.
 *
 * @example
 * ```ts
 * const token = requestToken({
 *   namespace: 'production',
 *   consumer: 'reduce',
 *   recordIds: event.Records.map((record) => record.eventID),
 * });
 * ```
 */
export function requestToken(options: RequestTokenOptions): string {
  const { namespace, consumer, source, recordIds: ids } = options;
  const recordIds = ids.map((id) => identityKey({ namespace, consumer, source, id }));
  checkText('namespace', namespace);
  checkText('consumer', consumer);
  checkRecordIds(recordIds);
  // The default order compares UTF-16 code units, as RFC 8785 does for names: every language can repeat it.
  const digest = sha256(encodeBatch({ namespace, consumer, recordIds: [...recordIds].sort() }));
  return toBase64Url(digest.subarray(0, DIGEST_BYTES_USED));
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

function checkText(field: string, text: unknown): void {
  if (typeof text !== 'string') {
    throw new RequestTokenError('not-text', field);
  }
  if (text === '') {
    throw new RequestTokenError('empty', field);
  }
  if (isTooLong(text)) {
    throw new RequestTokenError('too-long', field);
  }
  if (!text.isWellFormed()) {
    throw new RequestTokenError('malformed-unicode', field);
  }
}

/** Encodes only what is neither surely short enough nor surely too long. */
function isTooLong(text: string): boolean {
  if (text.length * BYTES_PER_CODE_UNIT_MAX <= TEXT_BYTES_MAX) {
    return false;
  }
  return text.length > TEXT_BYTES_MAX || utf8ToBytes(text).length > TEXT_BYTES_MAX;
}
