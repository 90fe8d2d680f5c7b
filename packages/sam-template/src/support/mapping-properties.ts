import { each, type PropertySupports } from './property-support.ts';

const SHARED: PropertySupports = {
  ...each('run', 'BatchSize', 'Enabled', 'FunctionResponseTypes', 'MaximumBatchingWindowInSeconds'),
  FilterCriteria: { Filters: { Pattern: 'run' } },
  ...each('ignored', 'KmsKeyArn', 'LoggingConfig', 'MetricsConfig', 'ProvisionedPollerConfig'),
};

const STREAM_SETTINGS: PropertySupports = {
  ...SHARED,
  ...each(
    'run',
    'BisectBatchOnFunctionError',
    'MaximumRecordAgeInSeconds',
    'MaximumRetryAttempts',
    'ParallelizationFactor',
    'StartingPosition',
    'StartingPositionTimestamp',
    'TumblingWindowInSeconds',
  ),
};

const QUEUE_SETTINGS: PropertySupports = { ...SHARED, ScalingConfig: each('run', 'MaximumConcurrency') };

/** Settings that go with other sources only. */
const ELSEWHERE: PropertySupports = each(
  'refused',
  'AmazonManagedKafkaEventSourceConfig',
  'DocumentDBEventSourceConfig',
  'Queues',
  'SelfManagedEventSource',
  'SelfManagedKafkaEventSourceConfig',
  'SourceAccessConfigurations',
  'Topics',
);

/** Properties of a SAM event of the type Kinesis or DynamoDB. */
export const STREAM_EVENT: PropertySupports = {
  Stream: 'run',
  ...STREAM_SETTINGS,
  // Type is SAM's own: it says which policy the function's role gets.
  DestinationConfig: { OnFailure: { Destination: 'recorded', Type: 'ignored' }, OnSuccess: 'refused' },
};

/** Properties of a SAM event of the type SQS. */
export const QUEUE_EVENT: PropertySupports = { Queue: 'run', ...QUEUE_SETTINGS };

/** Properties of an `AWS::Lambda::EventSourceMapping` from a stream. */
export const STREAM_MAPPING: PropertySupports = {
  ...each('run', 'EventSourceArn', 'FunctionName'),
  ...STREAM_SETTINGS,
  ...ELSEWHERE,
  DestinationConfig: { OnFailure: { Destination: 'recorded' }, OnSuccess: 'refused' },
  ScalingConfig: 'refused',
  Tags: 'ignored',
};

/** Properties of an `AWS::Lambda::EventSourceMapping` from a queue. */
export const QUEUE_MAPPING: PropertySupports = {
  ...each('run', 'EventSourceArn', 'FunctionName'),
  ...QUEUE_SETTINGS,
  ...ELSEWHERE,
  ...each(
    'refused',
    'BisectBatchOnFunctionError',
    'DestinationConfig',
    'MaximumRecordAgeInSeconds',
    'MaximumRetryAttempts',
    'ParallelizationFactor',
    'StartingPosition',
    'StartingPositionTimestamp',
    'TumblingWindowInSeconds',
  ),
  Tags: 'ignored',
};
