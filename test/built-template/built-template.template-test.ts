// Goal: what `sam build` makes and CloudFormation gets is a pipeline that loses nothing and that nobody else can read.
// Method: build, expand what was built as SAM does on AWS, and look at every resource of a kind, so that a new one
// cannot be forgotten. Each rule says why it is one.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of each type is CloudFormation's, and the tests state it.
  readonly Properties: any;
}

const root = join(import.meta.dirname, '..', '..');
const sam = join(root, 'scripts', 'sam.sh');
const built = join(root, '.aws-sam', 'build');
/** Of all templates; those of a nested one under their names in the SAM CLI, such as `Workshop/GeneratorFunction`. */
let resources: Record<string, Resource> = {};
let templates: Record<string, Template> = {};

interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

beforeAll(async () => {
  const run = promisify(execFile);
  await run(sam, ['build'], { cwd: root });
  const { stdout } = await run(
    sam,
    ['--python', 'scripts/lint-template.py', '--expand', join(built, 'template.yaml')],
    { cwd: root, maxBuffer: 64 * 1024 * 1024 },
  );
  templates = JSON.parse(stdout);
  resources = Object.fromEntries(
    Object.entries(templates).flatMap(([stack, { Resources }]) =>
      Object.entries(Resources).map(([id, resource]) => [qualify(stack, id), resource]),
    ),
  );
});

function qualify(stack: string, id: string): string {
  return stack === '' ? id : `${stack}/${id}`;
}

/** The last part of a qualified id. */
function plain(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function ofType(type: string): [string, Resource][] {
  const found = Object.entries(resources).filter(([, resource]) => resource.Type === type);
  // A rule about nothing holds always.
  expect(found, `resources of type ${type}`).not.toEqual([]);
  return found;
}

const whenProtected = { 'Fn::If': ['ProtectsData', true, false] };
const ownKey = { Ref: 'KmsKeyArn' };
const none = { Ref: 'AWS::NoValue' };

describe('the nested applications', () => {
  const nested = () => ofType('AWS::CloudFormation::Stack');

  it('are given exactly the parameters that they declare', () => {
    for (const [id, { Properties }] of nested()) {
      const { Parameters = {} } = templates[id] ?? {};
      expect(Object.keys(Properties.Parameters).sort(), id).toEqual(Object.keys(Parameters).sort());
    }
  });

  it('hold no data that must outlive them, for they can be made anew', () => {
    const data = Object.entries(resources).filter(
      ([, { DeletionPolicy }]) => DeletionPolicy === 'RetainExceptOnCreate',
    );
    expect(data.length).toBeGreaterThan(7);
    expect(data.filter(([id]) => id.includes('/'))).toEqual([]);
  });

  it('use every parameter', () => {
    for (const [stack, template] of Object.entries(templates)) {
      const { Parameters, ...rest } = template;
      const text = JSON.stringify(rest);
      for (const name of Object.keys(Parameters)) {
        const isUsed = text.includes(`{"Ref":"${name}"}`) || text.includes(`\${${name}}`);
        expect(isUsed, `${stack} ${name}`).toBe(true);
      }
    }
  });
});

describe('the functions', () => {
  it('are built', () => {
    for (const [id] of ofType('AWS::Lambda::Function')) {
      expect(existsSync(join(built, id, 'handler.mjs')), id).toBe(true);
    }
  });

  it('each have a role that is written in the template, and SAM adds no other', () => {
    const roles = ofType('AWS::Lambda::Function').map(([id, { Properties }]) => {
      expect(Properties.Role).toEqual({ 'Fn::GetAtt': [`${plain(id)}Role`, 'Arn'] });
      return `${id}Role`;
    });
    expect(
      ofType('AWS::IAM::Role')
        .map(([id]) => id)
        .sort(),
    ).toEqual([...roles, 'DeploymentRole'].sort());
  });

  it('are replaced behind an alias, step by step where that is asked for, and with a way back', () => {
    const groups = new Map(ofType('AWS::CodeDeploy::DeploymentGroup'));
    for (const [id, { Properties }] of ofType('AWS::Lambda::Alias')) {
      expect(Properties.Name).toBe('live');
      const name = plain(id).replace('FunctionAliaslive', '');
      // Of experiments: nothing is lost with a version that fails at once.
      if (['Comparison', 'Generator', 'Scoreboard'].includes(name)) {
        continue;
      }
      const group = groups.get(`${name}FunctionDeploymentGroup`)?.Properties;
      expect(group.AutoRollbackConfiguration.Events).toContain('DEPLOYMENT_STOP_ON_ALARM');
      expect(group.AlarmConfiguration['Fn::If'][1]).toEqual({
        Enabled: true,
        Alarms: [
          'DeploymentAlarm',
          'QuarantineDeploymentAlarm',
          ...(name === 'State' ? ['ConflictDeploymentAlarm'] : []),
        ].map((alarm) => ({ Name: { Ref: `${name}${alarm}` } })),
      });
    }
  });

  it('never get an empty endpoint, which some clients take for an address', () => {
    for (const [, { Properties }] of ofType('AWS::Lambda::Function')) {
      // Declared, so that `sam local invoke` can set it, and absent on AWS.
      expect(Properties.Environment.Variables.AWS_ENDPOINT_URL_DYNAMODB).toEqual(none);
    }
  });

  it('log into groups that forget, under the key that was asked for', () => {
    const groups = new Map(ofType('AWS::Logs::LogGroup'));
    for (const [id, { Properties }] of ofType('AWS::Lambda::Function')) {
      expect(Properties.LoggingConfig).toMatchObject({
        LogFormat: 'JSON',
        LogGroup: { Ref: `${plain(id)}LogGroup` },
      });
      expect(groups.get(`${id}LogGroup`)?.Properties).toMatchObject({
        RetentionInDays: { Ref: 'LogRetentionDays' },
        KmsKeyId: { 'Fn::If': ['HasKmsKey', ownKey, none] },
      });
    }
  });
});

describe('the Makefile of the functions', () => {
  it('finds the repository in a folder whose path has blanks', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'a folder '));
    try {
      const makefile = join(folder, 'services', 'Makefile');
      await mkdir(join(folder, 'services'));
      await copyFile(join(root, 'services', 'Makefile'), makefile);
      const dryRun = ['--dry-run', '--makefile', makefile, 'build-StateFunction'];
      const { stdout } = await promisify(execFile)('make', dryRun, {
        cwd: tmpdir(),
        env: { ...process.env, ARTIFACTS_DIR: join(folder, 'artifacts') },
      });
      expect(stdout).toContain(
        `cd "${await realpath(folder)}" && turbo run build --filter=./services/state `,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the mappings', () => {
  // The workshop's queue is no stream: it has neither positions nor shards.
  const mappings = () =>
    ofType('AWS::Lambda::EventSourceMapping').filter(([id]) => id !== 'Workshop/ScoreboardFunctionRounds');

  it('start at the oldest record, for LATEST misses what arrives while the mapping is made', () => {
    for (const [id, { Properties }] of mappings()) {
      expect(Properties.StartingPosition, id).toBe('TRIM_HORIZON');
    }
  });

  it('feed the alias', () => {
    for (const [, { Properties }] of mappings()) {
      expect(Properties.FunctionName.Ref).toMatch(/^\w+FunctionAliaslive$/);
    }
  });

  it('handle one batch of a shard at a time, for positions and accounting need the order', () => {
    for (const [id, { Properties }] of mappings()) {
      expect(Properties.ParallelizationFactor, id).toBe(1);
      // A function is told the factor of its own mapping, so that it can refuse one that would lose records.
      const fed = Properties.FunctionName.Ref.replace(/Aliaslive$/, '');
      expect(resources[fed]?.Properties.Environment.Variables.PARALLELIZATION_FACTOR, fed).toBe('1');
    }
  });

  it('never give a record up for its age', () => {
    for (const [id, { Properties }] of mappings()) {
      expect(Properties.MaximumRecordAgeInSeconds, id).toBe(-1);
    }
  });

  it('put what they give up into the bucket, the only destination that gets the payload', () => {
    for (const [id, { Properties }] of mappings()) {
      expect(Properties.DestinationConfig.OnFailure.Destination, id).toEqual({
        'Fn::GetAtt': ['FailedBatchBucket', 'Arn'],
      });
    }
  });

  it('count their events, which the alarms look at', () => {
    for (const [id, { Properties }] of mappings()) {
      expect(Properties.MetricsConfig, id).toEqual({ Metrics: ['EventCount'] });
    }
  });

  it('block for ever in map and reduce, for a skipped batch would be missing in the sums', () => {
    const committing = mappings().filter(([id]) => !id.startsWith('State'));
    expect(committing.map(([id]) => id).sort()).toEqual([
      'ComparisonFunctionRowsOfSums',
      'MapFunctionChanges',
      'ReduceFunctionRowsOfSums',
    ]);
    for (const [id, { Properties }] of committing) {
      expect(Properties.MaximumRetryAttempts, id).toBe(-1);
      // Both would cut the batch anew, and a guard that is named after the batch would let it in twice.
      expect(Properties.BisectBatchOnFunctionError, id).toBeUndefined();
      expect(Properties.FunctionResponseTypes, id).toBeUndefined();
    }
  });

  it('retry in state until a limit, part by part, for any version can be redelivered', () => {
    const [, state] = mappings().find(([id]) => id.startsWith('State')) ?? [];
    expect(state?.Properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: { Ref: 'StateRetryAttempts' },
    });
  });

  it('take new rows only into reduce, for a row that expires is no sum to add', () => {
    for (const name of ['Reduce', 'Comparison']) {
      const filters = resources[`${name}FunctionRowsOfSums`]?.Properties.FilterCriteria.Filters;
      expect(filters).toEqual([{ Pattern: '{"eventName":["INSERT"]}' }]);
    }
  });

  it('give the map stage a tumbling window, which alone tells the shard of a table', () => {
    expect(resources['MapFunctionChanges']?.Properties.TumblingWindowInSeconds).toEqual({
      Ref: 'MapTumblingWindowSeconds',
    });
  });
});

describe('the tables and the stream', () => {
  /** What may go with its stack: nothing that a sum is made of. */
  const passing = [
    'ParameterTable',
    'IdempotencyTable',
    'ComparisonAggregateTable',
    'Workshop/WorkshopTable',
  ];
  const kept = () => ofType('AWS::DynamoDB::Table').filter(([id]) => !passing.includes(id));

  it('outlive their stack', () => {
    for (const [id, resource] of [
      ...kept(),
      ...ofType('AWS::Kinesis::Stream'),
      ...ofType('AWS::S3::Bucket'),
    ]) {
      expect(resource.DeletionPolicy, id).toBe('RetainExceptOnCreate');
      expect(resource.UpdateReplacePolicy, id).toBe('Retain');
    }
  });

  it('cannot be deleted by hand under Protection=full, and can be had back as of any second', () => {
    for (const [id, { Properties }] of kept()) {
      expect(Properties.DeletionProtectionEnabled, id).toEqual(whenProtected);
      if (id === 'ReduceTable') {
        continue;
      }
      expect(Properties.PointInTimeRecoverySpecification, id).toEqual({
        PointInTimeRecoveryEnabled: whenProtected,
      });
    }
  });

  it('cannot be replaced or deleted by an update under the stack policy of the repository', async () => {
    const policy = JSON.parse(await readFile(join(root, 'stacks', 'stack-policy.json'), 'utf8'));
    const outliving = Object.entries(resources).filter(
      ([, { DeletionPolicy }]) => DeletionPolicy === 'RetainExceptOnCreate',
    );
    expect(policy.Statement).toEqual([
      { Effect: 'Allow', Principal: '*', Action: 'Update:*', Resource: '*' },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: ['Update:Replace', 'Update:Delete'],
        Resource: outliving.map(([id]) => `LogicalResourceId/${id}`).sort(),
      },
    ]);
  });

  it('have names of the stack by default, of the lab or with a prefix by one parameter', () => {
    expect(templates['']?.Parameters['Names']).toMatchObject({ Default: 'stack' });
    for (const [id, name] of [
      ...ofType('AWS::DynamoDB::Table').map(([id, { Properties }]) => [id, Properties.TableName] as const),
      ...ofType('AWS::Kinesis::Stream').map(([id, { Properties }]) => [id, Properties.Name] as const),
    ]) {
      const given = id.includes('/')
        ? resources['Workshop']?.Properties.Parameters[`${plain(id)}Name`]
        : name;
      const derived = {
        'Fn::If': [
          'IsNamedAfterStack',
          { 'Fn::Sub': `\${AWS::StackName}-${plain(id)}` },
          { 'Fn::Sub': `\${Names}-${plain(id)}` },
        ],
      };
      expect(given, id).toEqual({ 'Fn::If': ['HasLabNames', plain(id), derived] });
    }
  });

  it('count shards in provisioned mode only', () => {
    const [[, { Properties }] = ['', { Properties: {} }]] = ofType('AWS::Kinesis::Stream');
    expect(Properties.StreamModeDetails).toEqual({ StreamMode: { Ref: 'StreamMode' } });
    expect(Properties.ShardCount).toEqual({
      'Fn::If': ['HasFixedShards', { Ref: 'StreamShardCount' }, none],
    });
  });

  it('are encrypted, with a key of your own where there is one', () => {
    for (const [id, { Properties }] of ofType('AWS::DynamoDB::Table')) {
      expect(Properties.SSESpecification, id).toEqual({
        'Fn::If': ['HasKmsKey', { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: ownKey }, none],
      });
    }
    for (const [, { Properties }] of ofType('AWS::Kinesis::Stream')) {
      expect(Properties.StreamEncryption).toEqual({
        EncryptionType: 'KMS',
        KeyId: { 'Fn::If': ['HasKmsKey', ownKey, 'alias/aws/kinesis'] },
      });
      expect(Properties.RetentionPeriodHours).toEqual({ Ref: 'StreamRetentionHours' });
    }
  });
});

describe('the bucket for batches that were given up', () => {
  it('is encrypted, private and forgets', () => {
    const [[, { Properties }] = ['', { Properties: {} }], ...others] = ofType('AWS::S3::Bucket');
    expect(others).toEqual([]);
    const [rule] = Properties.BucketEncryption.ServerSideEncryptionConfiguration;
    expect(rule.ServerSideEncryptionByDefault).toEqual({
      SSEAlgorithm: { 'Fn::If': ['HasKmsKey', 'aws:kms', 'AES256'] },
      KMSMasterKeyID: { 'Fn::If': ['HasKmsKey', ownKey, none] },
    });
    expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    expect(Properties.OwnershipControls.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
    expect(Properties.LifecycleConfiguration.Rules[0]).toMatchObject({
      Status: 'Enabled',
      ExpirationInDays: { Ref: 'FailedBatchRetentionDays' },
    });
  });

  it('refuses whoever comes without TLS', () => {
    const [[, { Properties }] = ['', { Properties: {} }]] = ofType('AWS::S3::BucketPolicy');
    expect(Properties.PolicyDocument.Statement).toMatchObject([
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [
          { 'Fn::GetAtt': ['FailedBatchBucket', 'Arn'] },
          // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in.
          { 'Fn::Sub': '${FailedBatchBucket.Arn}/*' },
        ],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]);
  });
});

describe('the alarms', () => {
  const alarms = () => ofType('AWS::CloudWatch::Alarm');

  it('are there for each stage and cause', () => {
    const causes = [
      'IteratorAge',
      'Errors',
      'Throttles',
      'FailedEvents',
      'DroppedEvents',
      'FailedBatches',
      'Quarantine',
    ];
    const ids = alarms().map(([id]) => id);
    for (const stage of ['State', 'Map', 'Reduce']) {
      expect(ids).toContain(`${stage}StoppedAlarm`);
      for (const cause of causes) {
        expect(ids).toContain(`${stage}Alarms/${cause}Alarm`);
      }
      // A mapping that the alarms do not look at would fail unseen.
      const { Stage, FunctionName, MappingId } = resources[`${stage}Alarms`]?.Properties.Parameters ?? {};
      expect({ Stage, FunctionName }).toEqual({
        Stage: stage.toLowerCase(),
        FunctionName: { Ref: `${stage}Function` },
      });
      expect(resources[MappingId.Ref]?.Properties.FunctionName).toEqual({
        Ref: `${stage}FunctionAliaslive`,
      });
    }
  });

  it('are all on the dashboard, but for those of a deployment', () => {
    const arns = JSON.stringify([
      ...['State', 'Map', 'Reduce'].map((stage) => templates[`${stage}Alarms`]?.Outputs?.['AlarmArns']),
      resources['PipelineDashboard/Dashboard']?.Properties.DashboardBody,
    ]);
    for (const [id, { Properties }] of alarms().filter(([id]) => !id.endsWith('DeploymentAlarm'))) {
      const name: string | undefined = Properties.AlarmName?.['Fn::Sub'];
      expect(arns, id).toContain(name?.replace('AWS::StackName', 'PipelineName') ?? plain(id));
    }
    for (const stage of ['State', 'Map', 'Reduce']) {
      expect(arns).toContain(`\${${stage}AlarmArns}`);
      expect(resources['PipelineDashboard']?.Properties.Parameters[`${stage}AlarmArns`]).toEqual({
        'Fn::If': ['HasAlarms', { 'Fn::GetAtt': [`${stage}Alarms`, 'Outputs.AlarmArns'] }, ''],
      });
    }
  });

  it('go to the topic, when they begin and when they end', () => {
    const topic = { 'Fn::If': ['HasAlarmTopic', [{ Ref: 'AlarmTopicArn' }], none] };
    for (const [id, { Properties }] of alarms()) {
      expect(Properties.AlarmActions, id).toEqual(topic);
      expect(Properties.OKActions, id).toEqual(topic);
      // Stages that have nothing to do publish nothing; only a stream for which a minimum is set must get something.
      const isExpected = id === 'PipelineDashboard/FewRecordsAlarm';
      expect(Properties.TreatMissingData, id).toBe(isExpected ? 'breaching' : 'notBreaching');
    }
  });

  it('each lead to a section of the runbook', async () => {
    const runbook = await readFile(join(root, 'docs', 'operations.md'), 'utf8');
    const sections = new Set(
      [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-')),
    );
    for (const [id, { Properties }] of alarms()) {
      const { 'Fn::Sub': description = Properties.AlarmDescription } = Properties.AlarmDescription;
      const [, anchor = ''] = /docs\/operations\.md#([a-z-]+)$/.exec(description) ?? [];
      expect([...sections], id).toContain(anchor);
    }
  });
});

describe('the workshop', () => {
  it('is there for those who ask for it, and for nobody else', () => {
    const own = Object.keys(resources).filter((id) => id.startsWith('Workshop/'));
    expect(own.length).toBeGreaterThan(12);
    expect(resources['Workshop']?.Condition).toBe('RunsWorkshop');
    expect(Object.keys(resources).filter((id) => /^(Generator|Scoreboard|Workshop\w)/.test(id))).toEqual([]);
  });

  it('begins a round every minute, and lets one that is late or broken be', () => {
    const [[, schedule] = ['', undefined], ...others] = ofType('AWS::Events::Rule');
    expect(others).toEqual([]);
    expect(schedule?.Properties.ScheduleExpression).toBe('rate(1 minute)');
    const [target] = schedule?.Properties.Targets ?? [];
    expect(target.Arn.Ref).toBe('GeneratorFunctionAliaslive');
    expect(target.RetryPolicy).toEqual({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
    const [[, invocations] = ['', undefined]] = ofType('AWS::Lambda::EventInvokeConfig');
    expect(invocations?.Properties).toMatchObject({
      FunctionName: { Ref: 'GeneratorFunction' },
      Qualifier: 'live',
      MaximumRetryAttempts: 0,
      DestinationConfig: {
        OnSuccess: { Destination: { 'Fn::GetAtt': ['WorkshopRoundQueue', 'Arn'] } },
        OnFailure: { Destination: { 'Fn::GetAtt': ['WorkshopDeadLetterQueue', 'Arn'] } },
      },
    });
  });

  it('judges it 30 seconds after the last message, and keeps what could not be judged', () => {
    const queue = resources['Workshop/WorkshopRoundQueue']?.Properties;
    expect(queue).toMatchObject({
      DelaySeconds: 30,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['WorkshopDeadLetterQueue', 'Arn'] } },
    });
    const timeout = resources['Workshop/ScoreboardFunction']?.Properties.Timeout;
    expect(queue.VisibilityTimeout).toBe(6 * timeout);
    expect(resources['Workshop/ScoreboardFunctionRounds']?.Properties).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': ['WorkshopRoundQueue', 'Arn'] },
      BatchSize: 1,
    });
  });

  it('encrypts its queues, with the key that was asked for', () => {
    for (const [id, { Properties }] of ofType('AWS::SQS::Queue')) {
      expect(Properties.KmsMasterKeyId, id).toEqual({ 'Fn::If': ['HasKmsKey', ownKey, none] });
      expect(Properties.SqsManagedSseEnabled, id).toEqual({ 'Fn::If': ['HasKmsKey', none, true] });
    }
  });
});
