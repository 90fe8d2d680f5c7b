import { type Application, isStreamMapping } from '@oncefold/sam-template';
import { type Permission, permission } from './permission.ts';
import { type Documents, type Overrides, place, resolveResources } from './project-template.ts';

/**
 * What Lambda and other services do in the name of a function, which no call in its code shows.
 *
 * An explicit role gets nothing from SAM, so that each of these follows from a setting of the function or its mapping:
 * Kinesis https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
 * DynamoDB https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html
 * S3 destination https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 * queue https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 * destination of an invocation https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * X-Ray https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 * customer keys https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 *
 * @param logicalId - of the function
 * @param application - the template, read with these parameters
 * @param documents - the same as data
 * @param overrides - parameters that do not take their default
 */
export function platformPermissions(
  logicalId: string,
  context: { application: Application; documents: Documents; overrides: Overrides },
): ReadonlySet<Permission> {
  const { application, documents, overrides } = context;
  const { region, accountId } = place;
  const needed = new Set<Permission>();
  const need = (resource: string, ...actions: string[]): void => {
    for (const action of actions) {
      needed.add(permission(action, resource));
    }
  };
  const keyUsers = new Set(['dynamodb']);

  for (const { functionLogicalId, source, settings } of application.mappings.filter(isStreamMapping)) {
    if (functionLogicalId !== logicalId) {
      continue;
    }
    const nameOf = (resources: readonly { logicalId: string }[], key: string): string =>
      String((resources.find((one) => one.logicalId === source.logicalId) as never)?.[key]);
    if (source.kind === 'kinesis') {
      keyUsers.add('kinesis');
      need(
        `arn:aws:kinesis:${region}:${accountId}:stream/${nameOf(application.streams, 'streamName')}`,
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamSummary',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
      );
    } else {
      const table = `arn:aws:dynamodb:${region}:${accountId}:table/${nameOf(application.tables, 'tableName')}`;
      need(
        `${table}/stream/2025-01-01T00:00:00.000`,
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
      );
      need(`${table}/stream/*`, 'dynamodb:ListStreams');
    }
    const destination = settings.destinationConfig?.onFailure.destination;
    if (destination?.startsWith('arn:aws:s3:::')) {
      keyUsers.add('s3');
      need(`${destination}/aws/lambda/*`, 's3:PutObject');
      need(destination, 's3:ListBucket');
    } else if (destination !== undefined) {
      throw new Error(`the rights for ${destination} are not known here`);
    }
  }

  const own = resolveResources(documents, overrides, (type) => type === 'AWS::Serverless::Function').get(
    logicalId,
  )?.properties;
  for (const queue of destinationsOf(own)) {
    keyUsers.add('sqs');
    need(queue, 'sqs:SendMessage');
  }
  for (const queue of queuesOf(own)) {
    keyUsers.add('sqs');
    need(queue, 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage');
  }
  // Whoever puts records into an encrypted stream asks for a key to encrypt them with.
  if ('STREAM' in variablesOf(own)) {
    keyUsers.add('kinesis');
  }
  const logGroup = (own?.['LoggingConfig'] as { LogGroup?: string } | undefined)?.LogGroup;
  if (logGroup === undefined) {
    throw new Error(`${logicalId} has no log group of its own`);
  }
  need(
    `arn:aws:logs:${region}:${accountId}:log-group:${logGroup}:*`,
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  );
  if (own?.['Tracing'] === 'Active') {
    need('*', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments');
  }
  const key = overrides['KmsKeyArn'];
  if (key !== undefined) {
    for (const service of keyUsers) {
      for (const action of ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey*', 'ReEncrypt*']) {
        needed.add(permission(`kms:${action}`, key, { viaService: `${service}.${region}.amazonaws.com` }));
      }
    }
  }
  return needed;
}

type Properties = Readonly<Record<string, unknown>> | undefined;

/** Queues that Lambda tells how an asynchronous invocation has ended. */
function destinationsOf(own: Properties): string[] {
  const config = own?.['EventInvokeConfig'] as
    | { DestinationConfig?: Record<string, { Type: string; Destination: string }> }
    | undefined;
  return Object.values(config?.DestinationConfig ?? {}).map(({ Type, Destination }) => {
    if (Type !== 'SQS') {
      throw new Error(`the rights for ${Type} are not known here`);
    }
    return Destination;
  });
}

/** Queues that feed the function. */
function queuesOf(own: Properties): string[] {
  const events = (own?.['Events'] ?? {}) as Record<string, { Type: string; Properties: { Queue?: string } }>;
  return Object.values(events).flatMap(({ Type, Properties }) =>
    Type === 'SQS' ? [String(Properties.Queue)] : [],
  );
}

function variablesOf(own: Properties): Readonly<Record<string, string>> {
  return (own?.['Environment'] as { Variables: Record<string, string> } | undefined)?.Variables ?? {};
}
