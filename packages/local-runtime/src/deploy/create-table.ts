import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { TableResource } from '@oncefold/sam-template';
import { DeployError } from './deploy-error.ts';
import type { DeployedTable } from './deployment.ts';
import { untilActive } from './until-active.ts';

/**
 * Creates a table with its stream and its time to live, and waits until it is active.
 *
 * @param table - what to create
 * @param client - where
 * @param signal - ends the waiting
 * @returns name and ARNs
 * @throws {@link DeployError} when the table exists, is refused or does not become active
 */
export async function createTable(
  table: TableResource,
  client: DynamoDBClient,
  signal?: AbortSignal,
): Promise<DeployedTable> {
  const { logicalId, tableName, definition, timeToLiveAttribute, streamViewType } = table;
  const options = signal === undefined ? {} : { abortSignal: signal };
  try {
    await client.send(new CreateTableCommand(definition), options);
  } catch (cause) {
    if (cause instanceof ResourceInUseException) {
      throw new DeployError('exists', logicalId, `there is a table ${tableName} already`, { cause });
    }
    throw new DeployError('refused', logicalId, `the engine refuses the table ${tableName}`, { cause });
  }
  const deployed = await untilActive(
    logicalId,
    async () => {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }), options);
      if (Table?.TableStatus !== 'ACTIVE' || Table.TableArn === undefined) {
        return undefined;
      }
      if (streamViewType === undefined) {
        return { tableName, tableArn: Table.TableArn };
      }
      const streamArn = Table.LatestStreamArn;
      return streamArn === undefined ? undefined : { tableName, tableArn: Table.TableArn, streamArn };
    },
    signal,
  );
  if (timeToLiveAttribute !== undefined) {
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName: tableName,
        TimeToLiveSpecification: { AttributeName: timeToLiveAttribute, Enabled: true },
      }),
      options,
    );
  }
  return deployed;
}
