import { requestToken } from '@oncefold/request-token';
import { type Strategy, withoutRepetitions } from '../strategy.ts';
import { divideByOwnRow } from './own-row.ts';

/**
 * Guards a group with a ClientRequestToken made from its record ids.
 *
 * It holds for the same group within 10 minutes of its first completion, and for nothing else: after that, or when the stream
 * is cut into other groups, the same records count again. A token that was used with other actions is taken as committed,
 * because the store refuses to say more; the report counts it, so that it can be seen and alarmed on.
 *
 * @param options.namespace - parts stacks that share an account and a Region.
 * @param options.consumer - the name under which this function consumes the stream.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export function requestTokenStrategy(options: { namespace: string; consumer: string }): Strategy {
  return {
    code: 'request-token',
    guardSize: () => 0,
    forget: () => {},
    open: async () => ({
      admit: withoutRepetitions,
      guard: (group) => {
        const token = requestToken({ ...options, recordIds: group.map((record) => record.id) });
        return { name: token, actions: [], token };
      },
      onConditionFailed: divideByOwnRow,
      onTokenMismatch: (group) => ({ fresh: [], applied: group }),
      onCommitted: () => {},
    }),
  };
}
