import { createWorkload, type TradeClaim, truthOf } from '@oncefold/workshop';
import { type Sums, sumChanges } from './sums.ts';

/** What happened to one trade: it is new, or another version took the place of the one before. */
export interface TradeChange {
  readonly before: TradeClaim | undefined;
  readonly after: TradeClaim;
}

/** Trades are made from here on, in milliseconds since the epoch: nothing of an input may depend on the clock. */
export const START_MILLISECONDS = 1_763_884_800_000;

/**
 * Makes the changes of the state table that a load of the lab comes to.
 *
 * @param options.messages - trade messages in the load; those that repeat others or come too late change nothing
 * @param options.seed - the same seed, the same changes
 * @returns changes in order of arrival
 * @throws when their sums are not what the load's own truth says
 */
export function tradeChanges(options: { readonly messages: number; readonly seed: number }): TradeChange[] {
  const workload = createWorkload({ ...options, startMilliseconds: START_MILLISECONDS });
  const standing = new Map<string, TradeClaim>();
  const changes: TradeChange[] = [];
  const messages = workload.calls.flatMap((call) => call.messages);
  for (const message of messages) {
    if (message.kind === 'invalid') {
      continue;
    }
    const before = standing.get(message.claim.tradeId);
    if (before !== undefined && before.version >= message.claim.version) {
      continue;
    }
    standing.set(message.claim.tradeId, message.claim);
    changes.push({ before, after: message.claim });
  }
  const { nodes } = truthOf(messages, workload.dimensions);
  assertEqual(
    sumChanges(changes, (path) => path),
    nodes,
  );
  return changes;
}

function assertEqual(sums: Sums, nodes: ReadonlyMap<string, string>): void {
  const texts = sums.format();
  for (const [node, sum] of nodes) {
    if ((texts.get(node) ?? '0') !== sum) {
      throw new Error(`invariant: the truth of ${node} is disputed`);
    }
  }
}
