import { describe, expect, it } from 'vitest';
import { readText, reports } from './read-text.ts';

const withPattern = (pattern: string): string =>
  `Parameters: { P: { Type: String, AllowedPattern: '${pattern}' } }\nResources: {}\nOutputs: { P: { Value: !Ref P } }`;
const readWith = (pattern: string, value: string) =>
  readText(withPattern(pattern), { parameterOverrides: { P: value } });

describe('AllowedPattern', () => {
  it.each([
    [String.raw`^(?!.*[ ,:=])[\p{Print}]{12,}$`, 'abcdefghijkl', 'abc'],
    [String.raw`\p{Alpha}\p{Alnum}*`, 'a1', '1a'],
    [String.raw`[\p{Upper}\p{Digit}]+`, 'A1', 'a'],
    [String.raw`\p{Punct}+`, '!/~', 'a'],
    [String.raw`[\w-.]+@[\w-.]+`, 'a-b@c.d', 'a'],
    [String.raw`\w+\@\w+`, 'a@b', 'a'],
    [String.raw`\d-\d`, '1-2', '12'],
    [String.raw`\p{L}+`, 'é', '1'],
  ])('is read as Java reads it: %s', async (pattern, good, bad) => {
    const application = await readWith(pattern, good);
    expect(application.outputs).toEqual({ P: good });
    expect(reports(application)).toEqual([]);
    await expect(readWith(pattern, bad)).rejects.toThrow(`Parameters.P: "${bad}" does not match the pattern`);
  });

  it.each(['(?i)[a-z]+', String.raw`\p{IsLatin}+\@`, '[a-z&&[^b]]', String.raw`[a-z[\d-.]]`, '('])(
    'is reported where JavaScript cannot read it: %s',
    async (pattern) => {
      const application = await readWith(pattern, 'B');
      expect(application.outputs).toEqual({ P: 'B' });
      expect(reports(application)).toEqual([
        `Parameters.P: the value is not checked against ${pattern}, which JavaScript cannot read`,
      ]);
    },
  );

  it('is reported with the resource that gives the parameter of a nested application', async () => {
    const application = await readText(
      'Resources: { N: { Type: AWS::Serverless::Application, Properties: { Location: n.yaml, Parameters: { P: x } } } }\nOutputs: { P: { Value: !GetAtt N.Outputs.P } }',
      { files: { 'n.yaml': withPattern('(?i)x') } },
    );
    expect(application.outputs).toEqual({ P: 'x' });
    expect(reports(application)).toEqual([
      'Resources.N.Properties.Parameters.P: the value is not checked against (?i)x, which JavaScript cannot read',
    ]);
  });
});

describe('a number with a point', () => {
  it('keeps it, as in the version 1.0', async () => {
    const { outputs } = await readText(`Parameters:
  P: { Type: String, Default: 1.0 }
  N: { Type: Number, Default: 2.0, MinValue: 1.0, MaxValue: 3.0 }
Conditions: { Is: !Equals [!Ref P, 1.0] }
Mappings: { Versions: { 1.0: { Name: one } } }
Resources: {}
Outputs:
  P: { Value: !Ref P }
  N: { Value: !Ref N }
  V: { Value: 1.0 }
  M: { Value: -3.0 }
  F: { Value: 1.50 }
  Sub: { Value: !Sub ['v\${x}', { x: 2.0 }] }
  If: { Value: !If [Is, !FindInMap [Versions, !Ref P, Name], no] }
`);
    expect(outputs).toEqual({ P: '1.0', N: '2.0', V: '1.0', M: '-3.0', F: '1.5', Sub: 'v2.0', If: 'one' });
  });

  it('may stand for a whole number', async () => {
    const { functions } = await readText(
      'Resources: { F: { Type: AWS::Lambda::Function, Properties: { Code: ., Handler: a.b, Runtime: nodejs24.x, Timeout: 5.0 } } }',
    );
    expect(functions[0]?.timeoutSeconds).toBe(5);
  });
});

describe('a template without resources', () => {
  it('says so', async () => {
    await expect(readText('Resources:\n')).rejects.toThrow('template.yaml.Resources: must have resources');
  });
});
