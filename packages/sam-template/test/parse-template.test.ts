// Goal: a template that SAM can read is read here, and says the same.
// Method: pyyaml.json holds what PyYAML made of some 900 snippets; pyyaml.py says how it was made.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../src/parse-template.ts';
import { readText, reports } from './read-text.ts';

interface Snippet {
  readonly yaml: string;
  readonly value?: unknown;
  readonly refused?: true;
}

const snippets = JSON.parse(
  readFileSync(new URL('./fixtures/pyyaml.json', import.meta.url), 'utf8'),
  // JavaScript does not tell 6.0 from 6: it is text here, so that a version keeps its point.
  (_key, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === 'number' && source?.endsWith('.0') ? source : value,
) as readonly Snippet[];

/** What differs on purpose, or is nothing that a template has. */
const OTHERWISE = {
  'keeps the digits of a number that begins with 0': /0123\b/,
  'has no numbers to the base of 60': /12:30:45/,
  'takes a question mark in brackets for text': /\[x, \?/,
  'ends the name of a function where a list goes on': /!Ref,/,
  'takes a tag without a name and a value for empty text': /\s!$/m,
  'refuses a file with nothing in it': /^$/,
};
/** What is read here and refused there: tabs after a value, and words that end before a bracket. */
const LAXER = /\t|[?!:]\w*[\]}]|\[x, :a|<<|: :a/;

const read = (yaml: string): unknown => {
  try {
    return { value: parseTemplate(yaml, 'template.yaml') };
  } catch {
    return { refused: true };
  }
};

describe('parseTemplate', () => {
  it('reads what PyYAML reads, and says the same', () => {
    const taken = snippets.filter(({ refused }) => refused === undefined);
    const comparable = taken.filter(({ yaml }) => !Object.values(OTHERWISE).some((kind) => kind.test(yaml)));
    expect(comparable.length).toBeGreaterThan(500);
    expect(comparable.map(({ yaml }) => ({ yaml, ...(read(yaml) as object) }))).toEqual(comparable);
  });

  it('refuses what PyYAML refuses, except what cannot be meant otherwise', () => {
    const refused = snippets.filter((snippet) => snippet.refused && !LAXER.test(snippet.yaml));
    expect(refused.length).toBeGreaterThan(100);
    expect(refused.map(({ yaml }) => ({ yaml, ...(read(yaml) as object) }))).toEqual(refused);
  });

  it('says which key stands twice, and where', async () => {
    const application = await readText(`Resources:
  S: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1, ShardCount: 2 } }
Outputs: {}
Outputs: { A: { Value: b } }
`);
    expect(application.streams[0]?.shardCount).toBe(2);
    expect(application.outputs).toEqual({ A: 'b' });
    expect(reports(application)).toEqual([
      'template.yaml: the key ShardCount stands twice, again at line 2: the last one counts',
      'template.yaml: the key Outputs stands twice, again at line 4: the last one counts',
    ]);
  });

  it('ends, however much would have to be mended', () => {
    const many = `a: [\n${'x,\n'.repeat(1_200)}]\n`;
    expect(() => parseTemplate(`k:\n  b: ${many.slice(3)}`, 'template.yaml')).toThrow(
      'has more than 1000 places that must be mended',
    );
  });

  it('keeps what merges cannot reach, such as a key that is a name of a method', () => {
    expect(Object.keys(parseTemplate('{ __proto__: { a: 1 } }', 't') as object)).toEqual(['__proto__']);
  });
});

describe('readTemplate of nulls', () => {
  it('reads a variable that is null as empty, and says that CloudFormation refuses it', async () => {
    const application = await readText(`Transform: AWS::Serverless-2016-10-31
Parameters:
Conditions:
Outputs:
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: a.b
      Timeout:
      Policies:
      Events:
      Environment: { Variables: { EMPTY: , SET: x } }
  G: { Type: AWS::Serverless::SimpleTable, Properties: }
`);
    expect(application.functions[0]).toMatchObject({
      timeoutSeconds: 3,
      environment: { EMPTY: '', SET: 'x' },
    });
    expect(application.tables).toHaveLength(1);
    expect(reports(application)).toEqual([
      'F: Timeout: is null, which CloudFormation refuses: it is read as absent',
      'F: Environment.Variables.EMPTY: is null, which CloudFormation refuses: it is read as empty',
    ]);
  });

  it('says how to write a default that is empty', async () => {
    const text =
      'Parameters: { P: { Type: String, Default: } }\nResources: {}\nOutputs: { P: { Value: !Ref P } }';
    await expect(readText(text)).rejects.toThrow(
      "Parameters.P: has a default that is null, which CloudFormation refuses; write Default: '' for empty text, or give it with --parameter-overrides P=value",
    );
    expect((await readText(text, { parameterOverrides: { P: 'x' } })).outputs).toEqual({ P: 'x' });
  });
});
