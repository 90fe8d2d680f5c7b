// Goal: what CloudFormation refuses before it makes anything is refused here too, in the same words.
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../src/parse-template.ts';
import { openStack } from '../src/stack.ts';

function open(rules: string, parameterOverrides: Record<string, string> = {}): string[] {
  const text = `
Parameters:
  Protection: { Type: String, Default: none }
  Topic: { Type: String, Default: '' }
Rules:
${rules}
Resources:
  Topics: { Type: AWS::SNS::Topic }
`;
  const reports: string[] = [];
  openStack({
    file: 'template.yaml',
    documents: new Map([['template.yaml', parseTemplate(text, 'template.yaml')]]),
    parameterOverrides,
    place: { region: 'us-east-1', accountId: '123456789012' },
    stackName: 'test',
    report: (owner, what) => reports.push(`${owner}: ${what}`),
  });
  return reports;
}

const needsTopic = `
  Watched:
    RuleCondition: !Equals [!Ref Protection, full]
    Assertions:
      - Assert: !Not [!Equals [!Ref Topic, '']]
        AssertDescription: Protection=full needs Topic`;

describe('openStack of a template with rules', () => {
  it('refuses values that do not go together, in the words of the rule', () => {
    expect(() => open(needsTopic, { Protection: 'full' })).toThrow(
      'Rules.Watched: Protection=full needs Topic',
    );
  });

  it('takes values that go together, and those that the rule is not about', () => {
    expect(open(needsTopic, { Protection: 'full', Topic: 'arn' })).toEqual([]);
    expect(open(needsTopic)).toEqual([]);
  });

  it('checks a rule without a condition always, and every assertion of it', () => {
    const always = `
  Always:
    Assertions:
      - Assert: !Equals [!Ref Protection, none]
      - Assert: !Equals [!Ref Topic, arn]`;
    expect(() => open(always)).toThrow('Rules.Always: the values of the parameters do not go together');
    expect(open(always, { Topic: 'arn' })).toEqual([]);
  });

  it('reports a rule that it cannot check, instead of refusing or passing it in silence', () => {
    const contains = `
  Known:
    Assertions:
      - Assert: { 'Fn::Contains': [[none, full], !Ref Protection] }`;
    expect(open(contains)).toEqual([
      'Known: the rule cannot be checked here: Fn::Contains is not a condition function',
    ]);
  });

  it('refuses a rule that asserts nothing', () => {
    expect(() => open('  Empty: { Assertions: [] }')).toThrow(/has no assertion/);
  });
});
