import { z } from 'zod';
import { checkNames } from './check-names.ts';
import {
  GLOBALS,
  OUTPUT_ATTRIBUTES,
  PARAMETER_ATTRIBUTES,
  RESOURCE_ATTRIBUTES,
  SECTIONS,
} from './support/language-support.ts';
import { TemplateError } from './template-error.ts';

/** What makes a CloudFormation template one of SAM. */
export const TRANSFORM = 'AWS::Serverless-2016-10-31';

/** What adds functions to the language, among them loops. */
export const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';

/** The sections of a template, with their contents still unresolved. */
export interface RawTemplate {
  readonly transforms: readonly string[];
  readonly parameters: ReadonlyMap<string, RawParameter>;
  readonly mappings: ReadonlyMap<string, unknown>;
  readonly rules: ReadonlyMap<string, unknown>;
  readonly conditions: ReadonlyMap<string, unknown>;
  readonly globals: Readonly<Record<string, unknown>>;
  readonly resources: ReadonlyMap<string, RawResource>;
  readonly outputs: ReadonlyMap<string, RawOutput>;
  /** What of the outline does not exist here, with its place. */
  readonly notes: readonly { readonly place: string; readonly what: string }[];
}

/** A resource before its properties are resolved. */
export interface RawResource {
  readonly type: string;
  readonly condition: string | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Names of its connectors, which SAM makes resources of. */
  readonly connectors: readonly string[];
  /** Properties that do not take what Globals has for them, or `*` for all. */
  readonly ignoreGlobals: readonly string[] | '*';
}

/** An output before it is resolved. */
interface RawOutput {
  readonly condition: string | undefined;
  readonly value: unknown;
}

/** A declared parameter; the names are CloudFormation's. */
export interface RawParameter {
  readonly Type: string;
  /** As text; a list is joined with commas. */
  readonly Default?: string | null | undefined;
  readonly AllowedValues?: readonly string[] | undefined;
  readonly AllowedPattern?: string | undefined;
  readonly ConstraintDescription?: string | undefined;
  readonly MinLength?: number | undefined;
  readonly MaxLength?: number | undefined;
  readonly MinValue?: number | undefined;
  readonly MaxValue?: number | undefined;
  readonly NoEcho?: boolean | undefined;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const limit = z.coerce.number();

const parameter = z.object({
  Type: z.string(),
  Default: z.union([scalar, z.array(scalar).transform((values) => values.join(','))]).nullish(),
  AllowedValues: z.array(scalar).optional(),
  AllowedPattern: z.string().optional(),
  ConstraintDescription: z.string().optional(),
  MinLength: limit.optional(),
  MaxLength: limit.optional(),
  MinValue: limit.optional(),
  MaxValue: limit.optional(),
  NoEcho: z.union([z.boolean(), z.stringbool()]).optional(),
});

const resource = z
  .object({
    Type: z.string(),
    Condition: z.string().optional(),
    Properties: z.record(z.string(), z.unknown()).nullish(),
    Connectors: z.record(z.string(), z.unknown()).nullish(),
    IgnoreGlobals: z.union([z.literal('*'), z.array(z.string())]).optional(),
  })
  .transform(
    ({ Type, Condition, Properties, Connectors, IgnoreGlobals }): RawResource => ({
      type: Type,
      condition: Condition,
      properties: Properties ?? {},
      connectors: Object.keys(Connectors ?? {}),
      ignoreGlobals: IgnoreGlobals ?? [],
    }),
  );

const output = z
  .object({ Condition: z.string().optional(), Value: z.unknown() })
  .transform(({ Condition, Value }): RawOutput => ({ condition: Condition, value: Value }));

/** A macro may be given with parameters. */
const transform = z.union([z.string(), z.object({ Name: z.string() }).transform(({ Name }) => Name)]);

const template = z.object({
  Transform: z.union([transform.transform((name) => [name]), z.array(transform)]).nullish(),
  Parameters: z.record(z.string(), parameter).nullish(),
  Mappings: z.record(z.string(), z.unknown()).nullish(),
  Rules: z.record(z.string(), z.unknown()).nullish(),
  Conditions: z.record(z.string(), z.unknown()).nullish(),
  Globals: z.record(z.string(), z.unknown()).nullish(),
  Resources: z.record(z.string(), resource, 'must have resources'),
  Outputs: z.record(z.string(), output).nullish(),
});

/** Checks the outline of a template: its sections, and what is never computed in them. */
export function readRawTemplate(document: unknown, file: string): RawTemplate {
  const notes: { place: string; what: string }[] = [];
  const note = (place: string, what: string): void => void notes.push({ place, what });
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new TemplateError(file, `must be a map with Resources, not ${shapeOf(document)}`);
  }
  checkOutline(document, file, note);
  const sections = checkShape(template, withoutMacros(document), file);
  return {
    transforms: sections.Transform ?? [],
    parameters: asMap(sections.Parameters),
    mappings: asMap(sections.Mappings),
    rules: asMap(sections.Rules),
    conditions: asMap(sections.Conditions),
    globals: sections.Globals ?? {},
    resources: asMap(sections.Resources),
    outputs: asMap(sections.Outputs),
    notes,
  };
}

/** What the parts of a section may have. */
const PARTS = {
  Parameters: PARAMETER_ATTRIBUTES,
  Resources: RESOURCE_ATTRIBUTES,
  Outputs: OUTPUT_ATTRIBUTES,
} as const;
const MACRO = 'Fn::Transform';

/** Its `resources` would be taken for a misspelt section. */
function refuseServerlessFramework(document: unknown, file: string): void {
  const names = new Set(typeof document === 'object' && document !== null ? Object.keys(document) : []);
  if (names.has('service') && names.has('provider') && !names.has('Resources')) {
    throw new TemplateError(
      file,
      'is a file of the Serverless Framework, and no CloudFormation template; name a SAM template',
    );
  }
}

function checkOutline(document: unknown, file: string, note: (place: string, what: string) => void): void {
  refuseServerlessFramework(document, file);
  checkNames(document, SECTIONS, file, (_place, what) => note('Template', what));
  const sections = typeof document === 'object' && document !== null ? document : {};
  for (const [name, section] of Object.entries(sections)) {
    if (name === 'Globals') {
      checkNames(section, GLOBALS, name, note);
    }
    const attributes = Object.hasOwn(PARTS, name) ? PARTS[name as keyof typeof PARTS] : undefined;
    for (const [part, value] of Object.entries(section ?? {})) {
      if (part === MACRO) {
        note(name, `${MACRO} is not emulated`);
      } else if (attributes !== undefined) {
        checkNames(value, attributes, `${name}.${part}`, note);
      }
    }
  }
}

/** A macro runs on AWS only; what it would add is not there. */
function withoutMacros(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return document;
  }
  return Object.fromEntries(
    Object.entries(document).map(([name, section]: [string, unknown]) =>
      typeof section === 'object' && section !== null && Object.hasOwn(section, MACRO) && name !== MACRO
        ? [name, Object.fromEntries(Object.entries(section).filter(([part]) => part !== MACRO))]
        : [name, section],
    ),
  );
}

export function checkShape<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) {
    return result.data;
  }
  const [issue] = result.error.issues;
  const place = [where, ...(issue?.path ?? [])].join('.');
  throw new TemplateError(place, issue === undefined ? 'has another shape than expected' : problemOf(issue));
}

/** What is wrong, in words of YAML and JSON. */
function problemOf(issue: z.core.$ZodIssue): string {
  const { code, input, message } = issue;
  const isMissing = input === undefined;
  if (code === 'invalid_value') {
    return `${isMissing ? 'is missing; it is' : 'must be'} one of ${issue.values.join(', ')}`;
  }
  // A schema may have words of its own.
  if (code !== 'invalid_type' || !message.startsWith('Invalid input: ')) {
    return message;
  }
  return isMissing
    ? 'is missing'
    : `must be ${SHAPES.get(issue.expected) ?? issue.expected}, not ${shapeOf(input)}`;
}

/** What JavaScript and the schemas call a shape, by what it is in a template. */
const SHAPES: ReadonlyMap<string, string> = new Map([
  ['object', 'a map'],
  ['record', 'a map'],
  ['array', 'a list'],
  ['string', 'text'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['null', 'empty'],
]);

function shapeOf(value: unknown): string {
  const shape = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return SHAPES.get(shape) ?? shape;
}

/** A map, because a logical id may be a word such as `constructor`. */
function asMap<T>(section: Readonly<Record<string, T>> | null | undefined): ReadonlyMap<string, T> {
  return new Map(Object.entries(section ?? {}));
}
