import { GuardViolationError } from '../errors.ts';
import type { Strategy } from '../strategy.ts';

/**
 * No guard at all: every delivery counts. The reference that the others are measured against; never for production.
 *
 * @param options.newName - gives a name that was never given before; a row of sums needs one, and a team that guards nothing
 * takes a random one.
 */
export function none(options: { newName: () => string }): Strategy {
  return {
    code: 'none',
    guardSize: () => 0,
    forget: () => {},
    open: async () => ({
      admit: (records) => ({ fresh: records, applied: [] }),
      guard: () => ({ name: options.newName(), actions: [] }),
      onConditionFailed: () => {
        throw new GuardViolationError('a name that must be new is taken: newName repeats itself');
      },
      onTokenMismatch: () => {
        throw new GuardViolationError('a token mismatch was reported for a transaction without a token');
      },
      onCommitted: () => {},
    }),
  };
}
