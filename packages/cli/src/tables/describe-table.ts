import {
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { NoAnswerError } from '@oncefold/operations/tables';
import { MissingTableError } from '../command-line/missing-table-error.ts';

/** Describes a table; nothing where there is none. */
export async function describeTable(
  client: DynamoDBClient,
  table: string,
  signal: AbortSignal | undefined,
): Promise<TableDescription | undefined> {
  try {
    const command = new DescribeTableCommand({ TableName: table });
    const { Table } = await client.send(command, signal ? { abortSignal: signal } : {});
    if (Table === undefined) {
      throw new NoAnswerError('the answer describes no table');
    }
    return Table;
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) {
      throw error;
    }
    return undefined;
  }
}

/** Describes a table that must be there: a scan of a missing one does not say which it is. */
export async function describeExistingTable(
  client: DynamoDBClient,
  table: string,
  signal: AbortSignal | undefined,
): Promise<TableDescription> {
  const description = await describeTable(client, table, signal);
  if (description === undefined) {
    throw new MissingTableError(table);
  }
  return description;
}
