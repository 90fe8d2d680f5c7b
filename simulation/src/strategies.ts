import {
  type CheckpointOptions,
  checkpoint,
  type LedgerOptions,
  ledger,
  none,
  type RedriveOptions,
  requestTokenStrategy,
  type Strategy,
} from '@oncefold/commit';
import type { FunctionEnvironment } from '@oncefold/simulator';

/** Strategies that a simulated stage can have. */
export type SimulatedStrategy = 'none' | 'request-token' | 'ledger' | 'checkpoint';

/** How long markers and rows of sums are kept, in seconds: as the template has it, longer than any stream keeps a record. */
export const RETENTION_SECONDS: number = 8 * 24 * 60 * 60;

interface Names {
  readonly namespace: string;
  readonly consumer: string;
}

/** Makes a stage's strategy as its composition root does, with the names of this stage. */
export function createStrategy(
  code: SimulatedStrategy,
  environment: FunctionEnvironment,
  names: Names,
): Strategy {
  switch (code) {
    case 'none':
      return none(environment);
    case 'request-token':
      return requestTokenStrategy(names);
    case 'ledger':
      return ledger(ledgerOptions(environment, names));
    case 'checkpoint':
      return checkpoint(checkpointOptions(environment, names));
  }
}

/** What the guard of batches that were given up is made with. */
export function redriveOptions(
  code: 'ledger' | 'checkpoint',
  environment: FunctionEnvironment,
  names: Names,
): RedriveOptions {
  return {
    ledger: ledgerOptions(environment, names),
    ...(code === 'ledger'
      ? { formerPositions: 'PositionTable' }
      : { checkpoint: checkpointOptions(environment, names) }),
    reader: environment.reader,
  };
}

function ledgerOptions({ clock }: FunctionEnvironment, names: Names): LedgerOptions {
  return { ...names, table: 'LedgerTable', retentionSeconds: RETENTION_SECONDS, now: () => clock.now() };
}

function checkpointOptions({ clock }: FunctionEnvironment, names: Names): CheckpointOptions {
  return {
    ...names,
    table: 'PositionTable',
    startsTable: 'LedgerTable',
    parallelizationFactor: 1,
    ranges: { retentionSeconds: RETENTION_SECONDS, now: () => clock.now() },
  };
}
