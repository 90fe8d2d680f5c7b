import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type Decimal, DecimalError, parseSum } from '@oncefold/reducer';
import { type AggregateReader, RoundError } from '../rounds/round.ts';

/** The lab has 19 rows; a scan that is longer than this is no longer one look at the table. */
const ROWS_MAX = 5_000;

/** Makes the reader of the aggregates: a scan, consistent page by page. */
export function createAggregateReader(
  client: DynamoDBClient,
  options: { readonly table: string; readonly signal?: AbortSignal },
): AggregateReader {
  return async () => {
    const rows = new Map<string, Decimal>();
    let startKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await client.send(
        new ScanCommand({
          TableName: options.table,
          ConsistentRead: true,
          ProjectionExpression: '#key, #value',
          ExpressionAttributeNames: { '#key': 'Identifier', '#value': 'Value' },
          ...(startKey !== undefined && { ExclusiveStartKey: startKey }),
        }),
        options.signal === undefined ? {} : { abortSignal: options.signal },
      );
      for (const item of page.Items ?? []) {
        rows.set(item['Identifier']?.S ?? '', sumOf(item));
      }
      if (rows.size > ROWS_MAX) {
        throw new RoundError('too-many-keys', `There are more than ${ROWS_MAX} rows.`);
      }
      startKey = page.LastEvaluatedKey;
    } while (startKey !== undefined);
    return rows;
  };
}

function sumOf(item: Readonly<Record<string, AttributeValue>>): Decimal {
  try {
    return parseSum(item['Value']?.N ?? '');
  } catch (error) {
    if (!(error instanceof DecimalError)) {
      throw error;
    }
    throw new RoundError('unreadable-row', 'A row of the aggregates has no exact number.', { cause: error });
  }
}
