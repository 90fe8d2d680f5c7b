import { ROW_KEYS_MAX } from '@oncefold/commit';
import type { Image, Refusal } from '@oncefold/function-kit';
import {
  type Contribution,
  ContributionError,
  isLongerThan,
  parseContribution,
  parseSum,
} from '@oncefold/reducer';

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

/** Reads a row of sums. Any program may have written it, so what it cannot be if the map function wrote it is refused. */
export function readRow(image: Image): Row {
  const message = image['Message'];
  if (message === undefined) {
    return refuse('missing-field');
  }
  if (message.S === undefined) {
    return refuse('wrong-type');
  }
  try {
    const contribution = parseContribution(message.S);
    const reason = reasonAgainst(contribution);
    return reason === undefined ? { code: 'valid', contribution } : refuse(reason);
  } catch (error) {
    if (error instanceof ContributionError) {
      return refuse(error.code);
    }
    throw error;
  }
}

function reasonAgainst(contribution: Contribution): string | undefined {
  if (contribution.size > ROW_KEYS_MAX) {
    return 'too-many-keys';
  }
  for (const [key, sum] of contribution) {
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

function refuse(reason: string): Row {
  return { code: 'invalid', refusal: { reason, detail: 'Message' } };
}
