import type { Strategy } from '@oncefold/commit';
import { requestToken } from '@oncefold/request-token';

/**
 * A strategy as many teams write it: one marker for each batch, put in the batch's own transaction, only if it is absent.
 *
 * It holds as long as a batch is redelivered as it was. Whether that is enough, the simulator says.
 */
export function batchMarker(options: {
  readonly namespace: string;
  readonly consumer: string;
  readonly table: string;
}): Strategy {
  const { namespace, consumer, table } = options;
  return {
    code: 'ledger',
    identifiesBy: 'id',
    guardSize: () => 1,
    open: ({ source }) => ({
      guard: (group) => {
        const name = requestToken({ namespace, consumer, source, recordIds: group.map(({ id }) => id) });
        return {
          name,
          actions: [{ type: 'put-if-absent', table, key: { Marker: { S: name } }, attributes: {} }],
        };
      },
      onGuardFailed: ({ group, pending }) => ({ fresh: pending.slice(group.length), applied: group }),
    }),
  };
}
