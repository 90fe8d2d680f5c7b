import type { Figure } from '../figure.ts';
import { alternate } from '../measure/alternate.ts';
import { microsecondsEach } from '../measure/microseconds-each.ts';
import { feedNoOp } from '../runtime/feed-no-op.ts';

const SHARDS = 64;

/** Whether what the local runtime does for a record depends on how many shards its stream has. */
export const growthShards: Figure = {
  name: 'growth-shards',
  title: `CPU of the local runtime for a record of a stream of ${SHARDS} shards`,
  reference: 'the same records in one shard',
  unit: 'µs a record',
  goal: { of: 'ratio', max: 1.3 },
  async measure({ quick }) {
    // So that each of the shards has several full batches.
    const records = quick ? 6_400 : 64_000;
    const rounds = quick ? 1 : 2;
    const cpuOf = async (shards: number): Promise<number> => {
      const fed = await feedNoOp({ records, shards, batchSize: 100, isFilledBefore: true });
      return microsecondsEach(fed.runtimeCpuSeconds, records);
    };
    // The first has the code compiled.
    await cpuOf(SHARDS);
    const pairs = await alternate(rounds, { subject: () => cpuOf(SHARDS), reference: () => cpuOf(1) });
    return { pairs, details: { records, batchSize: 100 } };
  },
};
