// Goal: what AWS::LanguageExtensions adds works where a template declares it, and is refused by name and place where not.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the placeholders of templates.
import { describe, expect, it } from 'vitest';
import { readText, reports, withStreams } from './read-text.ts';

const EXTENSIONS = ', AWS::LanguageExtensions';
const functionWith = (variables: string, id = 'F'): string => `${id}:
  Type: AWS::Serverless::Function
  Properties:
    Runtime: nodejs24.x
    Handler: a.b
    Environment:
      Variables:
${variables.replace(/^(?=.)/gm, '        ')}
`;
const variablesOf = async (variables: string, more = ''): Promise<unknown> =>
  (await readText(`${withStreams(functionWith(variables), EXTENSIONS)}\n${more}`)).functions[0]?.environment;

describe('readTemplate of loops', () => {
  const loop = `Fn::ForEach::Streams:
  - Name
  - !Ref Names
  - 'Stream&{Name}':
      Type: AWS::Kinesis::Stream
      Properties: { ShardCount: 1, Name: !Sub '\${Name}-events' }
    'Consumer&{Name}':
      Type: AWS::Serverless::Function
      Properties:
        Runtime: nodejs24.x
        Handler: !Join ['.', [!Ref Name, handler]]
        Events: { E: { Type: Kinesis, Properties: { Stream: !GetAtt ['Stream&{Name}', Arn], StartingPosition: LATEST } } }
`;
  const parameters = 'Parameters: { Names: { Type: CommaDelimitedList, Default: "a, b.c" } }\n';

  it('writes resources out, once for each value', async () => {
    const { streams, functions, mappings, unsupported } = await readText(
      parameters + withStreams(loop, EXTENSIONS),
    );
    expect(streams.map(({ logicalId, streamName }) => [logicalId, streamName])).toEqual([
      ['S', 'S'],
      ['Streama', 'a-events'],
      ['Streambc', 'b.c-events'],
    ]);
    expect(functions.map(({ logicalId, handler }) => [logicalId, handler])).toEqual([
      ['Consumera', 'a.handler'],
      ['Consumerbc', 'b.c.handler'],
    ]);
    expect(mappings.map(({ logicalId, source }) => [logicalId, source.logicalId])).toEqual([
      ['ConsumeraE', 'Streama'],
      ['ConsumerbcE', 'Streambc'],
    ]);
    expect(unsupported).toEqual([]);
  });

  it('writes loops in loops out, and those in outputs, conditions and properties', async () => {
    const application = await readText(`${parameters}${withStreams(
      `${functionWith("'Fn::ForEach::Variables': [Name, [A, B], { 'V${Name}': !Ref Name }]\nOWN: x")}
Fn::ForEach::Outer:
  - One
  - [A, B]
  - Fn::ForEach::Inner:
      - Two
      - ['1', '2']
      - 'S\${One}\${Two}': { Type: AWS::Kinesis::Stream, Condition: 'Is\${One}', Properties: { ShardCount: 1 } }
`,
      EXTENSIONS,
    )}
Conditions:
  Fn::ForEach::Conditions: [One, [A, B], { 'Is\${One}': !Equals [!Ref One, A] }]
Outputs:
  Fn::ForEach::Outputs: [One, ['1', '2'], { 'Name\${One}': { Value: !Ref 'SA\${One}' } }]
`);
    expect(application.streams.map(({ logicalId }) => logicalId)).toEqual(['S', 'SA1', 'SA2']);
    expect(application.outputs).toEqual({ Name1: 'SA1', Name2: 'SA2' });
    expect(application.functions[0]?.environment).toEqual({ VA: 'A', VB: 'B', OWN: 'x' });
  });

  it('reads the nested applications that a loop makes', async () => {
    const { streams } = await readText(
      withStreams(
        "Fn::ForEach::Nested: [N, [a, b], { 'App${N}': { Type: AWS::Serverless::Application, Properties: { Location: nested.yaml } } }]",
        EXTENSIONS,
      ),
      {
        files: {
          'nested.yaml': 'Resources: { X: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } } }',
        },
      },
    );
    expect(streams.map(({ logicalId }) => logicalId)).toEqual(['S', 'Appa/X', 'Appb/X']);
  });

  it.each([
    [
      'a list that is none',
      'Fn::ForEach::L: [N, a, {}]',
      'Resources.Fn::ForEach::L: Fn::ForEach takes a list of texts',
    ],
    [
      'a list that depends on a resource',
      'Fn::ForEach::L: [N, !GetAtt S.Arn, {}]',
      'Resources.Fn::ForEach::L: a loop cannot depend on S',
    ],
    [
      'an id that two copies have',
      "Fn::ForEach::L: [N, [a, b], { X: { Type: 'A::B::C' } }]",
      'Resources.Fn::ForEach::L: makes X twice',
    ],
    [
      'the name of a loop around it',
      'Fn::ForEach::L: [N, [a], { Fn::ForEach::M: [N, [b], {}] }]',
      'has the name N of a loop around it',
    ],
    ['another shape', 'Fn::ForEach::L: [N, [a]]', 'Fn::ForEach takes a name, a list and a map'],
    [
      'more copies than any template has',
      `Fn::ForEach::L: [N, [${Array.from({ length: 101 }, (_, i) => i)}], { Fn::ForEach::M: [O, [${Array.from({ length: 101 }, (_, i) => i)}], {}] }]`,
      'more than 10000 copies',
    ],
  ])('refuses %s', async (_name, resources, message) => {
    await expect(readText(withStreams(resources, EXTENSIONS))).rejects.toThrow(message);
  });
});

describe('readTemplate of the functions of the extensions', () => {
  it('computes them', async () => {
    expect(
      await variablesOf(
        `LENGTH: !Length [a, b]
TEXT: !ToJsonString { a: [1, 'x'], b: !Ref S }
FOUND: !FindInMap [Sizes, !Ref AWS::Region, Small, { DefaultValue: none }]
MISSING: !FindInMap [Sizes, elsewhere, Small, { DefaultValue: !Sub 'no-\${AWS::Region}' }]
CHOSEN: !FindInMap [Sizes, !Select [0, [us-east-1, x]], !Join ['', [Sm, all]]]
REF: !Ref { 'Fn::Sub': 'S' }
ARN: !GetAtt [!Sub S, Arn]`,
        'Mappings: { Sizes: { us-east-1: { Small: 1 } } }',
      ),
    ).toEqual({
      LENGTH: '2',
      TEXT: '{"a":[1,"x"],"b":"S"}',
      FOUND: '1',
      MISSING: 'no-us-east-1',
      CHOSEN: '1',
      REF: 'S',
      ARN: 'arn:aws:kinesis:us-east-1:123456789012:stream/S',
    });
  });

  it.each([
    [
      '!Length [a]',
      'Resources.F.Properties.Environment.Variables.X: Fn::Length needs `Transform: AWS::LanguageExtensions`',
    ],
    ['!ToJsonString {}', 'Variables.X: Fn::ToJsonString needs `Transform: AWS::LanguageExtensions`'],
    [
      '!FindInMap [A, B, C, { DefaultValue: x }]',
      'Variables.X: Fn::FindInMap with a default needs `Transform',
    ],
    [
      "{ 'Fn::ForEach::V': [N, [a], { '${N}': b }] }",
      'Variables.X.Fn::ForEach::V: Fn::ForEach needs `Transform: AWS::LanguageExtensions`',
    ],
  ])('refuses %s where the template does not declare them', async (value, message) => {
    await expect(readText(withStreams(functionWith(`X: ${value}`)))).rejects.toThrow(message);
  });
});

describe('readTemplate of what only AWS can compute', () => {
  it('computes zones and blocks', async () => {
    expect(
      await variablesOf(`ZONES: !Join [',', !GetAZs '']
OTHER: !Select [1, !GetAZs eu-west-1]
BLOCKS: !Join [',', !Cidr [10.0.0.0/16, 3, 8]]
LAST: !Select [1, !Cidr ['192.168.255.0/24', '2', '5']]`),
    ).toEqual({
      ZONES: 'us-east-1a,us-east-1b,us-east-1c',
      OTHER: 'eu-west-1b',
      BLOCKS: '10.0.0.0/24,10.0.1.0/24,10.0.2.0/24',
      LAST: '192.168.255.32/27',
    });
  });

  it('reports the rest by name and place, and runs', async () => {
    const application = await readText(
      `${withStreams(
        functionWith(`IMPORTED: !ImportValue x
MACRO: !Transform { Name: Mine }
MADE: !Sub 'x-\${Imported}'
SECRET: '{{resolve:secretsmanager:a}}'`).replace('Imported', 'S'),
        ', Mine',
      )}
  Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://b/k } }
`,
    );
    expect(application.functions[0]?.environment).toEqual({ MADE: 'x-S' });
    expect(reports(application)).toEqual([
      'F: Environment.Variables.IMPORTED: Fn::ImportValue is not emulated',
      'F: Environment.Variables.MACRO: Fn::Transform is not emulated',
      'F: Environment.Variables.SECRET: the dynamic reference {{resolve:secretsmanager:a}} is not emulated',
      'Transform: Mine is not emulated',
      'Resources: Fn::Transform is not emulated',
    ]);
  });

  it.each([
    ['!ImportValue x', 'Fn::ImportValue is not emulated'],
    [
      '!Ref Stored',
      'the value of the parameter Stored is kept in AWS Systems Manager; give it with --parameter-overrides Stored=value',
    ],
    ["'{{resolve:ssm:x}}'", 'the dynamic reference {{resolve:ssm:x}} is not emulated'],
  ])('refuses %s where what runs depends on it', async (value, message) => {
    const text = `Parameters: { Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /a } }
${withStreams(`F: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, Handler: a.b, Events: { E: { Type: Kinesis, Properties: { Stream: !GetAtt S.Arn, StartingPosition: LATEST, BatchSize: ${value} } } } } }`)}`;
    await expect(readText(text)).rejects.toThrow(
      `Resources.F.Properties.Events.E.Properties.BatchSize: ${message}`,
    );
  });

  it('names the parameter where a condition depends on what is kept on AWS', async () => {
    const text = `Parameters: { Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /a } }
Conditions: { Is: !Equals [!Ref Stored, x] }
Resources: { S: { Type: AWS::Kinesis::Stream, Condition: Is, Properties: { ShardCount: 1 } } }`;
    await expect(readText(text)).rejects.toThrow(
      'Conditions.Is: compares a value that is not known here: the value of the parameter Stored is kept in AWS Systems Manager; give it with --parameter-overrides Stored=value',
    );
    expect((await readText(text, { parameterOverrides: { Stored: 'x' } })).streams).toHaveLength(1);
    const named = text.replace("'AWS::SSM::Parameter::Value<String>'", 'AWS::SSM::Parameter::Name');
    expect((await readText(named)).streams).toEqual([]);
  });
});
