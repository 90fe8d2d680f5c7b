import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { TableResource } from './application.ts';
import type { RawResource } from './raw-template.ts';
import { type PropertyReading, type ReadingContext, readProperties } from './resource-properties.ts';
import { flag, text, wholeNumber } from './shapes.ts';
import { GLOBAL_TABLE, SIMPLE_TABLE, TABLE } from './support/table-properties.ts';
import { TemplateError } from './template-error.ts';

const CAPACITY_UNITS_MAX = 1_000_000_000;

const throughput = z.object({
  ReadCapacityUnits: wholeNumber(1, CAPACITY_UNITS_MAX),
  WriteCapacityUnits: wholeNumber(1, CAPACITY_UNITS_MAX),
});
const keySchema = z
  .array(z.object({ AttributeName: text, KeyType: z.enum(['HASH', 'RANGE']) }))
  .min(1)
  .max(2);
const projection = z.object({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']).optional(),
  NonKeyAttributes: z.array(text).optional(),
});
const index = z.object({ IndexName: text, KeySchema: keySchema, Projection: projection });

const tableProperties = z.object({
  AttributeDefinitions: z
    .array(z.object({ AttributeName: text, AttributeType: z.enum(['S', 'N', 'B']) }))
    .min(1),
  KeySchema: keySchema,
  BillingMode: z.enum(['PAY_PER_REQUEST', 'PROVISIONED']).default('PROVISIONED'),
  ProvisionedThroughput: throughput.optional(),
  GlobalSecondaryIndexes: z.array(index.extend({ ProvisionedThroughput: throughput.optional() })).optional(),
  LocalSecondaryIndexes: z.array(index).optional(),
  StreamSpecification: z
    .object({ StreamViewType: z.enum(['KEYS_ONLY', 'NEW_AND_OLD_IMAGES', 'NEW_IMAGE', 'OLD_IMAGE']) })
    .optional(),
  TimeToLiveSpecification: z.object({ AttributeName: text.optional(), Enabled: flag }).optional(),
});

const globalTableProperties = tableProperties
  .omit({ BillingMode: true, ProvisionedThroughput: true })
  .extend({ GlobalSecondaryIndexes: z.array(index).optional(), Replicas: z.array(z.unknown()).optional() });

const simpleTableProperties = z.object({
  PrimaryKey: z
    .object({ Name: text, Type: z.enum(['String', 'Number', 'Binary']) })
    .default({ Name: 'id', Type: 'String' }),
  ProvisionedThroughput: throughput.optional(),
});

const NAME = /^[a-zA-Z0-9_.-]{3,255}$/;

export function readTable(logicalId: string, resource: RawResource, context: ReadingContext): TableResource {
  const where = `Resources.${logicalId}.Properties`;
  const options = { properties: resource.properties, where };
  const tableName = context.nameOf(logicalId);
  if (!NAME.test(tableName)) {
    throw new TemplateError(`${where}.TableName`, `${tableName} is no name that DynamoDB takes`);
  }
  if (resource.type === 'AWS::Serverless::SimpleTable') {
    const { PrimaryKey, ProvisionedThroughput } = readProperties(
      { ...options, support: SIMPLE_TABLE, schema: simpleTableProperties },
      context,
    );
    const attributeType = PrimaryKey.Type === 'String' ? 'S' : PrimaryKey.Type === 'Number' ? 'N' : 'B';
    return {
      logicalId,
      tableName,
      definition: {
        TableName: tableName,
        AttributeDefinitions: [{ AttributeName: PrimaryKey.Name, AttributeType: attributeType }],
        KeySchema: [{ AttributeName: PrimaryKey.Name, KeyType: 'HASH' }],
        ...(ProvisionedThroughput === undefined
          ? { BillingMode: 'PAY_PER_REQUEST' }
          : { BillingMode: 'PROVISIONED', ProvisionedThroughput }),
      },
    };
  }
  const { TimeToLiveSpecification, StreamSpecification, ...rest } =
    resource.type === 'AWS::DynamoDB::GlobalTable'
      ? readGlobalTable(options, context)
      : readProperties({ ...options, support: TABLE, schema: tableProperties }, context);
  const timeToLive = TimeToLiveSpecification?.Enabled ? TimeToLiveSpecification.AttributeName : undefined;
  const viewType = StreamSpecification?.StreamViewType;
  return {
    logicalId,
    tableName,
    definition: {
      TableName: tableName,
      ...(withoutUndefined(rest) as Omit<CreateTableCommandInput, 'TableName'>),
      ...(viewType === undefined
        ? {}
        : { StreamSpecification: { StreamEnabled: true, StreamViewType: viewType } }),
    },
    ...(timeToLive === undefined ? {} : { timeToLiveAttribute: timeToLive }),
    ...(viewType === undefined ? {} : { streamViewType: viewType }),
  };
}

/** Capacity is not limited here, so that none has to be computed from settings of auto scaling. */
function readGlobalTable(
  options: Pick<PropertyReading<typeof globalTableProperties>, 'properties' | 'where'>,
  context: ReadingContext,
): Omit<z.output<typeof globalTableProperties>, 'Replicas'> & { readonly BillingMode: 'PAY_PER_REQUEST' } {
  const { Replicas: _, ...rest } = readProperties(
    { ...options, support: GLOBAL_TABLE, schema: globalTableProperties },
    context,
  );
  return { ...rest, BillingMode: 'PAY_PER_REQUEST' };
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}
