import { requestToken } from '@oncefold/request-token';
import { assertKnownOptions } from '../assert-known-options.ts';
import { assertNames } from '../assert-names.ts';
import type { Strategy } from '../strategy.ts';

/**
 * Guards a group with a ClientRequestToken made from the identities of its records.
 *
 * It holds for the same group within 10 minutes of its first completion, and for nothing else: after that, or in another
 * grouping, the same records count again. A token that was used with other actions is taken as committed,
 * because the store refuses to say more; the report counts it, so that it can be seen and alarmed on.
 *
 * @param options.namespace - separates stacks that share an account and a Region
 * @param options.consumer - the name under which this function consumes the stream
 * @returns the strategy, for {@link commitBatch} or `commitOnce`
 * @throws {@link StrategyError} when an option is missing or unknown
 * @throws {@link RequestTokenError} when the namespace or the consumer is empty or too long
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export function requestTokenStrategy(options: { namespace: string; consumer: string }): Strategy<'id'> {
  assertKnownOptions('requestTokenStrategy', options, {
    known: ['namespace', 'consumer'],
    required: ['namespace', 'consumer'],
  });
  const { namespace, consumer } = options;
  assertNames(options);
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
