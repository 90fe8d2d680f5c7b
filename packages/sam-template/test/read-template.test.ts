import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Application } from '../src/application.ts';
import { type ReadTemplateOptions, readTemplate } from '../src/read-template.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
const readFixture = (parameterOverrides: Record<string, string> = {}): Promise<Application> =>
  readTemplate({ file: fixture('every-feature.yaml'), parameterOverrides, accountId: '123456789012' });

describe('readTemplate', () => {
  let application: Application;
  beforeAll(async () => {
    application = await readFixture();
  });

  it('reads functions with what Globals has for them', () => {
    expect(application.functions).toMatchObject([
      {
        logicalId: 'Fold',
        functionName: 'Fold',
        handler: 'index.handler',
        codeUri: 'fold/',
        runtime: 'nodejs24.x',
        timeoutSeconds: 7,
        memorySize: 256,
        reservedConcurrency: 3,
      },
      {
        logicalId: 'Plain',
        functionName: 'plain-function',
        codeUri: 'plain/',
        timeoutSeconds: 3,
        memorySize: 128,
      },
    ]);
  });

  it('computes environment variables to local names, and leaves out what is not known', () => {
    expect(application.functions[0]?.environment).toEqual({
      SHARED: 'shared',
      BOTH: 'own',
      TOTALS: 'Totals',
      TOTALS_ARN: 'arn:aws:dynamodb:us-east-1:123456789012:table/Totals',
      SETTINGS: 'settings-test',
      STREAM: 'Orders',
      NUMBER: '12',
      FLAG: 'true',
      FIRST_DESK: 'FXSpot',
      LAST_PART: 'c',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what Fn::Sub must leave.
      SUB: 'x-us-east-1-Totals-arn:aws:dynamodb:us-east-1:123456789012:table/Totals-${Literal}',
      SUB_WITH: '250+test',
      DESKS: 'FXSpot:FXOptions',
      BASE64: 'aGk=',
      ACCOUNT: '123456789012',
      LIVE: 'none',
    });
  });

  it('reads tables as CreateTable takes them', () => {
    expect(application.tables).toEqual([
      {
        logicalId: 'Totals',
        tableName: 'Totals',
        streamViewType: 'NEW_IMAGE',
        timeToLiveAttribute: 'expires',
        definition: {
          TableName: 'Totals',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [
            { AttributeName: 'shelf', AttributeType: 'S' },
            { AttributeName: 'region', AttributeType: 'S' },
            { AttributeName: 'seen', AttributeType: 'N' },
          ],
          KeySchema: [
            { AttributeName: 'shelf', KeyType: 'HASH' },
            { AttributeName: 'region', KeyType: 'RANGE' },
          ],
          GlobalSecondaryIndexes: [
            {
              IndexName: 'by-region',
              KeySchema: [{ AttributeName: 'region', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'ALL' },
            },
          ],
          LocalSecondaryIndexes: [
            {
              IndexName: 'by-time',
              KeySchema: [
                { AttributeName: 'shelf', KeyType: 'HASH' },
                { AttributeName: 'seen', KeyType: 'RANGE' },
              ],
              Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] },
            },
          ],
          StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
        },
      },
      {
        logicalId: 'Settings',
        tableName: 'settings-test',
        definition: {
          TableName: 'settings-test',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'name', AttributeType: 'N' }],
          KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' }],
        },
      },
    ]);
  });

  it('gives a stream in on-demand mode the shards that AWS starts with', async () => {
    expect(application.streams).toEqual([
      { logicalId: 'Orders', streamName: 'Orders', shardCount: 4, retentionHours: 24 },
    ]);
    const fewer = await readTemplate({ file: fixture('every-feature.yaml'), onDemandShardCount: 1 });
    expect(fewer.streams[0]?.shardCount).toBe(1);
  });

  it("reads mappings with all settings, and with Lambda's defaults", () => {
    const defaults = {
      enabled: true,
      batchSize: 100,
      maximumBatchingWindowInSeconds: 0,
      parallelizationFactor: 1,
      maximumRetryAttempts: -1,
      maximumRecordAgeInSeconds: -1,
      bisectBatchOnFunctionError: false,
      functionResponseTypes: [],
      tumblingWindowInSeconds: 0,
    };
    expect(application.mappings).toEqual([
      {
        logicalId: 'FoldFromOrders',
        functionLogicalId: 'Fold',
        source: { kind: 'kinesis', logicalId: 'Orders' },
        settings: {
          enabled: true,
          batchSize: 250,
          maximumBatchingWindowInSeconds: 5,
          parallelizationFactor: 4,
          startingPosition: 'AT_TIMESTAMP',
          startingPositionTimestamp: 1_700_000_000,
          maximumRetryAttempts: 3,
          maximumRecordAgeInSeconds: 120,
          bisectBatchOnFunctionError: true,
          functionResponseTypes: ['ReportBatchItemFailures'],
          tumblingWindowInSeconds: 0,
          filterCriteria: {
            filters: [{ pattern: '{"data":{"shelf":["a"]}}' }, { pattern: '{"data":{"shelf":["b"]}}' }],
          },
          destinationConfig: { onFailure: { destination: 'arn:aws:sqs:us-east-1:123456789012:Failures' } },
        },
      },
      {
        logicalId: 'FoldFromTotals',
        functionLogicalId: 'Fold',
        source: { kind: 'dynamodb', logicalId: 'Totals' },
        settings: { ...defaults, startingPosition: 'LATEST', enabled: false, tumblingWindowInSeconds: 30 },
      },
      {
        logicalId: 'PlainMapping',
        functionLogicalId: 'Plain',
        source: { kind: 'dynamodb', logicalId: 'Totals' },
        settings: { ...defaults, startingPosition: 'TRIM_HORIZON' },
      },
      {
        logicalId: 'QueueMapping',
        functionLogicalId: 'Plain',
        source: { kind: 'sqs', logicalId: 'Failures' },
        settings: {
          enabled: true,
          batchSize: 10,
          maximumBatchingWindowInSeconds: 0,
          functionResponseTypes: [],
        },
      },
    ]);
  });

  it('lists everything that it cannot emulate', () => {
    expect(application.unsupported.map(({ logicalId, what }) => `${logicalId}: ${what}`).sort()).toEqual([
      'Container: a function from a container image is not emulated',
      'Fold: Environment.Variables.IMPORTED: Fn::ImportValue is not emulated',
      'Fold: Environment.Variables.QUEUE_URL: what Ref gives for Failures is not known here',
      'Fold: Environment.Variables.RESOLVED: the dynamic reference {{resolve:ssm:/a/name}} is not emulated',
      'Fold: Environment.Variables.ROLE: the attribute Arn of FoldRole is not known here',
      'Fold: Environment.Variables.STORED: the value of the parameter Stored is kept in AWS Systems Manager',
      'Fold: VpcConfig: the property is not emulated',
      'Fold: the event OverHttp of type Api is not emulated',
      'Fold: the stream of the event FromElsewhere (arn:aws:kinesis:us-east-1:111111111111:stream/other) is not in this template',
      'Outputs.QueueUrl: what Ref gives for Failures is not known here',
      'Totals: KinesisStreamSpecification: the property is not emulated',
    ]);
  });

  it('gives outputs', () => {
    expect(application.outputs).toEqual({ StreamName: 'Orders' });
  });

  it('follows parameters and conditions', async () => {
    const live = await readFixture({
      Stage: 'live',
      Prefix: 'eu',
      BatchSize: '17',
      Stored: 'kept',
      Desks: 'One',
    });
    expect(live.tables.map(({ tableName }) => tableName)).toEqual(['Totals', 'settings-live', 'LiveOnly']);
    expect(live.streams[0]?.streamName).toBe('eu-orders');
    expect(live.functions[0]).toMatchObject({
      memorySize: 1024,
      environment: { STREAM: 'eu-orders', LIVE: 'LiveOnly', STORED: 'kept', DESKS: 'One' },
    });
    expect(live.mappings[0]?.settings.batchSize).toBe(17);
    expect(live.outputs).toEqual({ StreamName: 'eu-orders', LiveTable: 'LiveOnly' });
  });

  it.each([
    [{ Stage: 'other' }, 'Parameters.Stage: "other" is not one of test, live'],
    [{ BatchSize: '0' }, 'Parameters.BatchSize: "0" is below 1'],
    [{ BatchSize: '10001' }, 'Parameters.BatchSize: "10001" is above 10000'],
    [{ BatchSize: 'ten' }, 'Parameters.BatchSize: "ten" is not a number'],
    [{ Prefix: 'UP' }, 'Parameters.Prefix: "UP" does not match the pattern [a-z]* (small letters)'],
    [{ Prefix: 'abcdefghi' }, 'Parameters.Prefix: "abcdefghi" is longer than 8 characters (small letters)'],
    [{ Secret: 'x' }, 'Parameters.Secret: the value is shorter than 6 characters'],
    [{ Sage: 'live' }, 'Parameters.Sage: is not declared; declared are'],
    [{ constructor: 'x' }, 'Parameters.constructor: is not declared'],
  ])('refuses the parameters %j', async (overrides, message) => {
    await expect(readFixture(overrides as Record<string, string>)).rejects.toThrow(message);
  });

  it('says so where a template declares no parameters', async () => {
    const read = readTemplate({
      file: fixture('plain.json'),
      stackName: 'shop',
      parameterOverrides: { Stage: 'live' },
    });
    await expect(read).rejects.toThrow('Parameters.Stage: is not declared; declared are none');
  });

  it('reads a JSON template without SAM', async () => {
    const { tables, streams } = await readTemplate({ file: fixture('plain.json'), stackName: 'shop' });
    expect(streams).toMatchObject([{ streamName: 'Events', shardCount: 2 }]);
    expect(tables[0]).toMatchObject({
      tableName: 'shop-items',
      definition: {
        BillingMode: 'PROVISIONED',
        ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
      },
    });
  });

  it("reads the project's own template without a remainder, with the names of the lab or of the stack", async () => {
    const file = fileURLToPath(new URL('../../../template.yaml', import.meta.url));
    const own = await readTemplate({ file, parameterOverrides: { Names: 'lab', StreamMode: 'ON_DEMAND' } });
    expect(own.mappings.map(({ source }) => source.logicalId)).toEqual([
      'IncomingDataStream',
      'StateTable',
      'ReduceTable',
    ]);
    expect(own.streams[0]?.streamName).toBe('IncomingDataStream');
    expect(own.unsupported).toEqual([]);
    for (const { logicalId, tableName } of own.tables) {
      expect(tableName).toBe(logicalId);
    }
    const named = await readTemplate({ file, parameterOverrides: { Names: 'stack' }, stackName: 'mine' });
    expect(named.streams[0]?.streamName).toBe('mine-IncomingDataStream');
    expect(named.tables.map(({ tableName }) => tableName)).toEqual(
      own.tables.map(({ tableName }) => `mine-${tableName}`),
    );
  });
});

describe('readTemplate of a wrong template', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'oncefold-template-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  async function read(text: string, options: Partial<ReadTemplateOptions> = {}): Promise<Application> {
    const file = join(directory, 'template.yaml');
    await writeFile(file, text);
    return readTemplate({ file, ...options });
  }

  const resources = (yaml: string): string => `Resources:\n${yaml.replace(/^/gm, '  ')}`;
  const stream = 'S: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }\n';
  const withEvent = (properties: string): string =>
    resources(`${stream}F:
  Type: AWS::Serverless::Function
  Properties:
    Handler: a.b
    Runtime: nodejs24.x
    Events: { E: { Type: Kinesis, Properties: { Stream: !GetAtt S.Arn, StartingPosition: LATEST, ${properties} } } }`);

  it('leaves out functions of other languages with their mappings, and says so', async () => {
    const { functions, mappings, unsupported } = await read(`
Transform: AWS::Serverless-2016-10-31
Resources:
  S: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: dotnet8
      Handler: app.handler
      CodeUri: src
      Events: { E: { Type: Kinesis, Properties: { Stream: !GetAtt S.Arn, StartingPosition: LATEST } } }`);
    expect({ functions, mappings }).toEqual({ functions: [], mappings: [] });
    expect(unsupported).toEqual([
      { logicalId: 'F', what: 'a function of the runtime dotnet8 is not emulated' },
    ]);
  });

  it.each([
    ['a file that is no YAML', 'a: [', /within a flow collection at line 1, column 5/],
    [
      'a file that ends within a list',
      'Resources:\r\n  A: [\r\n',
      /within a flow collection at line 3, column 1$/,
    ],
    [
      'a file that ends within a text, after a key that stands twice',
      'A: { a: 1, a: "b',
      /within a double quoted scalar at line 1, column 17$/,
    ],
    ['an unknown tag', withEvent('BatchSize: !Nope b'), /BatchSize: Fn::Nope is not emulated/],
    ['no resources', 'Outputs: {}', /Resources: /],
    ['a resource without a type', resources('A: {}'), /Resources\.A\.Type/],
    [
      'a parameter without a value',
      'Parameters: { P: { Type: String } }\nResources: {}',
      /Parameters\.P: has no default/,
    ],
    [
      'a mapping without a starting position',
      withEvent('').replace(/StartingPosition: \w+, /, ''),
      /E\.Properties\.StartingPosition: is missing; it is one of TRIM_HORIZON, LATEST, AT_TIMESTAMP$/,
    ],
    [
      'a starting position that is none',
      withEvent('').replace(/StartingPosition: \w+/, 'StartingPosition: EARLIEST'),
      /E\.Properties\.StartingPosition: must be one of TRIM_HORIZON, LATEST, AT_TIMESTAMP$/,
    ],
    [
      'a batch size out of range',
      withEvent('BatchSize: 10001'),
      /E\.Properties\.BatchSize: must be a whole number from 1 to 10000/,
    ],
    [
      'a window that is no number',
      withEvent('MaximumBatchingWindowInSeconds: soon'),
      /must be a whole number from 0 to 300/,
    ],
    [
      'an age between the limits',
      withEvent('MaximumRecordAgeInSeconds: 5'),
      /must be -1 or a whole number from 60/,
    ],
    [
      'a property that is nearly one',
      withEvent('StartingPosition2: X'),
      /E\.Properties\.StartingPosition2: is not a property; did you mean StartingPosition\?/,
    ],
    ['a time without its position', withEvent('StartingPositionTimestamp: 5'), /AT_TIMESTAMP only/],
    [
      'parallel batches in a window',
      withEvent('TumblingWindowInSeconds: 5, ParallelizationFactor: 2'),
      /must be 1 with a tumbling/,
    ],
    ['a stream without shards', resources('S: { Type: AWS::Kinesis::Stream }'), /ShardCount: is needed/],
    ['a reference to nothing', withEvent('BatchSize: !Ref Nothing'), /refers to Nothing, which is neither/],
    [
      'a condition that does not exist',
      withEvent('BatchSize: !If [Never, 1, 2]'),
      /there is no condition Never/,
    ],
    [
      'a name that needs itself',
      resources('T: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1, Name: !Ref T } }'),
      /refers to itself/,
    ],
    [
      'a condition that needs itself',
      `Conditions: { A: !Not [!Condition A] }\n${withEvent('BatchSize: !If [A, 1, 2]')}`,
      /Conditions\.A: refers to itself/,
    ],
    [
      'a reference to what a condition leaves out',
      `Conditions: { Never: !Equals [a, b] }\n${resources(`${stream.replace('S: {', 'S: { Condition: Never,')}\nT: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1, Name: !Ref S } }`)}`,
      /refers to S, which its condition Never leaves out/,
    ],
    [
      'a choice that is not in the list',
      withEvent('BatchSize: !Select [2, [1, 2]]'),
      /Fn::Select finds nothing at 2/,
    ],
    [
      'a mapping that is not there',
      withEvent('BatchSize: !FindInMap [A, B, C]'),
      /Fn::FindInMap finds no A\.B\.C/,
    ],
    ['a join of text', withEvent("BatchSize: !Join ['', a]"), /takes a list to join/],
  ])('says what is wrong: %s', async (_name, text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      name: 'TemplateError',
      message: expect.stringMatching(message),
    });
  });

  it('says when there is no file', async () => {
    await expect(readTemplate({ file: join(directory, 'missing.yaml') })).rejects.toThrow('cannot be read');
  });

  it('says when it is given a folder', async () => {
    await expect(readTemplate({ file: directory })).rejects.toThrow(
      `${directory}: is a folder; give it a file, such as ${join(directory, 'template.yaml')}`,
    );
  });

  it.each([
    ['text', 'hello'],
    ['a list', '- Resources'],
    ['a number', '7'],
  ])('refuses %s in words for who wrote it', async (what, text) => {
    await expect(read(text)).rejects.toThrow(`must be a map with Resources, not ${what}`);
  });

  it('names the shape that a section must have', async () => {
    await expect(read('Resources: {}\nParameters: [Stage]')).rejects.toThrow(
      /Parameters: must be a map, not a list$/,
    );
  });

  it('asks whether a type that it does not know is a misspelled one', async () => {
    const { unsupported } = await read(
      resources(
        `${stream}F: { Type: AWS::Serverless::Funtion }\nQ: { Type: AWS::Sqs::Queue }\nI: { Type: AWS::IoT::Policy }`,
      ),
    );
    expect(unsupported).toEqual([
      {
        logicalId: 'F',
        what: 'AWS::Serverless::Funtion is not known; did you mean AWS::Serverless::Function?',
      },
      { logicalId: 'Q', what: 'AWS::Sqs::Queue is not known; did you mean AWS::SQS::Queue?' },
      { logicalId: 'I', what: 'AWS::IoT::Policy is not emulated' },
    ]);
  });

  it('asks the same of the type of an event', async () => {
    const { unsupported } = await read(
      resources(`F:
  Type: AWS::Serverless::Function
  Properties: { Handler: a.b, Runtime: nodejs24.x, Events: { E: { Type: Kinesys }, A: { Type: SNS } } }`),
    );
    expect(unsupported).toEqual([
      { logicalId: 'F', what: 'the event E of type Kinesys is not known; did you mean Kinesis?' },
      { logicalId: 'F', what: 'the event A of type SNS is not emulated' },
    ]);
  });

  it('takes logical ids that are names of methods', async () => {
    const { streams } = await read(resources(stream.replace('S:', 'constructor:')));
    expect(streams[0]?.streamName).toBe('constructor');
  });
});
