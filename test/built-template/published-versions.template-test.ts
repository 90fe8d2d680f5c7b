// Goal: after every deployment the code that runs has the parameters of the stack. Mappings invoke an alias, an alias leads to
// a version, and a version never changes.
// Method: expand the template as SAM does on AWS, and resolve it for two values of each parameter in turn. Where a function's
// configuration differs, its version must be another resource or one that CloudFormation replaces; where it does not, it must be
// the same one, for Lambda refuses to publish an unchanged function.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createdResources, openStack } from '@oncefold/sam-template';
import { beforeAll, describe, expect, it } from 'vitest';

interface Parameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
  readonly AllowedPattern?: string;
  readonly MaxLength?: number;
  readonly MinValue?: number;
  readonly MaxValue?: number;
}
type Values = Readonly<Record<string, string>>;
type Templates = Readonly<Record<string, { readonly Parameters: Readonly<Record<string, Parameter>> }>>;

/** What a function would run with, and the version that would be published for it, both as text to compare. */
interface Deployed {
  readonly configuration: string;
  readonly version: string;
  readonly description: string;
}

const root = join(import.meta.dirname, '..', '..');
const DESCRIPTION_MAX = 256;
/** Of the function itself, not of its versions. */
const notPublished = ['ReservedConcurrentExecutions', 'Tags'];
/** Without a topic, `Protection=full` is refused. */
const watched: Values = { AlarmTopicArn: 'arn:aws:sns:us-east-1:123456789012:on-call' };
/** Everything that can be deployed, so that every function is there; and the least. */
const settings: readonly Values[] = [
  { ...watched, Names: 'mine', ComparisonStrategy: 'none', WithWorkshop: 'true', FormerKeys: 'true' },
  { ...watched, Names: 'lab' },
];
let templates: Templates = {};

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(
    join(root, 'scripts', 'sam.sh'),
    ['--python', 'scripts/lint-template.py', '--expand', 'template.yaml'],
    { cwd: root, maxBuffer: 64 * 1024 * 1024 },
  );
  templates = JSON.parse(stdout);
});

function parameters(): [string, Parameter][] {
  return Object.entries(templates['']?.Parameters ?? {});
}

/** Values that a text may have, where its pattern takes them. */
const texts = [
  'Other',
  '7',
  'arn:aws:sns:us-east-1:123456789012:other',
  'arn:aws:kms:us-east-1:123456789012:key/other',
];

function otherValues(name: string, parameter: Parameter, value: string | undefined): string[] {
  const {
    AllowedValues,
    AllowedPattern = '.*',
    Type,
    MinValue = 0,
    MaxValue = Number(value) + 1,
  } = parameter;
  const pattern = new RegExp(`^(?:${AllowedPattern})$`);
  const candidates = AllowedValues ?? (Type === 'Number' ? [MinValue, MaxValue] : texts);
  const found = candidates.map(String).filter((one) => one !== value && pattern.test(one));
  if (found.length === 0) {
    throw new Error(`${name}: no second value is known here`);
  }
  return found;
}

/** Every function by its name in the SAM CLI, such as `Workshop/GeneratorFunction`. */
function deployedWith(values: Values): Map<string, Deployed> {
  const found = functionsOf('', values, 'oncefold');
  const isThere = createdResources(open('', values, 'oncefold')).some(([id]) => id === 'Workshop');
  return isThere ? new Map([...found, ...functionsOf('Workshop', workshopValues(values), 'nested')]) : found;
}

function open(id: string, values: Values, stackName: string): ReturnType<typeof openStack> {
  return openStack({
    file: join(root, 'template.yaml'),
    documents: new Map([[join(root, 'template.yaml'), templates[id]]]),
    parameterOverrides: values,
    place: { region: 'us-east-1', accountId: '123456789012' },
    stackName,
    report: (owner, what) => {
      throw new Error(`${owner}: ${what}`);
    },
  });
}

function workshopValues(values: Values): Values {
  const stack = open('', values, 'oncefold');
  return stack.resolver.resolve(
    stack.raw.resources.get('Workshop')?.properties['Parameters'],
    'Workshop',
  ) as Values;
}

function functionsOf(id: string, values: Values, stackName: string): Map<string, Deployed> {
  const stack = open(id, values, stackName);
  const resources = createdResources(stack);
  const propertiesOf = (logicalId: string): Readonly<Record<string, unknown>> =>
    stack.resources.get(logicalId)?.properties ?? {};
  return new Map(
    resources
      .filter(([, { type }]) => type === 'AWS::Lambda::Function')
      .map(([logicalId, { properties }]) => {
        const published = Object.entries(properties).filter(([name]) => !notPublished.includes(name));
        const { FunctionVersion } = propertiesOf(`${logicalId}Aliaslive`) as {
          FunctionVersion: { 'Fn::GetAtt': [string, string] };
        };
        const [version, attribute] = FunctionVersion['Fn::GetAtt'];
        expect([stack.resources.get(version)?.type, attribute]).toEqual(['AWS::Lambda::Version', 'Version']);
        const resolved = stack.resolver.resolve(propertiesOf(version), version) as { Description?: string };
        return [
          id === '' ? logicalId : `${id}/${logicalId}`,
          {
            configuration: JSON.stringify(stack.resolver.resolve(Object.fromEntries(published), logicalId)),
            version: JSON.stringify([version, resolved]),
            description: resolved.Description ?? '',
          },
        ];
      }),
  );
}

/** For each parameter, the functions whose configuration another value changes; and where the version says otherwise. */
function compareAll(): { reached: Map<string, Set<string>>; faults: string[] } {
  const reached = new Map<string, Set<string>>();
  const faults: string[] = [];
  for (const setting of settings) {
    const before = deployedWith(setting);
    const changes = parameters().flatMap(([name, parameter]) => {
      const value =
        setting[name] ?? (parameter.Default === undefined ? undefined : String(parameter.Default));
      return otherValues(name, parameter, value).map((other) => ({ name, other }));
    });
    for (const { name, other } of changes) {
      for (const [id, after] of deployedWith({ ...setting, [name]: other })) {
        const former = before.get(id);
        const isChanged = former !== undefined && former.configuration !== after.configuration;
        const isPublished = former !== undefined && former.version !== after.version;
        if (isChanged !== isPublished) {
          faults.push(`${name}=${other} ${isChanged ? 'does not reach' : 'publishes in vain'} ${id}`);
        }
        if (isChanged) {
          reached.set(name, (reached.get(name) ?? new Set()).add(id));
        }
      }
    }
  }
  return { reached, faults };
}

describe('the published versions', () => {
  it('are published anew when a parameter changes what a function runs with, and only then', () => {
    const { reached, faults } = compareAll();
    expect(faults).toEqual([]);
    // A comparison that saw no difference would find no fault.
    expect([...(reached.get('MapStrategy') ?? [])]).toEqual(['MapFunction']);
    expect([...(reached.get('WorkshopMessagesPerRound') ?? [])]).toEqual(['Workshop/GeneratorFunction']);
    expect([...(reached.get('FunctionMemorySize') ?? [])]).toHaveLength(6);
    expect([...reached.keys()].sort()).toEqual(
      [
        'Architecture',
        'ComparisonStrategy',
        'DeploymentType',
        'ExpiredTrades',
        'FormerKeys',
        'FunctionMemorySize',
        'FunctionTimeoutSeconds',
        'HierarchyDimensions',
        'InducedFailures',
        'LedgerRetentionSeconds',
        'LogLevel',
        'MapStrategy',
        'Names',
        'Namespace',
        'ReduceStrategy',
        'Tracing',
        'UnrecordedHierarchyDimensions',
        'WithWorkshop',
        'WorkshopMessagesPerRound',
      ].sort(),
    );
  });

  it('are of a function that each release changes, for a template that is only written otherwise would publish in vain', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const [id, { configuration }] of deployedWith(settings[0] ?? {})) {
      expect(JSON.parse(configuration).Description, id).toMatch(` Oncefold ${version}.`);
    }
  });

  it('have a description that has room for long values of what is free text', () => {
    const longest = parameters().map(([name, { AllowedValues, Default, MaxValue }]) => {
      const values = AllowedValues ?? [MaxValue ?? Default ?? ''];
      return [name, freeTexts.get(name) ?? longestOf(values.map(String))] as const;
    });
    const found = deployedWith({ ...Object.fromEntries(longest), WithWorkshop: 'true' });
    expect([...found.keys()]).toHaveLength(6);
    for (const [id, { description }] of found) {
      // Namespace and the two lists of dimensions together; docs/deploying.md has the figure.
      expect(DESCRIPTION_MAX - description.length, id).toBeGreaterThanOrEqual(110);
    }
  });
});

/** Texts without a list of values; the one of `Names` is as long as it may be. */
const freeTexts = new Map([
  ['Names', 'N'.repeat(32)],
  ['Namespace', 'n'],
  ['HierarchyDimensions', 'd'],
  ['UnrecordedHierarchyDimensions', ''],
]);

function longestOf(values: readonly string[]): string {
  return values.reduce((longest, value) => (value.length > longest.length ? value : longest), '');
}
