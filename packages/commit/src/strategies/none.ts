import type { Strategy } from '../strategy.ts';

/**
 * No guard at all: every delivery counts. The reference that the others are measured against; never for production.
 *
 * @returns the strategy, for {@link commitBatch} or `commitOnce`
 */
export function none({
  newName = () => crypto.randomUUID(),
}: {
  /** Gives a name that was never given before, for a row of sums. Default: a random one. */
  newName?: (() => string) | undefined;
} = {}): Strategy<'id'> {
  return {
    code: 'none',
    identifiesBy: 'id',
    guardSize: () => 0,
    open: () => ({ guard: () => ({ name: newName(), actions: [] }) }),
  };
}
