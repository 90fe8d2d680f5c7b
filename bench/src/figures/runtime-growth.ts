import type { Figure } from '../figure.ts';
import { feedNoOp } from '../runtime/feed-no-op.ts';

const MICROSECONDS_PER_SECOND = 1_000_000;
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
      return (fed.runtimeCpuSeconds * MICROSECONDS_PER_SECOND) / records;
    };
    // The first has the code compiled.
    await cpuOf(SHARDS);
    const pairs = [];
    for (let round = 0; round < rounds; round += 1) {
      const isSubjectFirst = round % 2 === 0;
      const first = await cpuOf(isSubjectFirst ? SHARDS : 1);
      const second = await cpuOf(isSubjectFirst ? 1 : SHARDS);
      pairs.push(
        isSubjectFirst ? { subject: first, reference: second } : { subject: second, reference: first },
      );
    }
    return { pairs, details: { records, batchSize: 100 } };
  },
};
