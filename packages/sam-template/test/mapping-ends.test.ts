// Goal: a mapping is found by every way in which a template may name its function and its source.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the placeholders of templates.
import { describe, expect, it } from 'vitest';
import { readText, reports, withStreams } from './read-text.ts';

const FUNCTION =
  'F: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, Handler: a.b, AutoPublishAlias: live } }\n';
const mapping = (functionName: string, source = '!GetAtt S.Arn'): string =>
  `M: { Type: AWS::Lambda::EventSourceMapping, Properties: { StartingPosition: LATEST, EventSourceArn: ${source}, FunctionName: ${functionName} } }\n`;
const PUBLISHED = `A: { Type: AWS::Lambda::Alias, Properties: { Name: blue, FunctionName: !Ref F, FunctionVersion: !GetAtt V.Version } }
V: { Type: AWS::Lambda::Version, Properties: { FunctionName: !GetAtt F.Arn } }
`;

describe('readTemplate of mappings', () => {
  it.each([
    ['F', undefined],
    ['F:live', 'live'],
    ['!Ref F', undefined],
    ['!GetAtt F.Arn', undefined],
    ["!Sub '${F.Arn}:live'", 'live'],
    ["!Sub '${F}:7'", '7'],
    ["!Sub '${F.Arn}:$LATEST'", undefined],
    ["'123456789012:function:F'", undefined],
    ["'123456789012:function:F:live'", 'live'],
    ['arn:aws:lambda:us-east-1:123456789012:function:F', undefined],
    ['!Ref F.Alias', 'live'],
    ['!Ref F.Version', '1'],
    ["!Join [':', [!Ref F, !GetAtt [F.Version, Version]]]", '1'],
    ["!Sub '${F.Alias}'", 'live'],
    ['!Ref A', 'blue'],
    ['!Ref V', '1'],
    ['!GetAtt A.AliasArn', 'blue'],
  ])('knows the function as %s', async (name, functionQualifier) => {
    const { mappings, unsupported } = await readText(withStreams(FUNCTION + PUBLISHED + mapping(name)));
    expect(mappings).toMatchObject([{ logicalId: 'M', functionLogicalId: 'F' }]);
    expect(mappings[0]?.functionQualifier).toBe(functionQualifier);
    expect(unsupported).toEqual([]);
  });

  it.each([
    "'999999999999:function:F'",
    'G',
    '!ImportValue F',
    'arn:aws:lambda:eu-west-1:123456789012:function:F',
  ])('reports a function that is elsewhere: %s', async (name) => {
    const application = await readText(withStreams(FUNCTION + mapping(name)));
    expect(application.mappings).toEqual([]);
    expect(reports(application)).toEqual([
      expect.stringMatching(/^M: the function of the mapping \(.*\) is not in this template/),
    ]);
  });

  it.each([
    ['Kinesis', '!Ref S', 'S', 'it is no ARN, which Fn::GetAtt gives'],
    [
      'DynamoDB',
      '!GetAtt T.Arn',
      'arn:.*:table/.*',
      'it is the ARN of a table, whose stream has the attribute StreamArn',
    ],
  ])('says what is wrong with the source of an event: %s of %s', async (type, stream, shown, why) => {
    const event = `Events: { E: { Type: ${type}, Properties: { Stream: ${stream}, StartingPosition: LATEST } } }`;
    const application = await readText(withStreams(FUNCTION.replace('AutoPublishAlias: live', event)));
    expect(reports(application)).toContainEqual(
      expect.stringMatching(
        new RegExp(`^F: the stream of the event E \\(${shown}\\) is not in this template: ${why}$`),
      ),
    );
  });

  it.each([
    ['!Ref S', /is no stream or queue in this template: it is no ARN, which Fn::GetAtt gives$/],
    [
      '!GetAtt T.Arn',
      /in this template: it is the ARN of a table, whose stream has the attribute StreamArn$/,
    ],
    ['arn:aws:kinesis:us-east-1:111111111111:stream/other', /is no stream or queue in this template$/],
  ])('says what is wrong with the source of a mapping: %s', async (source, what) => {
    const text = `M: { Type: AWS::Lambda::EventSourceMapping, Properties: { FunctionName: !Ref F, EventSourceArn: ${source}, StartingPosition: LATEST } }`;
    const application = await readText(withStreams(FUNCTION + text));
    expect(reports(application)).toContainEqual(expect.stringMatching(what));
  });

  it("invokes the published alias from a function's own events", async () => {
    const { mappings } = await readText(
      withStreams(
        FUNCTION.replace(
          'AutoPublishAlias: live',
          'AutoPublishAlias: !Sub "${AWS::Region}", Events: { E: { Type: DynamoDB, Properties: { Stream: !GetAtt T.StreamArn, StartingPosition: LATEST } } }',
        ),
      ),
    );
    expect(mappings).toMatchObject([{ logicalId: 'FE', functionQualifier: 'us-east-1' }]);
  });

  it.each(['!Ref C', '!GetAtt C.ConsumerARN'])(
    'finds the stream of a consumer with enhanced fan-out: %s',
    async (source) => {
      const { mappings, unsupported } = await readText(
        withStreams(
          `${FUNCTION}C: { Type: AWS::Kinesis::StreamConsumer, Properties: { ConsumerName: c, StreamARN: !GetAtt S.Arn } }\n${mapping('F', source)}`,
        ),
      );
      expect(mappings[0]?.source).toEqual({
        kind: 'kinesis',
        logicalId: 'S',
        consumerArn: expect.stringMatching(
          /^arn:aws:kinesis:us-east-1:123456789012:stream\/S\/consumer\/c:\d+$/,
        ),
      });
      expect(unsupported).toEqual([]);
    },
  );

  it('takes what SAM makes for known, and a typing error for an error', async () => {
    const known = [
      'FRole',
      'FAliaslive',
      'FVersion0123456789',
      'FUrl',
      'ServerlessRestApi',
      'ServerlessRestApiProdStage',
      'ServerlessHttpApi',
      'ServerlessHttpApiApiGatewayDefaultStage',
    ];
    const variables = known.map((id) => `${id}: !Ref ${id}`).join(', ');
    const application = await readText(
      withStreams(
        FUNCTION.replace('Handler: a.b', `Handler: a.b, Environment: { Variables: { ${variables} } }`),
      ),
    );
    expect(application.functions[0]?.environment).toEqual({});
    expect(reports(application)).toHaveLength(known.length);
    for (const id of ['Fn', 'FRoles', 'TStream', 'SRole', 'ServerlessRestApis']) {
      await expect(
        readText(
          withStreams(
            FUNCTION.replace('Handler: a.b', `Handler: a.b, Environment: { Variables: { X: !Ref ${id} } }`),
          ),
        ),
      ).rejects.toThrow(
        `Resources.F.Properties.Environment.Variables.X: refers to ${id}, which is neither a parameter nor a resource`,
      );
    }
  });

  it('never ends the reading because of an output', async () => {
    const application = await readText(`${withStreams(FUNCTION)}
Outputs:
  Api: { Value: !Sub 'https://\${ServerlessRestApi}.execute-api.\${AWS::Region}.amazonaws.com/\${ServerlessRestApiProdStage}/' }
  Http: { Value: !Sub '\${ServerlessHttpApi}' }
  Role: { Value: !GetAtt FRole.Arn }
  Nowhere: { Value: !Ref Nowhere }
  Wrong: { Value: !Select [9, [a]] }
  Odd: { Condition: Nothing, Value: a }
  Known: { Value: !Ref T }
`);
    expect(application.outputs).toEqual({ Known: 'T-table' });
    expect(application.unsupported.map(({ logicalId }) => logicalId)).toEqual(
      ['Api', 'Http', 'Role', 'Nowhere', 'Wrong', 'Odd'].map((name) => `Outputs.${name}`),
    );
  });
});
