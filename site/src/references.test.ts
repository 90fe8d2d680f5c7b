import { describe, expect, it } from 'vitest';
import { flowchartTable } from './flowchart-table.ts';
import { githubSlug } from './github-slug.ts';
import { templateReference } from './template-reference.ts';

describe('githubSlug', () => {
  it.each([
    ['`ledger`', 'ledger'],
    ['Upgrading from release 0.1.0', 'upgrading-from-release-010'],
    ['What can be known, and what cannot', 'what-can-be-known-and-what-cannot'],
    ['map & reduce', 'map--reduce'],
  ])('makes of %s the anchor %s', (heading, anchor) => {
    expect(githubSlug(heading)).toBe(anchor);
  });
});

describe('flowchartTable', () => {
  it('has a row for each node, with those that it leads to', () => {
    const table = flowchartTable('flowchart TD\n  a["a<br/>60 %"]\n  b["b<br/>40 %"]\n  a --> b\n');
    expect(table).toContain(
      '<tr><td>a, 60 %</td><td><code>b</code></td></tr><tr><td>b, 40 %</td><td>–</td></tr>',
    );
  });
});

describe('templateReference', () => {
  const template = (names: string): string => `
Metadata:
  AWS::CloudFormation::Interface:
    ParameterGroups:
      - Label: { default: Sizes }
        Parameters: [${names}]
Parameters:
  Size: { Type: Number, Default: 2, MinValue: 1, MaxValue: 4, Description: How many. }
  Kind: { Type: String, AllowedValues: [one, two] }
Resources:
  Any: !Sub '\${Size}'
`;

  it('says of each parameter what it means, its default and what it takes, in the groups of the template', () => {
    const page = templateReference(template('Size'));
    expect(page).toContain('## Sizes\n\n### Size\n\nHow many.\n\nDefault: `2`. From 1 to 4.');
    expect(page).toContain('## Never given\n\n### Kind');
    expect(page).toContain('No default. One of `one`, `two`.');
  });

  it('refuses a group with a parameter that is not there', () => {
    expect(() => templateReference(template('Gone'))).toThrow('Gone');
  });
});
