import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Application } from '../src/application.ts';
import { readTemplate } from '../src/read-template.ts';

const PARENT = `
Transform: AWS::Serverless-2016-10-31
Parameters:
  With: { Type: String, Default: 'true' }
  Size: { Type: Number, Default: 7 }
Conditions:
  IsWanted: !Equals [!Ref With, 'true']
Resources:
  Orders: { Type: AWS::Kinesis::Stream, Properties: { Name: orders, ShardCount: 1 } }
  Nested:
    Type: AWS::Serverless::Application
    Condition: IsWanted
    Properties:
      Location: stacks/nested.yaml
      Parameters: { StreamArn: !GetAtt Orders.Arn, Size: !Ref Size, Mapping: !Ref FoldOrders }
  Fold:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: nodejs24.x
      CodeUri: services/fold
      Environment: { Variables: { TABLE: !If [IsWanted, !GetAtt Nested.Outputs.Table, none] } }
      Events: { Orders: { Type: Kinesis, Properties: { Stream: !GetAtt Orders.Arn, StartingPosition: LATEST } } }
Outputs:
  Table: { Condition: IsWanted, Value: !GetAtt Nested.Outputs.Table }
`;

const NESTED = `
Transform: AWS::Serverless-2016-10-31
Parameters:
  StreamArn: { Type: String }
  Size: { Type: Number, MinValue: 1 }
  Mapping: { Type: String }
  Kind: { Type: String, Default: plain }
Conditions:
  IsPlain: !Equals [!Ref Kind, plain]
Globals:
  Function: { Runtime: nodejs24.x, Handler: c.d }
Resources:
  Totals:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      StreamSpecification: { StreamViewType: NEW_IMAGE }
  Count:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: ../services/count
      Environment: { Variables: { TABLE: !Ref Totals, STACK: !Ref AWS::StackName } }
      Events:
        Orders:
          Type: Kinesis
          Properties: { Stream: !Ref StreamArn, StartingPosition: LATEST, BatchSize: !Ref Size }
        Rows: { Type: DynamoDB, Properties: { Stream: !GetAtt Totals.StreamArn, StartingPosition: LATEST } }
  Pool: { Type: AWS::Cognito::UserPool, Condition: IsPlain }
  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Value: !Ref Mapping } }
Outputs:
  Table: { Value: !Ref Totals }
  Odd: { Condition: IsPlain, Value: !Ref Kind }
  Never: { Condition: IsOdd, Value: x }
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oncefold-nested-'));
  await mkdir(join(folder, 'stacks'));
});
afterEach(() => rm(folder, { recursive: true }));

async function read(
  parent: string,
  nested: string | undefined,
  parameterOverrides: Record<string, string> = {},
): Promise<Application> {
  await writeFile(join(folder, 'template.yaml'), parent);
  if (nested !== undefined) {
    await writeFile(join(folder, 'stacks', 'nested.yaml'), nested);
  }
  return readTemplate({ file: join(folder, 'template.yaml'), parameterOverrides });
}

describe('readTemplate of nested applications', () => {
  it('reads what is in them, under the names of the SAM CLI, with paths from the root', async () => {
    const { functions, tables, mappings, outputs } = await read(PARENT, NESTED);
    expect(functions).toMatchObject([
      { logicalId: 'Fold', codeUri: 'services/fold', environment: { TABLE: 'Nested-Totals' } },
      {
        logicalId: 'Nested/Count',
        functionName: 'Nested-Count',
        codeUri: 'services/count',
        handler: 'c.d',
        environment: { TABLE: 'Nested-Totals', STACK: 'oncefold-Nested' },
      },
    ]);
    expect(tables).toMatchObject([{ logicalId: 'Nested/Totals', tableName: 'Nested-Totals' }]);
    expect(mappings).toMatchObject([
      { logicalId: 'FoldOrders', functionLogicalId: 'Fold', source: { logicalId: 'Orders' } },
      {
        logicalId: 'Nested/CountOrders',
        functionLogicalId: 'Nested/Count',
        source: { kind: 'kinesis', logicalId: 'Orders' },
        settings: { batchSize: 7 },
      },
      {
        logicalId: 'Nested/CountRows',
        functionLogicalId: 'Nested/Count',
        source: { kind: 'dynamodb', logicalId: 'Nested/Totals' },
      },
    ]);
    expect(outputs).toEqual({ Table: 'Nested-Totals' });
  });

  it('lists what is not emulated in them, and nothing that is not used here', async () => {
    const { unsupported } = await read(PARENT, NESTED);
    expect(unsupported).toEqual([
      { logicalId: 'Nested/Pool', what: 'AWS::Cognito::UserPool is not emulated' },
    ]);
  });

  it('leaves out one whose condition is not met', async () => {
    const { functions, tables, unsupported, outputs } = await read(PARENT, NESTED, { With: 'false' });
    expect(functions).toMatchObject([{ logicalId: 'Fold', environment: { TABLE: 'none' } }]);
    expect({ tables, unsupported, outputs }).toEqual({ tables: [], unsupported: [], outputs: {} });
  });

  it('lets a function of the parent read the stream of a nested table', async () => {
    const parent = PARENT.replace(
      'Type: Kinesis, Properties: { Stream: !GetAtt Orders.Arn',
      'Type: DynamoDB, Properties: { Stream: !GetAtt Nested.Outputs.Rows',
    ).replace(', Mapping: !Ref FoldOrders', ', Mapping: none');
    const { mappings } = await read(parent, `${NESTED}  Rows: { Value: !GetAtt Totals.StreamArn }\n`);
    expect(mappings[0]?.source).toEqual({ kind: 'dynamodb', logicalId: 'Nested/Totals' });
  });

  it('passes outputs of one to another, whichever comes first', async () => {
    const nested =
      'Parameters: { P: { Type: String } }\nResources: {}\nOutputs: { P: { Value: !Join ["", [!Ref P, "!"]] } }\n';
    const application = (id: string, value: string): string =>
      `  ${id}: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: stacks/nested.yaml, Parameters: { P: ${value} } } }\n`;
    const { outputs } = await read(
      `Resources:\n${application('A', '!GetAtt B.Outputs.P')}${application('B', 'x')}Outputs: { P: { Value: !GetAtt A.Outputs.P } }\n`,
      nested,
    );
    expect(outputs).toEqual({ P: 'x!!' });
    const circle = await read(
      `Resources:\n${application('A', '!GetAtt B.Outputs.P')}${application('B', '!GetAtt A.Outputs.P')}Outputs: { P: { Value: !GetAtt A.Outputs.P } }\n`,
      nested,
    );
    expect(circle.unsupported).toContainEqual({ logicalId: 'Outputs.P', what: 'refers to itself' });
  });

  it('reports one that is not a local file', async () => {
    const parent = PARENT.replace('stacks/nested.yaml', 'https://example.com/nested.yaml');
    const { unsupported } = await read(parent, undefined);
    expect(unsupported).toContainEqual({
      logicalId: 'Nested',
      what: 'AWS::Serverless::Application is not emulated',
    });
    expect(unsupported).toContainEqual({
      logicalId: 'Fold',
      what: 'Environment.Variables.TABLE: the attribute Outputs.Table of Nested is not known here',
    });
  });

  it.each([
    [
      'a file that is not there',
      PARENT,
      undefined,
      /template\.yaml: Resources\.Nested: .*nested\.yaml: cannot be read/,
    ],
    [
      'a parameter that it does not declare',
      PARENT.replace('Size: !Ref Size', 'Sise: !Ref Size'),
      NESTED,
      /^Resources\.Nested\.Properties\.Parameters\.Sise: is not declared/,
    ],
    [
      'a parameter that is missing',
      PARENT.replace(', Size: !Ref Size', ''),
      NESTED,
      /^Resources\.Nested\.Properties\.Parameters\.Size: is missing/,
    ],
    [
      'a parameter that it refuses',
      PARENT.replace('Default: 7', 'Default: 0'),
      NESTED,
      /^nested\.yaml: Parameters\.Size: "0" is below 1/,
    ],
    [
      'a parameter that is a list',
      PARENT.replace('Size: !Ref Size', 'Size: [1, 2]'),
      NESTED,
      /^nested\.yaml: Resources\.Nested\.Properties\.Parameters\.Size: must be text/,
    ],
    [
      'a condition on what is not known',
      PARENT,
      NESTED.replace('!Ref Kind, plain', '!Ref Mapping, plain'),
      /^nested\.yaml: Conditions\.IsPlain: compares a value that is not known here/,
    ],
    [
      'an output that it does not have',
      PARENT.replaceAll('Outputs.Table', 'Outputs.Tabel'),
      NESTED,
      /^Resources\.Fold\.Properties\.Environment\.Variables\.TABLE: refers to the output Tabel, which nested\.yaml does not have/,
    ],
    [
      'an output that its condition leaves out',
      PARENT.replaceAll('Outputs.Table', 'Outputs.Odd'),
      NESTED.replace('Default: plain', 'Default: odd'),
      /^Resources\.Fold\.Properties\.Environment\.Variables\.TABLE: refers to the output Odd, which its condition IsPlain leaves out/,
    ],
    [
      'an output whose condition is not there',
      PARENT.replaceAll('Outputs.Table', 'Outputs.Never'),
      NESTED,
      /^nested\.yaml: Outputs\.Never: there is no condition IsOdd/,
    ],
    [
      'a property out of range',
      PARENT,
      NESTED.replace('BatchSize: !Ref Size', 'BatchSize: 10001'),
      /^nested\.yaml: Resources\.Count\.Properties\.Events\.Orders\.Properties\.BatchSize: must be/,
    ],
    [
      'a reference to nothing',
      PARENT,
      NESTED.replace('!Ref Totals, STACK', '!Ref Orders, STACK'),
      /^nested\.yaml: Resources\.Count\.Properties\.Environment\.Variables\.TABLE: refers to Orders, which is neither/,
    ],
    [
      'a file that nests itself',
      PARENT,
      `${NESTED.replace('Resources:', 'Resources:\n  Again: { Type: AWS::Serverless::Application, Properties: { Location: nested.yaml } }')}`,
      /^Resources\.Nested\/Again: nests .*nested\.yaml, which it is part of/,
    ],
  ])('says what is wrong, and where: %s', async (_name, parent, nested, message) => {
    await expect(read(parent, nested)).rejects.toMatchObject({
      name: 'TemplateError',
      message: expect.stringMatching(message),
    });
  });
});
