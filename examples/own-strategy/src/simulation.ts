import { commitStage, type Simulation } from '@oncefold/simulator';
import { batchMarker } from './batch-marker.ts';

/** For the test beside it, and for `oncefold simulate --module`. */
export const simulation: Simulation = commitStage({
  name: 'batch marker',
  strategy: (names) => batchMarker({ ...names, table: 'Ledger' }),
});
