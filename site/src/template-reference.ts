import { parseDocument } from 'yaml';

interface Parameter {
  readonly Description?: string;
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
  readonly AllowedPattern?: string;
  readonly MinValue?: number;
  readonly MaxValue?: number;
}

/**
 * @param text - a SAM template
 * @returns a page with its parameters, in the groups of the template, in Markdown
 */
export function templateReference(text: string): string {
  // The tags of CloudFormation are of no interest here.
  const template = parseDocument(text, { logLevel: 'silent' }).toJS() as {
    readonly Parameters: Readonly<Record<string, Parameter>>;
    readonly Metadata: {
      readonly 'AWS::CloudFormation::Interface': {
        readonly ParameterGroups: readonly {
          readonly Label: { readonly default: string };
          readonly Parameters: readonly string[];
        }[];
      };
    };
  };
  const groups = template.Metadata['AWS::CloudFormation::Interface'].ParameterGroups.map(
    ({ Label, Parameters }) => ({ title: Label.default, names: Parameters }),
  );
  const grouped = new Set(groups.flatMap(({ names }) => names));
  const others = Object.keys(template.Parameters).filter((name) => !grouped.has(name));
  const sections = [...groups, { title: 'Never given', names: others }]
    .filter(({ names }) => names.length > 0)
    .map(({ title, names }) => {
      const parameters = names.map((name) => parameterSection(name, template.Parameters[name]));
      return `## ${title}\n\n${parameters.join('\n\n')}`;
    });
  return `# Template parameters

What \`template.yaml\` takes, as the template itself says it. How to deploy it: [deploying](deploying.md).

${sections.join('\n\n')}
`;
}

function parameterSection(name: string, parameter: Parameter | undefined): string {
  if (parameter === undefined) {
    throw new Error(`template.yaml groups a parameter that it does not have: ${name}`);
  }
  const { Description = '', Default = '' } = parameter;
  const given = Default === '' ? 'No default.' : `Default: ${codeOf(Default)}.`;
  return `### ${name}\n\n${Description.replaceAll(/\s+/g, ' ').trim()}\n\n${given} ${valuesOf(parameter)}`.trim();
}

function codeOf(value: string | number): string {
  return `\`${value}\``;
}

function valuesOf({ Type, AllowedValues, AllowedPattern, MinValue, MaxValue }: Parameter): string {
  if (AllowedValues !== undefined) {
    return `One of ${AllowedValues.map((value) => (value === '' ? 'nothing' : codeOf(value))).join(', ')}.`;
  }
  if (MinValue !== undefined && MaxValue !== undefined) {
    return `From ${MinValue} to ${MaxValue}.`;
  }
  if (MinValue !== undefined) {
    return `At least ${MinValue}.`;
  }
  if (AllowedPattern !== undefined) {
    return `Matches ${codeOf(AllowedPattern)}.`;
  }
  return `${Type}.`;
}
