import type { Figure } from '../figure.ts';
import { microsecondsEach } from '../measure/microseconds-each.ts';
import { feedNoOp } from '../runtime/feed-no-op.ts';

/** That many heap mebibytes more at the end than after two tenths are left by a collection; more would be growth. */
const HEAP_GROWTH_MIB_MAX = 16;

/** A stream that runs: producer, engine, runtime and a function that does nothing, all on one machine. */
export const runtimeRate: Figure = {
  name: 'runtime-rate',
  title: 'a record from a stream that is written meanwhile through a function that does nothing, wall time',
  reference: "the local runtime's CPU for it",
  unit: 'µs a record',
  // 5,000 records a second.
  goal: { of: 'subject', max: 200 },
  async measure({ quick }) {
    const records = quick ? 20_000 : 200_000;
    const fed = await feedNoOp({ records, shards: 2, batchSize: 100, isFilledBefore: false });
    const heapGrowthMiB = (fed.memory.at(-1)?.heap ?? 0) - (fed.memory[1]?.heap ?? 0);
    if (heapGrowthMiB > HEAP_GROWTH_MIB_MAX) {
      throw new Error(`the heap of the runtime has grown by ${heapGrowthMiB} MiB`);
    }
    return {
      pairs: [
        {
          subject: microsecondsEach(fed.seconds, records),
          reference: microsecondsEach(fed.runtimeCpuSeconds, records),
        },
      ],
      details: { records, batchSize: 100, shards: 2, memory: fed.memory, heapGrowthMiB },
    };
  },
};
