import { checkpoint, ledger, none, requestTokenStrategy } from '@oncefold/commit';
import type { CommitStageOptions } from './commit-stage.ts';

/** How long the ledger of a simulated stage keeps markers, in seconds: longer than a record can be late, which is two days. */
const RETENTION_SECONDS = 3 * 86_400;

/** Strategies of `@oncefold/commit` that need nothing but a store. */
export type StrategyName = 'none' | 'request-token' | 'ledger' | 'checkpoint';

/** A stage for each of the strategies. */
export const commitStrategies: Readonly<Record<StrategyName, CommitStageOptions>> = {
  none: { name: 'none', parallelizationFactorMax: 4, strategy: ({ newName }) => none({ newName }) },
  'request-token': {
    name: 'request-token',
    parallelizationFactorMax: 4,
    strategy: ({ namespace, consumer }) => requestTokenStrategy({ namespace, consumer }),
  },
  ledger: {
    name: 'ledger',
    parallelizationFactorMax: 4,
    knowsNames: true,
    strategy: ({ namespace, consumer, clock }) =>
      ledger({
        namespace,
        consumer,
        table: 'Ledger',
        retentionSeconds: RETENTION_SECONDS,
        now: () => clock.now(),
      }),
  },
  checkpoint: {
    name: 'checkpoint',
    strategy: ({ namespace, consumer, parallelizationFactor }) =>
      checkpoint({
        namespace,
        consumer,
        parallelizationFactor,
        table: 'Positions',
        startsTable: 'Ledger',
      }),
  },
};
