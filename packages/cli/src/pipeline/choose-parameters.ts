/** Most records that a batch of the map stage takes in a demonstration, as the template has it. */
const MAP_BATCH_SIZE_MAX = 1_000;
const MAP_BATCH_SIZE_MIN = 5;
/** Batches of the map stage that there are at least, if each message is one change. */
const MAP_BATCHES_MIN = 40;
const REDUCE_BATCH_SIZE = 4;

/**
 * Chooses values of the template's parameters for a demonstration.
 *
 * One batch in ten fails, so there must be well over ten of them in each stage: batches are cut smaller than in
 * production, and the smaller the fewer messages there are. Whatever the speed of the machine, the reduce stage
 * then has enough invocations for at least one of them to fail after its commit.
 */
export function chooseParameters(options: {
  readonly messages: number;
  readonly faults: 'none' | 'workshop';
  readonly strategy?: string;
  readonly mapStrategy?: string;
}): Readonly<Record<string, string>> {
  const mapBatchSize = Math.floor(options.messages / MAP_BATCHES_MIN);
  return {
    ...(options.strategy !== undefined && { ReduceStrategy: options.strategy }),
    ...(options.mapStrategy !== undefined && { MapStrategy: options.mapStrategy }),
    ...(options.faults !== 'none' && {
      MapBatchSize: String(Math.max(MAP_BATCH_SIZE_MIN, Math.min(MAP_BATCH_SIZE_MAX, mapBatchSize))),
      ReduceBatchSize: String(REDUCE_BATCH_SIZE),
    }),
  };
}
