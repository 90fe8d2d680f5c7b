import { ABSENT } from './absent.ts';
import type { RawResource } from './raw-template.ts';
import type { Resolver } from './resolver.ts';
import { TemplateError } from './template-error.ts';

/** What `Ref` and `Fn::GetAtt` find for the resources of a template, and the names that those have here. */
export interface ResourceReferences {
  readonly reference: (logicalId: string, owner: string) => unknown;
  readonly attribute: (logicalId: string, name: string, owner: string) => unknown;
  /** Physical name of a resource: the one that the template gives it, else one made from its logical id. */
  readonly nameOf: (logicalId: string) => string;
}

/** Where an application stands. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** How one type of resource is named and referred to. */
interface ReferenceRule {
  /** Property that holds an explicit name. */
  readonly nameProperty?: string;
  /** What `Ref` gives: the name, an attribute, or nothing that could be known here. */
  readonly ref: 'name' | 'arn' | 'unknown';
  readonly arn?: (name: string, place: Place) => string;
  readonly attributes?: Readonly<Record<string, (name: string, place: Place) => string>>;
}

/** The label of a stream is the time of its creation, which no function should read anything into. */
const STREAM_LABEL = '2025-01-01T00:00:00.000';

/** What begins the name of an attribute that is an output of a nested application. */
const OUTPUTS = 'Outputs.';

const arnOf =
  (service: string, resource: string) =>
  (name: string, { region, accountId }: Place): string =>
    `arn:aws:${service}:${region}:${accountId}:${resource}${name}`;
const tableArn = arnOf('dynamodb', 'table/');
const functionRule: ReferenceRule = {
  nameProperty: 'FunctionName',
  ref: 'name',
  arn: arnOf('lambda', 'function:'),
};

const RULES: ReadonlyMap<string, ReferenceRule> = new Map<string, ReferenceRule>([
  ['AWS::Serverless::Function', functionRule],
  ['AWS::Lambda::Function', functionRule],
  [
    'AWS::DynamoDB::Table',
    {
      nameProperty: 'TableName',
      ref: 'name',
      arn: tableArn,
      attributes: { StreamArn: (name, place) => `${tableArn(name, place)}/stream/${STREAM_LABEL}` },
    },
  ],
  ['AWS::Serverless::SimpleTable', { nameProperty: 'TableName', ref: 'name', arn: tableArn }],
  ['AWS::CloudWatch::Alarm', { nameProperty: 'AlarmName', ref: 'name', arn: arnOf('cloudwatch', 'alarm:') }],
  ['AWS::Kinesis::Stream', { nameProperty: 'Name', ref: 'name', arn: arnOf('kinesis', 'stream/') }],
  ['AWS::SQS::Queue', { nameProperty: 'QueueName', ref: 'unknown', arn: arnOf('sqs', '') }],
  [
    'AWS::SNS::Topic',
    {
      nameProperty: 'TopicName',
      ref: 'arn',
      arn: arnOf('sns', ''),
      attributes: { TopicArn: arnOf('sns', '') },
    },
  ],
  ['AWS::S3::Bucket', { nameProperty: 'BucketName', ref: 'name', arn: (name) => `arn:aws:s3:::${name}` }],
  [
    'AWS::Logs::LogGroup',
    {
      nameProperty: 'LogGroupName',
      ref: 'name',
      arn: (name, place) => `${arnOf('logs', 'log-group:')(name, place)}:*`,
    },
  ],
  ['AWS::CloudWatch::Dashboard', { nameProperty: 'DashboardName', ref: 'name' }],
  [
    'AWS::IAM::ManagedPolicy',
    {
      nameProperty: 'ManagedPolicyName',
      ref: 'arn',
      arn: (name, { accountId }) => `arn:aws:iam::${accountId}:policy/${name}`,
    },
  ],
  [
    'AWS::IAM::Role',
    {
      nameProperty: 'RoleName',
      ref: 'name',
      arn: (name, { accountId }) => `arn:aws:iam::${accountId}:role/${name}`,
    },
  ],
]);

/** Makes the references of one template. */
export function createResourceReferences(options: {
  resources: ReadonlyMap<string, RawResource>;
  place: Place;
  resolver: () => Resolver;
  report: (logicalId: string, what: string) => void;
  /** Name of a resource that the template gives none. */
  unnamed: (logicalId: string) => string;
  /** Output of a nested application; undefined when the resource is none, or is not local. */
  output: (logicalId: string, name: string, owner: string) => unknown;
}): ResourceReferences {
  const { resources, place, resolver, report, unnamed, output } = options;
  const names = new Map<string, string | 'computing'>();

  const nameOf = (logicalId: string): string => {
    const known = names.get(logicalId);
    if (known === 'computing') {
      throw new TemplateError(`Resources.${logicalId}`, 'has a name that refers to itself');
    }
    if (known !== undefined) {
      return known;
    }
    names.set(logicalId, 'computing');
    const resource = resources.get(logicalId);
    const property = RULES.get(resource?.type ?? '')?.nameProperty;
    const given = property === undefined ? undefined : resource?.properties[property];
    const resolved = given === undefined ? ABSENT : resolver().resolve(given, logicalId);
    const name = resolved === ABSENT ? unnamed(logicalId) : String(resolved);
    names.set(logicalId, name);
    return name;
  };

  const find = (logicalId: string, owner: string): ReferenceRule | undefined => {
    const resource = resources.get(logicalId);
    if (resource !== undefined) {
      if (resolver().isMet(resource.condition, logicalId)) {
        return RULES.get(resource.type);
      }
      throw new TemplateError(
        owner,
        `refers to ${logicalId}, which its condition ${resource.condition} leaves out`,
      );
    }
    // SAM makes resources of its own, such as the role of a function, whose names begin with the function's.
    if ([...resources.keys()].some((other) => logicalId.startsWith(other))) {
      return undefined;
    }
    throw new TemplateError(owner, `refers to ${logicalId}, which is neither a parameter nor a resource`);
  };

  return {
    nameOf,
    reference: (logicalId, owner) => {
      const rule = find(logicalId, owner);
      if (rule?.ref === 'name') {
        return nameOf(logicalId);
      }
      if (rule?.ref === 'arn' && rule.arn !== undefined) {
        return rule.arn(nameOf(logicalId), place);
      }
      report(owner, `what Ref gives for ${logicalId} is not known here`);
      return ABSENT;
    },
    attribute: (logicalId, name, owner) => {
      const rule = find(logicalId, owner);
      const value = name.startsWith(OUTPUTS)
        ? output(logicalId, name.slice(OUTPUTS.length), owner)
        : undefined;
      if (value !== undefined) {
        return value;
      }
      const compute = name === 'Arn' ? rule?.arn : rule?.attributes?.[name];
      if (compute !== undefined) {
        return compute(nameOf(logicalId), place);
      }
      report(owner, `the attribute ${name} of ${logicalId} is not known here`);
      return ABSENT;
    },
  };
}
