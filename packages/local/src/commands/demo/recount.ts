import { type Decimal, messageCountName, parseSum } from '@oncefold/reducer';
import type { Accounting } from '../read-accounting.ts';
import type { Judgement } from './judge.ts';

/**
 * Says whether a judgement may be wrong only because records are counted under the wrong outcome.
 *
 * A function that is killed between its writes and its account counts a record anew when the batch comes again, and finds
 * it stale if a newer version has been written meanwhile, although the record was applied. Then every node is exact, the
 * account closes, and `message_count` is larger than what is counted as applied, by no more than what is counted as stale.
 *
 * @param judgement - The judgement.
 * @param accounting - The account that it rests on.
 * @returns Whether the changes are worth counting.
 */
export function mayBeMiscounted(judgement: Judgement, accounting: Accounting): boolean {
  const wrong = judgement.sums.filter((sum) => sum.difference !== 0n);
  const [first] = wrong;
  if (!judgement.closes || wrong.length !== 1 || first?.key !== messageCountName) return false;
  return isWithin(first.difference, accounting.stale);
}

/**
 * Puts records under the outcome that they had first.
 *
 * @param accounting - The state function's account.
 * @param changes - How many changes the state table's stream holds: each is one applied message.
 * @returns The account with the same sum, or the same account where the changes do not explain it.
 */
export function recount(accounting: Accounting, changes: number): Accounting {
  const moved = changes - accounting.applied;
  if (moved <= 0 || moved > accounting.stale) return accounting;
  return { ...accounting, applied: changes, stale: accounting.stale - moved };
}

function isWithin(difference: Decimal, count: number): boolean {
  return difference > 0n && difference <= parseSum(String(count));
}
