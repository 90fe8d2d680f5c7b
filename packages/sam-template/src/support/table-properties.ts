import { each, type PropertySupports } from './property-support.ts';

const KEY_SCHEMA: PropertySupports = each('run', 'AttributeName', 'KeyType');
const PROJECTION: PropertySupports = each('run', 'NonKeyAttributes', 'ProjectionType');
const THROUGHPUT: PropertySupports = each('run', 'ReadCapacityUnits', 'WriteCapacityUnits');

/** Properties of `AWS::DynamoDB::Table`. */
export const TABLE: PropertySupports = {
  TableName: 'run',
  AttributeDefinitions: each('run', 'AttributeName', 'AttributeType'),
  KeySchema: KEY_SCHEMA,
  BillingMode: 'run',
  ProvisionedThroughput: THROUGHPUT,
  GlobalSecondaryIndexes: {
    IndexName: 'run',
    KeySchema: KEY_SCHEMA,
    Projection: PROJECTION,
    ProvisionedThroughput: THROUGHPUT,
    ...each('ignored', 'ContributorInsightsSpecification', 'OnDemandThroughput', 'WarmThroughput'),
  },
  LocalSecondaryIndexes: { IndexName: 'run', KeySchema: KEY_SCHEMA, Projection: PROJECTION },
  StreamSpecification: { StreamViewType: 'run', ...each('ignored', 'ResourcePolicy', 'Tags') },
  TimeToLiveSpecification: each('run', 'AttributeName', 'Enabled'),
  ...each('refused', 'ImportSourceSpecification', 'KinesisStreamSpecification', 'VectorIndexes'),
  ...each(
    'ignored',
    'ContributorInsightsSpecification',
    'DeletionProtectionEnabled',
    'OnDemandThroughput',
    'PointInTimeRecoverySpecification',
    'ResourcePolicy',
    'SSESpecification',
    'TableClass',
    'Tags',
    'WarmThroughput',
  ),
};

/** Properties of `AWS::Serverless::SimpleTable`. */
export const SIMPLE_TABLE: PropertySupports = {
  TableName: 'run',
  PrimaryKey: each('run', 'Name', 'Type'),
  ProvisionedThroughput: THROUGHPUT,
  ...each('ignored', 'PointInTimeRecoverySpecification', 'SSESpecification', 'Tags'),
};
