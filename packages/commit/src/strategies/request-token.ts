import { requestToken } from '@oncefold/request-token';
import { assertKnownOptions } from '../assert-known-options.ts';
import { type Names, resolveNames } from '../resolve-names.ts';
import type { Strategy } from '../strategy.ts';

/**
 * Guards a group with a ClientRequestToken made from the identities of its records.
 *
 * It holds for the same group within 10 minutes of its first completion, and for nothing else: after that, or in another
 * grouping, the same records count again. A token that was used with other actions is taken as committed,
 * because the store refuses to say more; the report counts it, so that it can be seen and alarmed on.
 *
 * @param options - the names; both default to the name of the Lambda function
 * @returns the strategy, for {@link commitBatch} or `commitOnce`
 * @throws {@link StrategyError} when an option is unknown, or a name is missing, empty or too long
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export function requestTokenStrategy(options: Names = {}): Strategy<'id'> {
  assertKnownOptions('requestTokenStrategy', options, {
    known: ['namespace', 'consumer'],
    required: [],
  });
  const { namespace, consumer } = resolveNames('requestTokenStrategy', options);
  return {
    code: 'request-token',
    identifiesBy: 'id',
    guardSize: () => 0,
    open: ({ source }) => ({
      guard: (group) => {
        const recordIds = group.map((record) => record.id);
        const token = requestToken({ namespace, consumer, source, recordIds });
        return { name: token, actions: [], token };
      },
      // The row is named by exactly these records, so it is their commit.
      onRowExists: (group) => ({ fresh: [], applied: group }),
      onTokenMismatch: (group) => ({ fresh: [], applied: group }),
    }),
  };
}
