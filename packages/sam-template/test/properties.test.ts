// Goal: nothing that a template asks for vanishes. A misspelt name is an error, what does not exist here is reported, and
// what has no meaning here is counted.
import { describe, expect, it } from 'vitest';
import { readText, reports, withStreams } from './read-text.ts';

const withEvent = (settings: string): string =>
  withStreams(`F:
  Type: AWS::Serverless::Function
  Properties:
    Runtime: nodejs24.x
    Handler: a.b
    Events: { E: { Type: Kinesis, Properties: { Stream: !GetAtt S.Arn, StartingPosition: LATEST, ${settings} } } }`);
const EVENT = 'Resources.F.Properties.Events.E.Properties';

describe('readTemplate of properties', () => {
  it.each([
    [
      withEvent('FilterCriteria: { Filter: [{ Pattern: "{}" }] }'),
      `${EVENT}.FilterCriteria.Filter: is not a property; did you mean Filters?`,
    ],
    [
      withEvent('FilterCriteria: { Filters: [{ Patern: "{}" }] }'),
      `${EVENT}.FilterCriteria.Filters.0.Patern: is not a property; did you mean Pattern?`,
    ],
    [
      withEvent('DestinationConfig: { OnFail: { Destination: a } }'),
      `${EVENT}.DestinationConfig.OnFail: is not a property; did you mean OnFailure?`,
    ],
    [withEvent('Batchsize: 3'), `${EVENT}.Batchsize: is not a property; did you mean BatchSize?`],
    [
      withStreams(
        'F: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, Handler: a.b, Environment: { Variable: { A: b } } } }',
      ),
      'Resources.F.Properties.Environment.Variable: is not a property; did you mean Variables?',
    ],
    [
      withStreams('').replace('StreamViewType', 'ViewType'),
      'Resources.T.Properties.StreamSpecification.ViewType: is not a property; did you mean StreamViewType?',
    ],
    [
      withStreams('').replace('{ ShardCount: 1 }', '{ ShardCount: 1, StreamModeDetail: {} }'),
      'Resources.S.Properties.StreamModeDetail: is not a property; did you mean StreamModeDetails?',
    ],
    [
      withStreams('A: { Type: AWS::Lambda::Alias, Properties: { FunctionNames: F } }'),
      'Resources.A.Properties.FunctionNames: is not a property; did you mean FunctionName?',
    ],
    [
      withStreams('A: { Type: AWS::SNS::Topic, Propertys: {} }'),
      'Resources.A.Propertys: is not known; did you mean Properties?',
    ],
    [`${withStreams('')}Output: {}`, 'template.yaml.Output: is not known; did you mean Outputs?'],
    [
      `${withStreams('')}Globals: { Functions: {} }`,
      'Globals.Functions: is not known; did you mean Function?',
    ],
    [
      `${withStreams('')}Parameters: { P: { Type: String, AllowedValue: [a] } }`,
      'Parameters.P.AllowedValue: is not known; did you mean AllowedValues?',
    ],
  ])('refuses a misspelt name: case %#', async (text, message) => {
    await expect(readText(text)).rejects.toThrow(message);
  });

  it('says that a file of the Serverless Framework is no template', async () => {
    const text = 'service: orders\nprovider: { name: aws }\nfunctions: {}\nresources: { Resources: {} }';
    await expect(readText(text)).rejects.toThrow(
      'template.yaml: is a file of the Serverless Framework, and no CloudFormation template; name a SAM template',
    );
  });

  it('keeps the point of a version in JSON, as in YAML', async () => {
    const text =
      '{ "Resources": {}, "Outputs": { "Version": { "Value": { "Fn::Join": ["", ["v", 1.0]] } } } }';
    expect((await readText(text)).outputs).toEqual({ Version: 'v1.0' });
  });

  it('reports what is known and does not exist here', async () => {
    expect(
      reports(
        await readText(
          withEvent(
            'DestinationConfig: { OnSuccess: { Destination: a }, OnFailure: { Destination: !ImportValue b } }',
          ),
        ),
      ),
    ).toEqual([
      'F: Events.E.Properties.DestinationConfig.OnSuccess: the property is not emulated',
      'F: Events.E.Properties.DestinationConfig.OnFailure.Destination: Fn::ImportValue is not emulated',
    ]);
  });

  it('neither reports nor counts what a condition leaves out', async () => {
    const application = await readText(
      `${withStreams(
        `F: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, Handler: a.b, Tags: !If [No, { a: b }, !Ref AWS::NoValue], VpcConfig: !If [No, {}, !If [No, {}, !Ref AWS::NoValue]], Environment: !If [No, { Variable: {} }, { Variables: { NAME: !If [No, a, b] } }] } }`,
      )}Conditions: { No: !Equals [a, b] }`,
    );
    expect(application.unsupported).toEqual([]);
    expect(application.ignored).toEqual([]);
    expect(application.functions[0]?.environment).toEqual({ NAME: 'b' });
  });

  it('counts what has no meaning here, by type and property', async () => {
    const { ignored } = await readText(
      `${withStreams(
        `F: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, Handler: a.b, Policies: [{ Ref: Nowhere }], LoggingConfig: { LogGroup: g } } }
G: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, Handler: a.b, Policies: [] } }
R: { Type: AWS::IAM::Role, Properties: { Anything: true } }`,
      ).replace(
        'StreamViewType: NEW_IMAGE',
        'StreamViewType: NEW_IMAGE, ResourcePolicy: { PolicyDocument: {} }',
      )}`,
    );
    expect(ignored).toEqual([
      { type: 'AWS::DynamoDB::Table', property: 'StreamSpecification.ResourcePolicy', logicalIds: ['T'] },
      { type: 'AWS::Serverless::Function', property: 'Policies', logicalIds: ['F', 'G'] },
      { type: 'AWS::Serverless::Function', property: 'LoggingConfig.LogGroup', logicalIds: ['F'] },
      { type: 'AWS::IAM::Role', logicalIds: ['R'] },
    ]);
  });

  it('reads a global table as the one table that all its regions share', async () => {
    const application = await readText(
      withStreams(`G:
  Type: AWS::DynamoDB::GlobalTable
  Properties:
    BillingMode: PROVISIONED
    AttributeDefinitions: [{ AttributeName: id, AttributeType: S }, { AttributeName: day, AttributeType: S }]
    KeySchema: [{ AttributeName: id, KeyType: HASH }]
    GlobalSecondaryIndexes:
      - IndexName: days
        KeySchema: [{ AttributeName: day, KeyType: HASH }]
        Projection: { ProjectionType: ALL }
        WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: { MinCapacity: 1, MaxCapacity: 9 } }
    StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }
    TimeToLiveSpecification: { AttributeName: expires, Enabled: true }
    Replicas:
      - { Region: us-east-1, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }
      - { Region: eu-west-1, KinesisStreamSpecification: { StreamArn: !GetAtt S.Arn } }
F:
  Type: AWS::Serverless::Function
  Properties:
    Runtime: nodejs24.x
    Handler: a.b
    Environment: { Variables: { TABLE: !Ref G } }
    Events:
      Changes: { Type: DynamoDB, Properties: { Stream: !GetAtt G.StreamArn, StartingPosition: LATEST } }`),
    );
    const { tables, mappings, functions, unsupported } = application;
    expect(unsupported).toEqual([
      { logicalId: 'G', what: 'Replicas.1.KinesisStreamSpecification: the property is not emulated' },
    ]);
    expect(tables.find(({ logicalId }) => logicalId === 'G')).toEqual({
      logicalId: 'G',
      tableName: 'G-table',
      definition: {
        TableName: 'G-table',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'day', AttributeType: 'S' },
        ],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'days',
            KeySchema: [{ AttributeName: 'day', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      },
      timeToLiveAttribute: 'expires',
      streamViewType: 'NEW_AND_OLD_IMAGES',
    });
    expect(functions[0]?.environment).toEqual({ TABLE: 'G-table' });
    expect(mappings[0]).toMatchObject({ source: { kind: 'dynamodb', logicalId: 'G' } });
  });

  it('lets a resource do without what Globals has', async () => {
    const { functions } = await readText(
      `${withStreams(
        `F: { Type: AWS::Serverless::Function, IgnoreGlobals: [Timeout], Properties: { Handler: a.b } }
G: { Type: AWS::Serverless::Function, IgnoreGlobals: '*', Properties: { Runtime: python3.13, Handler: a.b } }`,
      )}Globals: { Function: { Runtime: nodejs24.x, Timeout: 9, MemorySize: 256 } }`,
    );
    expect(functions).toMatchObject([
      { runtime: 'nodejs24.x', timeoutSeconds: 3, memorySize: 256 },
      { runtime: 'python3.13', timeoutSeconds: 3, memorySize: 128 },
    ]);
  });

  it('names function, event and pattern where a filter is refused', async () => {
    const filters = (pattern: string): string =>
      withEvent(
        `FilterCriteria: { Filters: [{ Pattern: '{"data":{"a":["b"]}}' }, { Pattern: '${pattern}' }] }`,
      );
    for (const pattern of ['{', '{"data":{"a":"b"}}', '{"data":{"a":[{"nope":1}]}}', '{"data":["a"]}']) {
      await expect(readText(filters(pattern))).rejects.toThrow(
        `${EVENT}.FilterCriteria.Filters.1.Pattern: the pattern is refused: `,
      );
    }
  });
});

describe('readTemplate of names and parameters', () => {
  it('makes names that the services take of logical ids that they would refuse', async () => {
    const long = 'L'.repeat(255);
    const read = () =>
      readText(`Resources:
  Q: { Type: AWS::DynamoDB::Table, Properties: { AttributeDefinitions: [{ AttributeName: id, AttributeType: S }], KeySchema: [{ AttributeName: id, KeyType: HASH }], BillingMode: PAY_PER_REQUEST } }
  ${long}: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }
  ${long}Q: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }
Outputs: { Table: { Value: !Ref Q } }`);
    const { tables, streams, outputs } = await read();
    expect(tables[0]).toMatchObject({ tableName: 'Q-table', definition: { TableName: 'Q-table' } });
    expect(outputs).toEqual({ Table: 'Q-table' });
    const names = streams.map(({ streamName }) => streamName);
    expect(new Set(names).size).toBe(2);
    for (const name of names) {
      expect(name).toMatch(/^[a-zA-Z0-9_.-]{128}$/);
    }
    expect((await read()).streams.map(({ streamName }) => streamName)).toEqual(names);
  });

  it.each([
    [
      'AWS::DynamoDB::Table',
      'TableName: ab',
      'Resources.X.Properties.TableName: ab is no name that DynamoDB takes',
    ],
    [
      'AWS::Serverless::SimpleTable',
      'TableName: a/b/c',
      'Resources.X.Properties.TableName: a/b/c is no name that DynamoDB takes',
    ],
    [
      'AWS::Kinesis::Stream',
      'ShardCount: 1, Name: a b',
      'Resources.X.Properties.Name: a b is no name that Kinesis takes',
    ],
  ])('refuses a name that %s does not take', async (type, properties, message) => {
    await expect(
      readText(`Resources: { X: { Type: ${type}, Properties: { ${properties} } } }`),
    ).rejects.toThrow(message);
  });

  it('says how to give the parameters that are missing, all at once', async () => {
    const one = 'Parameters: { P: { Type: String } }\nResources: {}';
    await expect(readText(one)).rejects.toThrow(
      'Parameters.P: has no default, so that it needs a value: give it with --parameter-overrides P=value',
    );
    await expect(readText(one.replace('{ P:', '{ Q: { Type: Number }, P:'))).rejects.toThrow(
      'Parameters: Q, P have no default, so that they need values: give them with --parameter-overrides Q=value P=value',
    );
  });
});
