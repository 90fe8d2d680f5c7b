import { functionArn, parseFunctionName } from './function-name.ts';
import { localName } from './local-name.ts';
import type { DeployedValues, Place } from './place.ts';
import { Unknown } from './unknown.ts';

/** A resource that something refers to. */
export interface Referred {
  /** With those of the applications that it is nested in. */
  readonly logicalId: string;
  readonly name: string;
  readonly place: Place;
  readonly deployed: DeployedValues;
  /** Computes a property; absent properties are undefined. */
  property(name: string): unknown;
}

/** Computes an attribute; undefined where the resource does not have it. */
export type Attribute = (resource: Referred) => unknown;

/** How one type of resource is named and referred to. */
export interface ReferenceRule {
  /** Property that holds an explicit name. */
  readonly nameProperty?: string;
  /** Makes the name of a resource that the template gives none, from its logical id. */
  readonly madeName?: (name: string, resource: Pick<Referred, 'property'>) => string;
  /** What `Ref` gives; absent where it cannot be known here. */
  readonly ref?: Attribute;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** The label of a stream is the time of its creation, which is known once it is deployed. */
const STREAM_LABEL = '2025-01-01T00:00:00.000';
/** Of a consumer, too. */
const CONSUMER_CREATION = '1735689600';
/** What is published first; nothing is published a second time here. */
const FIRST_VERSION = '1';

const name: Attribute = (resource) => resource.name;
const arnOf =
  (service: string, prefix: string): Attribute =>
  (resource) =>
    `arn:aws:${service}:${resource.place.region}:${resource.place.accountId}:${prefix}${resource.name}`;

const tableArn = arnOf('dynamodb', 'table/');
const tableName = (made: string): string => localName(made, { lengthMin: 3, lengthMax: 255, kind: 'table' });
const lambdaArn: Attribute = (resource) => functionArn(resource.name, resource.place);
const functionRule: ReferenceRule = {
  nameProperty: 'FunctionName',
  madeName: (made) => localName(made, { lengthMin: 1, lengthMax: 64, kind: 'function' }),
  ref: name,
  attributes: { Arn: lambdaArn },
};
const layerRule: ReferenceRule = {
  nameProperty: 'LayerName',
  ref: (resource) => `${String(arnOf('lambda', 'layer:')(resource))}:${FIRST_VERSION}`,
};

/** ARN of an alias or version of the function that a property names. */
function qualifiedArn(resource: Referred, qualifier: unknown): unknown {
  const given = resource.property('FunctionName');
  if (given === undefined || qualifier === undefined) {
    return undefined;
  }
  if (given instanceof Unknown || qualifier instanceof Unknown) {
    return given instanceof Unknown ? given : qualifier;
  }
  const arn = parseFunctionName(String(given), resource.place)?.arn;
  return arn === undefined ? undefined : `${arn}:${String(qualifier)}`;
}

const versionArn: Attribute = (resource) => qualifiedArn(resource, FIRST_VERSION);
const aliasArn: Attribute = (resource) => qualifiedArn(resource, resource.property('Name'));

/** What `AutoPublishAlias` makes can be referred to as an attribute. */
const published =
  (qualifier: (resource: Referred) => unknown): Attribute =>
  (resource) => {
    const alias = resource.property('AutoPublishAlias');
    if (alias === undefined || alias instanceof Unknown) {
      return alias;
    }
    return `${String(lambdaArn(resource))}:${String(qualifier(resource))}`;
  };

const consumerArn: Attribute = (resource) => {
  const stream = resource.property('StreamARN');
  return stream === undefined || stream instanceof Unknown
    ? stream
    : `${String(stream)}/consumer/${resource.name}:${CONSUMER_CREATION}`;
};

const queueUrl: Attribute = ({ logicalId, deployed }) => deployed.queueUrls?.get(logicalId);
const topicArn = arnOf('sns', '');
const bucketArn: Attribute = (resource) => `arn:aws:s3:::${resource.name}`;
const stateMachineRule: ReferenceRule = {
  ref: arnOf('states', 'stateMachine:'),
  attributes: { Arn: arnOf('states', 'stateMachine:'), Name: name },
};
const iamArn =
  (kind: string): Attribute =>
  (resource) =>
    `arn:aws:iam::${resource.place.accountId}:${kind}/${resource.name}`;

const tableRule: ReferenceRule = {
  nameProperty: 'TableName',
  madeName: tableName,
  ref: name,
  attributes: {
    Arn: tableArn,
    StreamArn: (resource) =>
      resource.property('StreamSpecification') === undefined
        ? undefined
        : (resource.deployed.streamArns?.get(resource.logicalId) ??
          `${String(tableArn(resource))}/stream/${STREAM_LABEL}`),
  },
};

export const REFERENCE_RULES: ReadonlyMap<string, ReferenceRule> = new Map<string, ReferenceRule>([
  [
    'AWS::Serverless::Function',
    {
      ...functionRule,
      attributes: {
        Arn: lambdaArn,
        Alias: published((resource) => resource.property('AutoPublishAlias')),
        Version: published(() => FIRST_VERSION),
        'Version.Version': () => FIRST_VERSION,
      },
    },
  ],
  ['AWS::Lambda::Function', functionRule],
  ['AWS::Lambda::Alias', { nameProperty: 'Name', ref: aliasArn, attributes: { AliasArn: aliasArn } }],
  [
    'AWS::Lambda::Version',
    { ref: versionArn, attributes: { FunctionArn: versionArn, Version: () => FIRST_VERSION } },
  ],
  ['AWS::Serverless::LayerVersion', layerRule],
  ['AWS::Lambda::LayerVersion', { ...layerRule, attributes: { LayerVersionArn: layerRule.ref ?? name } }],
  ['AWS::DynamoDB::Table', tableRule],
  ['AWS::DynamoDB::GlobalTable', tableRule],
  [
    'AWS::Serverless::SimpleTable',
    { nameProperty: 'TableName', madeName: tableName, ref: name, attributes: { Arn: tableArn } },
  ],
  [
    'AWS::Kinesis::Stream',
    {
      nameProperty: 'Name',
      madeName: (made) => localName(made, { lengthMin: 1, lengthMax: 128, kind: 'stream' }),
      ref: name,
      attributes: { Arn: arnOf('kinesis', 'stream/') },
    },
  ],
  [
    'AWS::Kinesis::StreamConsumer',
    { nameProperty: 'ConsumerName', ref: consumerArn, attributes: { ConsumerARN: consumerArn } },
  ],
  [
    'AWS::SQS::Queue',
    {
      nameProperty: 'QueueName',
      madeName: (made, resource) => {
        const isFifo = String(resource.property('FifoQueue') ?? false) === 'true';
        const ending = isFifo ? '.fifo' : '';
        return `${localName(made, { lengthMin: 1, lengthMax: 80 - ending.length, kind: 'queue' })}${ending}`;
      },
      ref: queueUrl,
      attributes: { Arn: arnOf('sqs', ''), QueueUrl: queueUrl, QueueName: name },
    },
  ],
  [
    'AWS::SNS::Topic',
    {
      nameProperty: 'TopicName',
      ref: topicArn,
      attributes: { TopicArn: topicArn, TopicName: name, Arn: topicArn },
    },
  ],
  [
    'AWS::S3::Bucket',
    {
      nameProperty: 'BucketName',
      madeName: (made) => localName(made, { lengthMin: 3, lengthMax: 63, kind: 'bucket' }),
      ref: name,
      attributes: { Arn: bucketArn },
    },
  ],
  [
    'AWS::CloudWatch::Alarm',
    { nameProperty: 'AlarmName', ref: name, attributes: { Arn: arnOf('cloudwatch', 'alarm:') } },
  ],
  ['AWS::CloudWatch::Dashboard', { nameProperty: 'DashboardName', ref: name }],
  [
    'AWS::Logs::LogGroup',
    {
      nameProperty: 'LogGroupName',
      ref: name,
      attributes: { Arn: (resource) => `${String(arnOf('logs', 'log-group:')(resource))}:*` },
    },
  ],
  [
    'AWS::Events::EventBus',
    { nameProperty: 'Name', ref: name, attributes: { Arn: arnOf('events', 'event-bus/'), Name: name } },
  ],
  [
    'AWS::IAM::ManagedPolicy',
    { nameProperty: 'ManagedPolicyName', ref: iamArn('policy'), attributes: { PolicyArn: iamArn('policy') } },
  ],
  ['AWS::IAM::Role', { nameProperty: 'RoleName', ref: name, attributes: { Arn: iamArn('role') } }],
  [
    'AWS::SSM::Parameter',
    {
      nameProperty: 'Name',
      ref: name,
      attributes: {
        Type: (resource) => resource.property('Type'),
        Value: (resource) => resource.property('Value'),
      },
    },
  ],
  ['AWS::Serverless::StateMachine', { ...stateMachineRule, nameProperty: 'Name' }],
  ['AWS::StepFunctions::StateMachine', { ...stateMachineRule, nameProperty: 'StateMachineName' }],
]);
