import { ROW_KEYS_MAX } from '@oncefold/commit';
import type { ImageOf } from '@oncefold/middleware';
import type { Refusal } from '@oncefold/middleware/quarantine';
import {
  type Contribution,
  ContributionError,
  isLongerThan,
  parseContribution,
  parseSum,
  sumContributions,
} from '@oncefold/reducer';
import { isRecountKey } from '@oncefold/trades';
import type { DynamoDBRecord } from 'aws-lambda';

type Image = ImageOf<DynamoDBRecord>;

/** Longest key of an aggregate, in UTF-8 bytes: the limit of a partition key. */
const KEY_BYTES_MAX = 2048;

/**
 * No sum of a row reaches it: a row holds at most 5,000 changes of values below 10^18 to values above -10^18. And so much
 * is far enough from 10^26, the limit of a sum, that the 10,000 rows of the largest batch cannot reach that.
 */
const SUM_LIMIT = parseSum('1e22');

/** What a row of sums adds, or why it cannot be added. */
export type Row =
  | { readonly code: 'valid'; readonly contribution: Contribution }
  | { readonly code: 'invalid'; readonly refusal: Refusal };

/**
 * Reads a row of sums. Any program may have written it, so what it cannot be if the map function wrote it is refused.
 *
 * @param options.countsRecount - whether to read the sums of a recount, which are in an attribute of their own
 */
export function readRow(image: Image, { countsRecount }: { readonly countsRecount: boolean }): Row {
  if (image['Message'] === undefined) {
    return refuse('missing-field', 'Message');
  }
  const sums = readSums(image, 'Message');
  if (sums.code === 'invalid' || !countsRecount || image['Recount'] === undefined) {
    return sums;
  }
  const recount = readSums(image, 'Recount');
  if (recount.code === 'invalid') {
    return recount;
  }
  const contribution = sumContributions([sums.contribution, recount.contribution]);
  return contribution.size > ROW_KEYS_MAX
    ? refuse('too-many-keys', 'Message')
    : { code: 'valid', contribution };
}

function readSums(image: Image, attribute: 'Message' | 'Recount'): Row {
  const text = image[attribute]?.S;
  if (text === undefined) {
    return refuse('wrong-type', attribute);
  }
  try {
    const contribution = parseContribution(text);
    const reason = reasonAgainst(contribution, attribute);
    return reason === undefined ? { code: 'valid', contribution } : refuse(reason, attribute);
  } catch (error) {
    if (error instanceof ContributionError) {
      return refuse(error.code, attribute);
    }
    throw error;
  }
}

function reasonAgainst(contribution: Contribution, attribute: 'Message' | 'Recount'): string | undefined {
  if (contribution.size > ROW_KEYS_MAX) {
    return 'too-many-keys';
  }
  for (const [key, sum] of contribution) {
    // Sums of a recount are no nodes, nor the other way round.
    if (isRecountKey(key) !== (attribute === 'Recount')) {
      return 'reserved-key';
    }
    if (key === '') {
      return 'empty-text';
    }
    if (isLongerThan(key, KEY_BYTES_MAX)) {
      return 'too-long';
    }
    if (!key.isWellFormed()) {
      return 'malformed-unicode';
    }
    if (sum >= SUM_LIMIT || sum <= -SUM_LIMIT) {
      return 'out-of-range';
    }
  }
  return undefined;
}

function refuse(reason: string, detail: string): Row {
  return { code: 'invalid', refusal: { reason, detail } };
}
