import type { DemoOptions } from '../command-line/command-line.ts';

/** Most records that a batch of the map stage takes in a demonstration, as the template has it. */
const mapBatchSizeMax = 1_000;
const mapBatchSizeMin = 5;
/** Batches of the map stage that there are at least, if each message is one change. */
const mapBatchesMin = 40;
const reduceBatchSize = 4;

/**
 * Chooses values of the template's parameters for a demonstration.
 *
 * One batch in ten fails, so there must be well over ten of them in each stage: batches are cut smaller than in
 * production, and the smaller the fewer messages there are. Whatever the speed of the machine, the reduce stage
 * then has enough invocations for at least one of them to fail after its commit.
 *
 * @param options - What was typed.
 * @returns Values by parameter; what is given on the command line wins over them.
 */
export function demoParameters(
  options: Pick<DemoOptions, 'messages' | 'faults' | 'strategy' | 'mapStrategy'>,
): Readonly<Record<string, string>> {
  const mapBatchSize = Math.floor(options.messages / mapBatchesMin);
  return {
    ...(options.strategy !== undefined && { ReduceStrategy: options.strategy }),
    ...(options.mapStrategy !== undefined && { MapStrategy: options.mapStrategy }),
    ...(options.faults !== 'none' && {
      MapBatchSize: String(Math.max(mapBatchSizeMin, Math.min(mapBatchSizeMax, mapBatchSize))),
      ReduceBatchSize: String(reduceBatchSize),
    }),
  };
}
