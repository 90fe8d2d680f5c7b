import { systemOperationsClock } from '@oncefold/operations/tables';
import { lookAtTables } from '../../check/look.ts';
import { readContract } from '../../pipeline/pipeline-contract.ts';
import type { Pipeline } from '../../pipeline/start-pipeline.ts';
import type { SumsSource } from './sums-source.ts';

/** The sums as `oncefold check` makes them anew from every trade, for a pipeline whose senders nobody knows. */
export function recomputedSums({ application, clients }: Pipeline): SumsSource {
  const { tables, hierarchy } = readContract(application);
  return {
    describe: (time) => `Recomputed from ${tables.state} at ${time}`,
    isCostly: true,
    isComplete: () => true,
    async compare(signal) {
      const access = { client: clients.dynamodb, clock: systemOperationsClock, signal };
      const { nodes, messageCount } = await lookAtTables(access, { tables, hierarchy }, new Map());
      return messageCount.code === 'compared' ? [...nodes, messageCount] : nodes;
    },
  };
}
