import { checkpoint, ledger, none, requestTokenStrategy, type Strategy } from '@oncefold/commit';
import type { FunctionEnvironment } from '@oncefold/simulator';

/** Strategies that a simulated stage can have. */
export type SimulatedStrategy = 'none' | 'request-token' | 'ledger' | 'checkpoint';

/** How long markers and rows of sums are kept, in seconds: as the template has it, longer than any stream keeps a record. */
export const RETENTION_SECONDS: number = 8 * 24 * 60 * 60;

/** Makes a stage's strategy as its composition root does, with the names of this stage. */
export function createStrategy(
  code: SimulatedStrategy,
  { clock, newName }: FunctionEnvironment,
  names: { readonly namespace: string; readonly consumer: string },
): Strategy {
  switch (code) {
    case 'none':
      return none({ newName });
    case 'request-token':
      return requestTokenStrategy(names);
    case 'ledger':
      return ledger({
        ...names,
        table: 'LedgerTable',
        retentionSeconds: RETENTION_SECONDS,
        now: () => clock.now(),
      });
    case 'checkpoint':
      return checkpoint({
        ...names,
        table: 'PositionTable',
        startsTable: 'LedgerTable',
        parallelizationFactor: 1,
      });
  }
}
