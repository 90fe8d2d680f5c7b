import type { DynamoDBClient, TableDescription } from '@aws-sdk/client-dynamodb';
import { LOCAL_ACCOUNT_ID } from '@oncefold/engines';
import type { RecountPipeline } from '@oncefold/operations/recount';
import type { Hierarchy } from '@oncefold/reducer';
import { createTradeHierarchy } from '@oncefold/trades';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { describeExistingTable, describeTable } from './describe-table.ts';
import type { PipelineTableOptions } from './pipeline-options.ts';

/** Consumer of the reduce function, as the template names it. */
const REDUCE_CONSUMER = 'reduce';

/** A pipeline that can be recounted. */
export interface FoundPipeline extends RecountPipeline {
  readonly descriptions: {
    readonly state: TableDescription;
    readonly reduce: TableDescription;
    readonly aggregate: TableDescription;
  };
}

/**
 * Finds the tables of a pipeline, and how the reduce stage names its markers.
 *
 * @throws {@link CouldNotRunError} where a table is missing, or the reduce stage does not say which rows it has applied
 */
export async function findPipeline(
  client: DynamoDBClient,
  options: PipelineTableOptions,
  signal: AbortSignal,
): Promise<FoundPipeline> {
  const describe = (table: string) => describeExistingTable(client, table, signal);
  const state = await describe(options.stateTable);
  const reduce = await describe(options.reduceTable);
  const aggregate = await describe(options.aggregateTable);
  await describe(options.ledgerTable);
  await describe(options.recountTable);
  const stage = await findReduceStage(client, options, signal);
  if ('reason' in stage) {
    throw new CouldNotRunError(
      `${stage.reason}; let the pipeline rest, and use \`npm run oncefold -- check\``,
    );
  }
  return { ...stage, descriptions: { state, reduce, aggregate } };
}

/** Finds how the reduce stage names its markers, or says why that is not known. */
export async function findReduceStage(
  client: DynamoDBClient,
  options: PipelineTableOptions,
  signal: AbortSignal,
): Promise<RecountPipeline | { readonly reason: string }> {
  if (options.reduceStrategy !== 'ledger') {
    const reason = `the reduce stage has the strategy ${options.reduceStrategy}, and only ledger tells which rows of sums are applied`;
    return { reason };
  }
  const reduce = await describeTable(client, options.reduceTable, signal);
  const ledger = await describeTable(client, options.ledgerTable, signal);
  if (reduce === undefined || ledger === undefined) {
    return {
      reason: `there is no table ${reduce === undefined ? options.reduceTable : options.ledgerTable}`,
    };
  }
  if (reduce.LatestStreamArn === undefined) {
    return { reason: `${options.reduceTable} has no stream, so it is no table of rows of sums` };
  }
  return {
    tables: {
      state: options.stateTable,
      reduce: options.reduceTable,
      aggregate: options.aggregateTable,
      ledger: options.ledgerTable,
      recount: options.recountTable,
    },
    namespace: options.namespace,
    reduceConsumer: REDUCE_CONSUMER,
    reduceSource: options.reduceSource ?? eventSourceOf(reduce.LatestStreamArn, await client.config.region()),
    retentionSeconds: options.ledgerRetentionSeconds,
    unrecordedHierarchy: createHierarchyOf(options.unrecordedHierarchyDimensions),
  };
}

/** Makes the hierarchy of dimensions that were given. */
export function createHierarchyOf(dimensions: readonly string[]): Hierarchy {
  try {
    return createTradeHierarchy(dimensions);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CouldNotRunError(`wrong hierarchy dimensions: ${reason}`, { cause: error });
  }
}

/**
 * Writes the ARN of a stream as events do.
 *
 * On AWS it is the same. A local engine puts a region of its own into ARNs, and functions on it see the one that they are set up with.
 */
export function eventSourceOf(streamArn: string, region: string): string {
  const [prefix = 'arn', partition = 'aws', service = '', arnRegion, , ...resource] = streamArn.split(':');
  return arnRegion === region
    ? streamArn
    : [prefix, partition, service, region, LOCAL_ACCOUNT_ID, ...resource].join(':');
}
