import { checkPipeline } from '../../check/check-pipeline.ts';
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
      const client = clients.dynamodb;
      const { nodes, messageCount } = await checkPipeline({ client, tables, hierarchy, signal });
      return messageCount.code === 'compared' ? [...nodes, messageCount] : nodes;
    },
  };
}
