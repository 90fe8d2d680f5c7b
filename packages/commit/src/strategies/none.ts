import type { Strategy } from '../strategy.ts';

/**
 * No guard at all: every delivery counts. The reference that the others are measured against; never for production.
 *
 * @param options.newName - gives a name that was never given before; a row of sums needs one, and a team that guards nothing
 * takes a random one, as by default
 * @returns the strategy, for {@link commitBatch} or `commitOnce`
 */
export function none({
  newName = () => crypto.randomUUID(),
}: {
  newName?: (() => string) | undefined;
} = {}): Strategy<'id'> {
  return {
    code: 'none',
    identifiesBy: 'id',
    guardSize: () => 0,
    open: () => ({ guard: () => ({ name: newName(), actions: [] }) }),
  };
}
