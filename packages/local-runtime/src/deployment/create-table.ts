import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { TableResource } from '@oncefold/sam-template';
import { createResource } from './create-resource.ts';

export interface DeployedTable {
  readonly tableName: string;
  readonly tableArn: string;
  /** What DynamoDB Streams takes as `StreamArn`; absent when the table has no stream. */
  readonly streamArn?: string;
}

/** Creates a table with its stream and its time to live, and waits until it is active. */
export async function createTable(
  { logicalId, tableName, definition, timeToLiveAttribute, streamViewType }: TableResource,
  client: DynamoDBClient,
  signal?: AbortSignal,
): Promise<DeployedTable> {
  const deployed = await createResource<DeployedTable>(
    {
      logicalId,
      description: `table ${tableName}`,
      create: (options) => client.send(new CreateTableCommand(definition), options),
      async findActive(options) {
        const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }), options);
        const { TableStatus, TableArn: tableArn, LatestStreamArn: streamArn } = Table ?? {};
        if (TableStatus !== 'ACTIVE' || tableArn === undefined) {
          return undefined;
        }
        if (streamViewType === undefined) {
          return { tableName, tableArn };
        }
        return streamArn === undefined ? undefined : { tableName, tableArn, streamArn };
      },
    },
    signal,
  );
  if (timeToLiveAttribute !== undefined) {
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName: tableName,
        TimeToLiveSpecification: { AttributeName: timeToLiveAttribute, Enabled: true },
      }),
      signal === undefined ? {} : { abortSignal: signal },
    );
  }
  return deployed;
}
