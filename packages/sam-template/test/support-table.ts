import { EVENTS } from '../src/support/event-support.ts';
import {
  GLOBALS,
  INTRINSIC_FUNCTIONS,
  OUTPUT_ATTRIBUTES,
  PARAMETER_ATTRIBUTES,
  PSEUDO_PARAMETERS,
  RESOURCE_ATTRIBUTES,
  SECTIONS,
} from '../src/support/language-support.ts';
import { QUEUE_MAPPING } from '../src/support/mapping-properties.ts';
import type { PropertySupports, Treatment } from '../src/support/property-support.ts';
import { RESOURCES } from '../src/support/resource-support.ts';

const TREATMENTS: readonly Treatment[] = ['run', 'recorded', 'refused', 'ignored'];
const MAPPING = 'AWS::Lambda::EventSourceMapping';

/** Writes what of a template is run, as Markdown. */
export function supportTable(): string {
  const described = [...RESOURCES].flatMap(([type, { properties }]): [string, PropertySupports][] =>
    properties === undefined
      ? []
      : type === MAPPING
        ? [
            [`\`${type}\` from a stream`, properties],
            [`\`${type}\` from a queue`, QUEUE_MAPPING],
          ]
        : [[`\`${type}\``, properties]],
  );
  const events = [...EVENTS].map(([type, { support }]): [string, PropertySupports] => [
    `SAM event \`${type}\``,
    support,
  ]);
  const named = (treatment: Treatment): string[] =>
    [...RESOURCES]
      .filter(([, support]) => support.treatment === treatment && support.properties === undefined)
      .map(([type]) => type);
  return [
    table(
      'Resource and its properties',
      [...described, ...events].map(([name, supports]) => [name, byTreatment(collapse(supports))]),
    ),
    `Recorded as destinations, by their ARN: ${listed(named('recorded'))}.`,
    `Ignored whole: ${listed(named('ignored'))}.`,
    'Every other type of resource and of SAM event is refused.',
    table('Part of the language', [
      ['Sections', byTreatment(SECTIONS)],
      ['Sections of `Globals`', byTreatment(GLOBALS)],
      ['Attributes of a resource', byTreatment(RESOURCE_ATTRIBUTES)],
      ['Attributes of a parameter', byTreatment(PARAMETER_ATTRIBUTES)],
      ['Attributes of an output', byTreatment(OUTPUT_ATTRIBUTES)],
      ['Functions', byTreatment(INTRINSIC_FUNCTIONS)],
      ['Pseudo parameters', byTreatment(PSEUDO_PARAMETERS)],
    ]),
  ].join('\n\n');
}

/** Lists properties with those that they hold, as `Environment.Variables`. */
export function flatten(supports: PropertySupports, path = ''): Map<string, Treatment> {
  return new Map(
    Object.entries(supports).flatMap(([name, support]) =>
      typeof support === 'string'
        ? [[`${path}${name}`, support] as const]
        : [...flatten(support, `${path}${name}.`)],
    ),
  );
}

/** The same, with a property that is treated alike in all that it holds under its own name. */
function collapse(supports: PropertySupports, path = ''): Map<string, Treatment> {
  return new Map(
    Object.entries(supports).flatMap(([name, support]): [string, Treatment][] => {
      if (typeof support === 'string') {
        return [[`${path}${name}`, support]];
      }
      const inner = collapse(support, `${path}${name}.`);
      const [treatment, ...others] = new Set(inner.values());
      return treatment !== undefined && others.length === 0 ? [[`${path}${name}`, treatment]] : [...inner];
    }),
  );
}

function byTreatment(names: ReadonlyMap<string, Treatment>): readonly string[] {
  return TREATMENTS.map((treatment) =>
    listed([...names].filter(([, found]) => found === treatment).map(([name]) => name)),
  );
}

function listed(names: readonly string[]): string {
  return names.length === 0
    ? '–'
    : names
        .toSorted()
        .map((name) => `\`${name}\``)
        .join(', ');
}

function table(title: string, rows: readonly (readonly [string, readonly string[]])[]): string {
  return [
    `| ${title} | ${TREATMENTS.join(' | ')} |`,
    `| --- |${TREATMENTS.map(() => ' --- |').join('')}`,
    ...rows.map(([name, cells]) => `| ${name} | ${cells.join(' | ')} |`),
  ].join('\n');
}
