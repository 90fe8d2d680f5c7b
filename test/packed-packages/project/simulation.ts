import { ledger } from '@oncefold/commit';
import { commitStage, type Simulation } from '@oncefold/simulator';

/** A team tests the guard of its own function: `npx oncefold simulate --module simulation.ts`. */
export const simulation: Simulation = commitStage({
  name: 'stock',
  strategy: ({ clock, namespace, consumer }) =>
    ledger({ namespace, consumer, table: 'Ledger', retentionSeconds: 8 * 86_400, now: () => clock.now() }),
});
