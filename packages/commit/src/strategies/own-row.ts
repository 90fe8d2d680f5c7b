import { GuardViolationError } from '../errors.ts';
import type { CommitRecord, Division, Guard } from '../strategy.ts';
import type { FailedCondition } from '../transaction-port.ts';

/**
 * Parts a group whose only condition is that of a row named by its guard: the row is there, so the group was committed.
 *
 * @throws {@link GuardViolationError} when another condition failed.
 */
export function divideByOwnRow(
  group: readonly CommitRecord[],
  guard: Guard,
  failures: readonly FailedCondition[],
): Division {
  for (const { action } of failures) {
    const isOwnRow =
      action.type === 'put-if-absent' &&
      Object.values(action.key).some((value) => 'S' in value && value.S === guard.name);
    if (!isOwnRow) {
      throw new GuardViolationError(`a condition failed that is no guard: ${action.type} on ${action.table}`);
    }
  }
  return { fresh: [], applied: group };
}
