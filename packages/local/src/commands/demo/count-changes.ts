import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import type { LocalClients } from '@oncefold/engines';
import type { ReadPosition } from '@oncefold/event-source-mapping';
import { createDynamoDbSource } from '../../streams/index.ts';

/** Records in one read; what DynamoDB gives at most. */
const READ_LIMIT = 1_000;
/** Reads of one shard: far more than the largest demonstration has changes. */
const READS_MAX = 5_000;

/**
 * Counts the changes of a table that were written and not removals, from its stream.
 *
 * @param options.clients - Clients of the engine that holds the table; its stream must reach back to the first change.
 * @param options.table - Name of the table.
 * @param options.signal - Ends the count with its reason.
 * @returns Number of records that brought a new image.
 * @throws What reading the stream throws.
 */
export async function countChanges(options: {
  readonly clients: Pick<LocalClients, 'dynamodb' | 'dynamodbStreams'>;
  readonly table: string;
  readonly signal: AbortSignal;
}): Promise<number> {
  const { clients, table, signal } = options;
  const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: table }), {
    abortSignal: signal,
  });
  if (Table?.LatestStreamArn === undefined) throw new Error(`The table ${table} has no stream`);
  const source = createDynamoDbSource({ client: clients.dynamodbStreams, streamArn: Table.LatestStreamArn });
  let count = 0;
  for (const { shardId } of await source.listShards()) {
    let position: ReadPosition = { kind: 'trim-horizon' };
    for (let reads = 0; ; reads += 1) {
      signal.throwIfAborted();
      if (reads >= READS_MAX) throw new Error(`The stream of ${table} does not end`);
      const answer = await source.read(shardId, position, READ_LIMIT);
      if (answer.code !== 'records') throw answer.error;
      const changes = answer.records.flatMap((record) => ('dynamodb' in record ? [record.dynamodb] : []));
      const last = changes.at(-1)?.SequenceNumber;
      if (last === undefined) break;
      count += changes.filter((change) => change?.NewImage !== undefined).length;
      position = { kind: 'after-sequence-number', sequenceNumber: last };
    }
  }
  return count;
}
