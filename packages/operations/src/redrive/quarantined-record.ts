import {
  type AttributeValue,
  ConditionalCheckFailedException,
  GetItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { scanTable, type TableAccess } from '../tables/scan-table.ts';
import { sendAgain } from '../tables/send-again.ts';
import { RedriveRefusedError } from './errors.ts';
import { shortId } from './failed-batch.ts';

/** A record that a function has quarantined: what part 0 says of it. */
export interface QuarantinedRecord {
  /** Short name, for the command line. */
  readonly id: string;
  /** The record's identity as one text: the key of its items. */
  readonly source: string;
  readonly consumer: string;
  /** ARN of the stream that it came from. */
  readonly origin: string;
  readonly recordId: string;
  readonly reason: string;
  readonly detail: string;
  readonly parts: number;
  readonly bytes: number;
  /** When it was redriven; absent where it was not. */
  readonly redrivenAt: string | undefined;
}

const headAttributes = [
  ...['Source', 'Part', 'Consumer', 'Origin', 'RecordId', 'Reason', 'Detail', 'Parts', 'Bytes'],
  'RedrivenAt',
] as const;

/** Reads part 0 of every quarantined record. */
export async function* listQuarantined(
  access: TableAccess,
  table: string,
): AsyncGenerator<QuarantinedRecord> {
  for await (const page of scanTable(access, { table, attributes: headAttributes })) {
    for (const item of page) {
      if (item['Part']?.N === '0') {
        yield readHead(item);
      }
    }
  }
}

function readHead(item: Readonly<Record<string, AttributeValue>>): QuarantinedRecord {
  const text = (name: string): string => item[name]?.S ?? '';
  const source = text('Source');
  return {
    id: shortId('q', source),
    source,
    consumer: text('Consumer'),
    origin: text('Origin'),
    recordId: text('RecordId'),
    reason: text('Reason'),
    detail: text('Detail'),
    parts: Number(item['Parts']?.N ?? Number.NaN),
    bytes: Number(item['Bytes']?.N ?? Number.NaN),
    redrivenAt: item['RedrivenAt']?.S,
  };
}

/**
 * Reads the raw bytes of a record, all parts of it.
 *
 * @throws {@link RedriveRefusedError} when a part is missing
 */
export async function readPayload(
  { client }: TableAccess,
  table: string,
  record: QuarantinedRecord,
): Promise<Buffer> {
  const pages = paginateQuery(
    // The paginator wants the class; it only sends.
    { client: client as never },
    {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: '#source = :source',
      ProjectionExpression: 'Payload',
      ExpressionAttributeNames: { '#source': 'Source' },
      ExpressionAttributeValues: { ':source': { S: record.source } },
    },
  );
  const parts: Uint8Array[] = [];
  for await (const { Items = [] } of pages) {
    parts.push(...Items.map(({ Payload }) => Payload?.B ?? new Uint8Array()));
  }
  const payload = Buffer.concat(parts);
  if (parts.length !== record.parts || payload.byteLength !== record.bytes) {
    throw new RedriveRefusedError(
      `${record.id} is not whole: ${parts.length} of ${record.parts} parts, ${payload.byteLength} of ${record.bytes} bytes are there`,
    );
  }
  return payload;
}

/** Says whether the item of the trade was written by this very record, after it had been quarantined. */
export async function isAppliedSince(
  access: TableAccess,
  stateTable: string,
  { record, payload }: { readonly record: QuarantinedRecord; readonly payload: Buffer },
): Promise<boolean> {
  const tradeId = tradeIdIn(payload);
  if (tradeId === undefined) {
    return false;
  }
  const command = new GetItemCommand({
    TableName: stateTable,
    Key: { id: { S: tradeId } },
    ConsistentRead: true,
    ProjectionExpression: 'RecordId',
  });
  const { Item } = await sendAgain(`read ${stateTable}`, () => access.client.send(command), access);
  return Item?.['RecordId']?.S === record.source;
}

function tradeIdIn(payload: Buffer): string | undefined {
  try {
    const { TradeID } = JSON.parse(payload.toString('utf8'));
    return typeof TradeID === 'string' && TradeID !== '' && Buffer.byteLength(TradeID) <= 2_048
      ? TradeID
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Notes on part 0 that the record was redriven. The item stays, with its bytes.
 *
 * @returns false when somebody else has noted that meanwhile
 */
export async function markRedriven(
  access: TableAccess,
  table: string,
  note: { readonly record: QuarantinedRecord; readonly at: string; readonly by: string },
): Promise<boolean> {
  const command = new UpdateItemCommand({
    TableName: table,
    Key: { Source: { S: note.record.source }, Part: { N: '0' } },
    UpdateExpression: 'SET RedrivenAt = :at, RedrivenBy = :by',
    ConditionExpression:
      'attribute_exists(Reason) AND (attribute_not_exists(RedrivenAt) OR RedrivenAt = :at)',
    ExpressionAttributeValues: { ':at': { S: note.at }, ':by': { S: note.by } },
  });
  try {
    await sendAgain(`write to ${table}`, () => access.client.send(command), access);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return false;
    }
    throw error;
  }
}
