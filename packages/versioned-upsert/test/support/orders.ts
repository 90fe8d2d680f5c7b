import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { systemRequestClock } from '../../src/attempts.ts';
import type { ComparableVersion, WritableVersion } from '../../src/item-form.ts';
import type { WriteMode, WriteResult } from '../../src/upsert-in-order.ts';
import type { VersionedTable } from '../../src/versioned-table.ts';

/** Orders with versions that are numbers, and a tombstone. */
export const orderForm = {
  key: { OrderId: 'S', Line: 'N' },
  version: { name: 'Version', type: 'N' },
  attributes: ['Region', 'Amount', 'Lines'],
  tombstone: { attribute: 'Cancelled', expiry: { attribute: 'ExpiresAt', afterSeconds: 100 } },
  now: () => 1_000_000,
} as const;

/** Readings with versions that are times, and a key of bytes. */
export const readingForm = {
  key: { Sensor: 'B' },
  version: { name: 'MeasuredAt', type: 'S', bytes: 24 },
  attributes: ['Value'],
} as const;

export async function createTables(client: DynamoDBClient): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: 'Orders',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'OrderId', AttributeType: 'S' },
        { AttributeName: 'Line', AttributeType: 'N' },
        { AttributeName: 'Region', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'OrderId', KeyType: 'HASH' },
        { AttributeName: 'Line', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'ByRegion',
          KeySchema: [{ AttributeName: 'Region', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  await client.send(
    new CreateTableCommand({
      TableName: 'Readings',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'Sensor', AttributeType: 'B' }],
      KeySchema: [{ AttributeName: 'Sensor', KeyType: 'HASH' }],
    }),
  );
}

/** Reads versions as a table takes them, and writes them in one request. */
export async function write<Version>(
  table: VersionedTable<Version>,
  mode: WriteMode,
  ...versions: readonly Version[]
): Promise<readonly WriteResult<ComparableVersion>[]> {
  const writes = versions.map((version) => ({ mode, version: writable(table, version) }));
  return table.write(writes, systemRequestClock.abortAfter(30_000));
}

export function writable<Version>(
  table: Pick<VersionedTable<Version>, 'form' | 'takes'>,
  version: Version,
): WritableVersion {
  const read = table.form.read(version);
  if ('invalid' in read) {
    throw new Error(`The test's version is invalid: ${read.invalid}`);
  }
  return read;
}
