import { each, type PropertySupports } from './property-support.ts';

const KEY_SCHEMA: PropertySupports = each('run', 'AttributeName', 'KeyType');
const TABLE_ATTRIBUTES: PropertySupports = each('run', 'AttributeName', 'AttributeType');
const INDEX: PropertySupports = {
  IndexName: 'run',
  KeySchema: KEY_SCHEMA,
  Projection: each('run', 'NonKeyAttributes', 'ProjectionType'),
};
const STREAM_SPECIFICATION: PropertySupports = {
  StreamViewType: 'run',
  ...each('ignored', 'ResourcePolicy', 'Tags'),
};
const TIME_TO_LIVE: PropertySupports = each('run', 'AttributeName', 'Enabled');
const THROUGHPUT: PropertySupports = each('run', 'ReadCapacityUnits', 'WriteCapacityUnits');

/** Properties of `AWS::DynamoDB::Table`. */
export const TABLE: PropertySupports = {
  TableName: 'run',
  AttributeDefinitions: TABLE_ATTRIBUTES,
  KeySchema: KEY_SCHEMA,
  BillingMode: 'run',
  ProvisionedThroughput: THROUGHPUT,
  GlobalSecondaryIndexes: {
    ...INDEX,
    ProvisionedThroughput: THROUGHPUT,
    ...each('ignored', 'ContributorInsightsSpecification', 'OnDemandThroughput', 'WarmThroughput'),
  },
  LocalSecondaryIndexes: INDEX,
  StreamSpecification: STREAM_SPECIFICATION,
  TimeToLiveSpecification: TIME_TO_LIVE,
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

/**
 * Properties of `AWS::DynamoDB::GlobalTable`. Here all regions share one table, which is what its replicas would hold, and capacity is
 * not limited.
 */
export const GLOBAL_TABLE: PropertySupports = {
  TableName: 'run',
  AttributeDefinitions: TABLE_ATTRIBUTES,
  KeySchema: KEY_SCHEMA,
  GlobalSecondaryIndexes: {
    ...INDEX,
    ...each(
      'ignored',
      'ReadOnDemandThroughputSettings',
      'ReadProvisionedThroughputSettings',
      'WarmThroughput',
      'WriteOnDemandThroughputSettings',
      'WriteProvisionedThroughputSettings',
    ),
  },
  LocalSecondaryIndexes: INDEX,
  StreamSpecification: STREAM_SPECIFICATION,
  TimeToLiveSpecification: TIME_TO_LIVE,
  Replicas: {
    KinesisStreamSpecification: 'refused',
    ...each(
      'ignored',
      'ContributorInsightsSpecification',
      'DeletionProtectionEnabled',
      'GlobalSecondaryIndexes',
      'GlobalTableSettingsReplicationMode',
      'PointInTimeRecoverySpecification',
      'ReadOnDemandThroughputSettings',
      'ReadProvisionedThroughputSettings',
      'Region',
      'ReplicaStreamSpecification',
      'ResourcePolicy',
      'SSESpecification',
      'TableClass',
      'Tags',
    ),
  },
  ...each(
    'ignored',
    'BillingMode',
    'GlobalTableSourceArn',
    'GlobalTableWitnesses',
    'MultiRegionConsistency',
    'ReadOnDemandThroughputSettings',
    'ReadProvisionedThroughputSettings',
    'SSESpecification',
    'WarmThroughput',
    'WriteOnDemandThroughputSettings',
    'WriteProvisionedThroughputSettings',
  ),
};

/** Properties of `AWS::Serverless::SimpleTable`. */
export const SIMPLE_TABLE: PropertySupports = {
  TableName: 'run',
  PrimaryKey: each('run', 'Name', 'Type'),
  ProvisionedThroughput: THROUGHPUT,
  ...each('ignored', 'PointInTimeRecoverySpecification', 'SSESpecification', 'Tags'),
};
