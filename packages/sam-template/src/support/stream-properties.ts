import { each, type PropertySupports } from './property-support.ts';

/** Properties of `AWS::Kinesis::Stream`. */
export const STREAM: PropertySupports = {
  ...each('run', 'Name', 'ShardCount'),
  StreamModeDetails: each('run', 'StreamMode'),
  RetentionPeriodHours: 'recorded',
  RecordDistributionStrategy: 'refused',
  ...each(
    'ignored',
    'DesiredShardLevelMetrics',
    'MaxRecordSizeInKiB',
    'StreamEncryption',
    'Tags',
    'WarmThroughputMiBps',
  ),
};

/** Properties of `AWS::Kinesis::StreamConsumer`. */
export const STREAM_CONSUMER: PropertySupports = {
  ...each('run', 'ConsumerName', 'StreamARN'),
  Tags: 'ignored',
};

/** Properties of `AWS::SQS::Queue`. */
export const QUEUE: PropertySupports = {
  ...each(
    'run',
    'ContentBasedDeduplication',
    'DelaySeconds',
    'FifoQueue',
    'MaximumMessageSize',
    'MessageRetentionPeriod',
    'QueueName',
    'ReceiveMessageWaitTimeSeconds',
    'VisibilityTimeout',
  ),
  RedrivePolicy: each('run', 'deadLetterTargetArn', 'maxReceiveCount'),
  ...each(
    'ignored',
    'DeduplicationScope',
    'FifoThroughputLimit',
    'KmsDataKeyReusePeriodSeconds',
    'KmsMasterKeyId',
    'RedriveAllowPolicy',
    'SqsManagedSseEnabled',
    'Tags',
  ),
};
