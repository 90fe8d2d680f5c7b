import {
  ALIAS,
  LAMBDA_FUNCTION,
  LAMBDA_LAYER,
  SERVERLESS_FUNCTION,
  SERVERLESS_LAYER,
  VERSION,
} from './function-properties.ts';
import { STREAM_MAPPING } from './mapping-properties.ts';
import { each, type PropertySupports, type Treatment } from './property-support.ts';
import { QUEUE, STREAM, STREAM_CONSUMER } from './stream-properties.ts';
import { GLOBAL_TABLE, SIMPLE_TABLE, TABLE } from './table-properties.ts';

/** What becomes of the resources of a type. */
export interface ResourceSupport {
  readonly treatment: Exclude<Treatment, 'refused'>;
  /** Absent where nothing is read from the resource but its name. */
  readonly properties?: PropertySupports;
}

const NESTED: PropertySupports = each('ignored', 'NotificationARNs', 'Tags', 'TimeoutInMinutes');

/**
 * Types of resources; any other is refused.
 *
 * Rights, alarms and logs are ignored: a function sees nothing of them, so nothing is missing without them.
 */
export const RESOURCES: ReadonlyMap<string, ResourceSupport> = new Map<string, ResourceSupport>([
  [
    'AWS::CloudFormation::Stack',
    { treatment: 'run', properties: { ...each('run', 'Parameters', 'TemplateURL'), ...NESTED } },
  ],
  ['AWS::DynamoDB::GlobalTable', { treatment: 'run', properties: GLOBAL_TABLE }],
  ['AWS::DynamoDB::Table', { treatment: 'run', properties: TABLE }],
  ['AWS::Kinesis::Stream', { treatment: 'run', properties: STREAM }],
  ['AWS::Kinesis::StreamConsumer', { treatment: 'run', properties: STREAM_CONSUMER }],
  ['AWS::Lambda::Alias', { treatment: 'run', properties: ALIAS }],
  ['AWS::Lambda::EventSourceMapping', { treatment: 'run', properties: STREAM_MAPPING }],
  ['AWS::Lambda::Function', { treatment: 'run', properties: LAMBDA_FUNCTION }],
  ['AWS::Lambda::LayerVersion', { treatment: 'run', properties: LAMBDA_LAYER }],
  ['AWS::Lambda::Version', { treatment: 'run', properties: VERSION }],
  ['AWS::SQS::Queue', { treatment: 'run', properties: QUEUE }],
  [
    'AWS::Serverless::Application',
    {
      treatment: 'run',
      properties: { ...each('run', 'Location', 'Parameters'), TemplateUrl: 'refused', ...NESTED },
    },
  ],
  ['AWS::Serverless::Function', { treatment: 'run', properties: SERVERLESS_FUNCTION }],
  ['AWS::Serverless::LayerVersion', { treatment: 'run', properties: SERVERLESS_LAYER }],
  ['AWS::Serverless::SimpleTable', { treatment: 'run', properties: SIMPLE_TABLE }],
  ['AWS::S3::Bucket', { treatment: 'recorded' }],
  ['AWS::SNS::Topic', { treatment: 'recorded' }],
  ...[
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::CompositeAlarm',
    'AWS::CloudWatch::Dashboard',
    'AWS::IAM::ManagedPolicy',
    'AWS::IAM::Policy',
    'AWS::IAM::Role',
    'AWS::KMS::Alias',
    'AWS::KMS::Key',
    'AWS::Kinesis::ResourcePolicy',
    'AWS::Lambda::Permission',
    'AWS::Logs::LogGroup',
    'AWS::Logs::MetricFilter',
    'AWS::S3::BucketPolicy',
    'AWS::SNS::TopicPolicy',
    'AWS::SQS::QueuePolicy',
  ].map((type): [string, ResourceSupport] => [type, { treatment: 'ignored' }]),
]);
