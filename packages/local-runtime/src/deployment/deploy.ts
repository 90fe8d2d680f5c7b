import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Application } from '@oncefold/sam-template';
import type { DeployedQueue } from './create-queue.ts';
import { createQueues } from './create-queues.ts';
import { createStream, type DeployedStream } from './create-stream.ts';
import { createTable, type DeployedTable } from './create-table.ts';

/** Where the tables, streams and queues of an application were created. Keys are logical ids. */
export interface Deployment {
  readonly tables: ReadonlyMap<string, DeployedTable>;
  readonly streams: ReadonlyMap<string, DeployedStream>;
  readonly queues: ReadonlyMap<string, DeployedQueue>;
}

/**
 * Creates the tables, streams and queues of an application on the local engines.
 *
 * All of them exist when it returns, before anything is written: on DynamoDB Local, a table that begins to stream late
 * stays slow. They are created one after the other, because engines limit how many may be in creation, as AWS does.
 */
export async function deploy(
  application: Pick<Application, 'tables' | 'streams' | 'queues'>,
  clients: { readonly dynamodb: DynamoDBClient; readonly kinesis: KinesisClient; readonly sqs?: SQSClient },
  signal?: AbortSignal,
): Promise<Deployment> {
  const tables = new Map<string, DeployedTable>();
  for (const table of application.tables) {
    tables.set(table.logicalId, await createTable(table, clients.dynamodb, signal));
  }
  const streams = new Map<string, DeployedStream>();
  for (const stream of application.streams) {
    streams.set(stream.logicalId, await createStream(stream, clients.kinesis, signal));
  }
  return { tables, streams, queues: await createQueues(application.queues, clients.sqs, signal) };
}
