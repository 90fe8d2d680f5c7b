import { systemOperationsClock } from '@oncefold/operations/tables';
import { formatDecimal } from '@oncefold/reducer';
import type { PipelineContract } from '../../pipeline/pipeline-contract.ts';
import type { Pipeline } from '../../pipeline/start-pipeline.ts';
import { readAccounting } from '../../sums/read-accounting.ts';
import { readAggregates } from '../../sums/read-aggregates.ts';
import { createQuarantineReader } from './read-quarantine.ts';
import type { SumsSource } from './sums-source.ts';
import { TableWatch } from './table-watch.ts';

/** Watches the tables of a pipeline that runs. */
export function watchPipelineTables(
  { clients, running }: Pipeline,
  options: {
    readonly contract: PipelineContract;
    readonly source: SumsSource;
    readonly activity: () => number;
    readonly signal: AbortSignal;
  },
): TableWatch {
  const { source, activity, signal } = options;
  const { tables } = options.contract;
  const { dynamodb: client } = clients;
  const access = { client, clock: systemOperationsClock, signal };
  return new TableWatch(
    {
      readSums: async () => {
        const sums = await readAggregates(access, tables.aggregate);
        return new Map([...sums].map(([key, sum]) => [key, formatDecimal(sum)]));
      },
      readAccounting: () => readAccounting(access, tables.accounting),
      readQuarantine: createQuarantineReader({ client, table: tables.quarantine, signal, now: Date.now }),
      activity,
      isAtRest: (sinceMs) => running.isAtRest(sinceMs),
      now: Date.now,
      signal,
    },
    source,
  );
}
