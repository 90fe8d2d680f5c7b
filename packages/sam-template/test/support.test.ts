// Goal: what docs/local-runtime.md says of templates is what the reader does, and nothing is passed over in silence.
// Method: one structure says what becomes of each part. The page is written from it, and everything that is not in it is put
// into a template at every level, where it must be reported.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FUNCTIONS } from '../src/intrinsics.ts';
import { readProperties } from '../src/resource-properties.ts';
import { EVENTS } from '../src/support/event-support.ts';
import {
  INTRINSIC_FUNCTIONS,
  PSEUDO_PARAMETERS,
  RESOURCE_ATTRIBUTES,
} from '../src/support/language-support.ts';
import { QUEUE_MAPPING, STREAM_MAPPING } from '../src/support/mapping-properties.ts';
import type { PropertySupports } from '../src/support/property-support.ts';
import { RESOURCES } from '../src/support/resource-support.ts';
import { readText, reports, withStreams } from './read-text.ts';
import { flatten, supportTable } from './support-table.ts';

const PAGE = fileURLToPath(new URL('../../../docs/local-runtime.md', import.meta.url));
const BEGINNING = '<!-- What follows is written by packages/sam-template/test/support.test.ts. -->';
const END = '<!-- What precedes is written by packages/sam-template/test/support.test.ts. -->';
/** Like no name that is known. */
const UNKNOWN = 'Qqqqqqqqqqqqqq';

it('is what the page says: `vitest run packages/sam-template/test/support.test.ts --update` writes it anew', async () => {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGINNING);
  const after = rest?.split(END)[1];
  expect(after).toBeDefined();
  await expect(`${before}${BEGINNING}\n\n${supportTable()}\n\n${END}${after}`).toMatchFileSnapshot(PAGE);
});

/** Everything that has properties, by its name. */
const described: readonly (readonly [string, PropertySupports])[] = [
  ...[...RESOURCES].flatMap(([type, { properties }]) =>
    properties === undefined ? [] : [[type, properties] as const],
  ),
  ...[...EVENTS].map(([type, { support }]) => [`event ${type}`, support] as const),
  ['a mapping from a stream', STREAM_MAPPING],
  ['a mapping from a queue', QUEUE_MAPPING],
];

describe.each(described)('the properties of %s', (_type, support) => {
  const read = (properties: Readonly<Record<string, unknown>>) => {
    const found = { reported: [] as string[], ignored: [] as string[], value: {} as unknown };
    found.value = readProperties(
      {
        properties,
        where: 'Resources.X.Properties',
        support,
        schema: z.looseObject(
          Object.fromEntries(Object.keys(support).map((name) => [name, z.unknown().optional()])),
        ),
      },
      {
        resolver: { compute: (value: unknown) => value, choose: (value: unknown) => value } as never,
        report: (place, what) => found.reported.push(`${place}: ${what}`),
        ignore: (property) => found.ignored.push(property),
      },
    );
    return found;
  };

  it.each(levels(support))('are reported when they are not known, in [%s]', (path) => {
    const names = path === '' ? [] : path.split('.');
    const place = ['Resources.X.Properties', ...names, UNKNOWN].join('.');
    expect(read(nested([...names, UNKNOWN])).reported).toEqual([`${place}: the property is not known`]);
  });

  it('are each read, reported or counted, as the table says', () => {
    for (const [path, treatment] of flatten(support)) {
      const { reported, ignored, value } = read(nested(path.split('.')));
      const place = `Resources.X.Properties.${path}`;
      expect({ path, reported }).toEqual({
        path,
        reported: treatment === 'refused' ? [`${place}: the property is not emulated`] : [],
      });
      expect({ path, ignored }).toEqual({ path, ignored: treatment === 'ignored' ? [path] : [] });
      const isRead = treatment === 'run' || treatment === 'recorded';
      expect(JSON.stringify(value).includes('"given"')).toBe(isRead);
    }
  });
});

describe('readTemplate', () => {
  it.each([...RESOURCES].filter(([, { properties }]) => properties !== undefined))(
    'reports an unknown property of %s',
    async (type) => {
      const text =
        withStreams(`G: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs24.x, Handler: a.b } }
X: { Type: ${type}, Properties: { ${REQUIRED[type] ?? ''} ${UNKNOWN}: 1 } }`);
      const application = await readText(text, { files: { 'nested.yaml': 'Resources: {}' } });
      expect(reports(application)).toContain(`X: ${UNKNOWN}: the property is not known`);
    },
  );

  it('reports unknown types, events, sections, attributes and parts of Globals', async () => {
    const application = await readText(`${withStreams(`X: { Type: AWS::Unknown::Type, ${UNKNOWN}: 1 }
F: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, Handler: a.b, Events: { E: { Type: ${UNKNOWN} } } } }`)}
Globals: { ${UNKNOWN}: {} }
Parameters: { P: { Type: String, Default: a, ${UNKNOWN}: 1 } }
Outputs: { O: { Value: a, ${UNKNOWN}: 1 } }
Hooks: {}
${UNKNOWN}: {}
`);
    expect(reports(application).toSorted()).toEqual([
      `F: the event E of type ${UNKNOWN} is not emulated`,
      `Globals: ${UNKNOWN} is not known`,
      `Outputs.O: ${UNKNOWN} is not known`,
      `Parameters.P: ${UNKNOWN} is not known`,
      'Template: Hooks is not emulated',
      `Template: ${UNKNOWN} is not known`,
      'X: AWS::Unknown::Type is not emulated',
      `X: ${UNKNOWN} is not known`,
    ]);
  });

  it('takes every attribute of a resource that the table has', async () => {
    const values: Readonly<Record<string, string>> = {
      Type: 'AWS::SNS::Topic',
      IgnoreGlobals: '"*"',
      Condition: 'Is',
    };
    const attributes = [...RESOURCE_ATTRIBUTES.keys()].map((name) => `${name}: ${values[name] ?? '{}'}`);
    const application = await readText(
      `${withStreams(`X: { ${attributes.join(', ')} }`)}Conditions: { Is: !Equals [a, a] }`,
    );
    expect(application.unsupported).toEqual([]);
  });

  it.each(
    [[`Fn::${UNKNOWN}`, 'refused'] as const, ...INTRINSIC_FUNCTIONS].filter(
      ([, treatment]) => treatment === 'refused',
    ),
  )('reports the function %s by its place', async (name) => {
    const application = await readText(
      withStreams(
        `F: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, Handler: a.b, Environment: { Variables: { X: { '${name}': a } } } } }`,
      ),
    );
    expect(application.functions[0]?.environment).toEqual({});
    expect(reports(application)).toEqual([`F: Environment.Variables.X: ${name} is not emulated`]);
  });

  it('computes the functions that the table says are run', () => {
    const elsewhere = ['Condition', 'Fn::And', 'Fn::Equals', 'Fn::ForEach', 'Fn::Not', 'Fn::Or', 'Ref'];
    const run = [...INTRINSIC_FUNCTIONS].filter(([, treatment]) => treatment === 'run').map(([name]) => name);
    expect([...FUNCTIONS.keys(), ...elsewhere].toSorted()).toEqual(run.toSorted());
  });

  it.each([...PSEUDO_PARAMETERS.keys()])('knows %s', async (name) => {
    const text = `${withStreams('')}Outputs: { O: { Value: !Join ['', [x, !Ref '${name}']] } }`;
    const { outputs, unsupported } = await readText(text);
    expect(outputs['O']).toMatch(/^x/);
    expect(unsupported).toEqual([]);
  });
});

/** What a resource must have to be read. */
const KEY_OF_TABLE =
  'AttributeDefinitions: [{ AttributeName: id, AttributeType: S }], KeySchema: [{ AttributeName: id, KeyType: HASH }],';
const REQUIRED: Readonly<Record<string, string>> = {
  'AWS::CloudFormation::Stack': 'TemplateURL: nested.yaml,',
  'AWS::DynamoDB::GlobalTable': KEY_OF_TABLE,
  'AWS::DynamoDB::Table': KEY_OF_TABLE,
  'AWS::Kinesis::Stream': 'ShardCount: 1,',
  'AWS::Lambda::EventSourceMapping':
    'EventSourceArn: !GetAtt S.Arn, FunctionName: G, StartingPosition: LATEST,',
  'AWS::Lambda::Function': 'Runtime: nodejs24.x, Handler: a.b,',
  'AWS::Serverless::Application': 'Location: nested.yaml,',
  'AWS::Serverless::Function': 'Runtime: nodejs24.x, Handler: a.b,',
};

/** The properties that hold others, `` for the top. */
function levels(supports: PropertySupports, path = ''): string[] {
  return [
    path,
    ...Object.entries(supports).flatMap(([name, support]) =>
      typeof support === 'string' ? [] : levels(support, path === '' ? name : `${path}.${name}`),
    ),
  ];
}

function nested([name = '', ...others]: readonly string[]): Record<string, unknown> {
  return { [name]: others.length === 0 ? 'given' : nested(others) };
}
