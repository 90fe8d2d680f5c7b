import { basename } from 'node:path';
import { z } from 'zod';
import { ABSENT } from './absent.ts';
import { applyGlobals } from './apply-globals.ts';
import { checkRules } from './check-rules.ts';
import { createResolver } from './create-resolver.ts';
import { expandLoops, findLoop, flattenLoops } from './expand-loops.ts';
import { nestedFile } from './nested-application.ts';
import type { DeployedValues, Place } from './place.ts';
import {
  checkShape,
  LANGUAGE_EXTENSIONS,
  type RawParameter,
  type RawResource,
  type RawTemplate,
  readRawTemplate,
} from './raw-template.ts';
import {
  type ParameterSource,
  type ParameterValue,
  resolveParameter,
  resolveParameters,
} from './resolve-parameters.ts';
import type { Resolver } from './resolver.ts';
import { createResourceReferences, type ResourceReferences } from './resource-references.ts';
import { isMadeBySam } from './sam-made-ids.ts';
import { TemplateError } from './template-error.ts';
import { Unknown } from './unknown.ts';

/** A template with the values of its parameters: the root, or a local application that is nested in it. */
export interface Stack {
  /** Path of the template. */
  readonly file: string;
  readonly raw: RawTemplate;
  /** With what Globals has for each. */
  readonly resources: ReadonlyMap<string, RawResource>;
  readonly resolver: Resolver;
  readonly references: ResourceReferences;
  /** Reports what a place in the template asks for and does not get; a place is as `Resources.Fold.Properties.Layers`. */
  readonly report: (owner: string, what: string) => void;
  /** Names a resource as the SAM CLI does, such as `Workshop/GeneratorFunction`. */
  readonly qualify: (logicalId: string) => string;
  /** The local application that a resource nests; undefined for any other resource. */
  readonly nested: (logicalId: string) => Stack | undefined;
}

/** Which template to open, and what it cannot say itself. */
export interface StackOptions {
  readonly file: string;
  /** The parsed template and those that it nests, by path. */
  readonly documents: ReadonlyMap<string, unknown>;
  readonly parameterOverrides: Readonly<Record<string, string>>;
  readonly place: Place;
  readonly stackName: string;
  readonly deployed?: DeployedValues;
  readonly report: (logicalId: string, what: string) => void;
}

/**
 * Opens a template, and lets its values be computed.
 *
 * Its rules hold when this returns. Those of a nested application are not looked at: what it is given may not be known here.
 * Nested applications are opened when something asks for them, because their parameters may be outputs of each other.
 */
export function openStack(options: StackOptions): Stack {
  const { parameterOverrides } = options;
  const stack = createStack(options, [], (raw) =>
    resolveParameters(raw.parameters, parameterOverrides, options.report),
  );
  checkRules(stack.raw.rules, stack.resolver, stack.report);
  return stack;
}

/** Lists a stack and all that are nested in it, as their conditions let them be. */
export function withNested(stack: Stack): Stack[] {
  const nested = createdResources(stack).flatMap(([id]) => stack.nested(id) ?? []);
  return [stack, ...nested.flatMap(withNested)];
}

/** The resources that their conditions let be. */
export function createdResources({ resources, resolver }: Stack): [string, RawResource][] {
  return [...resources].filter(([id, { condition }]) => resolver.isMet(condition, id));
}

/** A place in a resource: its logical id, and the property. */
const RESOURCE_PLACE = /^Resources\.([^.]+)(?:\.Properties)?(?:\.(.+))?$/;

type Path = readonly { readonly logicalId: string; readonly file: string }[];

function createStack(
  options: StackOptions,
  path: Path,
  readParameters: (raw: RawTemplate) => ParameterSource,
): Stack {
  const { file, documents, place, stackName, deployed = {} } = options;
  const ids = path.map(({ logicalId }) => logicalId);
  const qualify = (logicalId: string): string => [...ids, logicalId].join('/');
  const report = (owner: string, what: string): void => {
    const [, logicalId = owner, property] = RESOURCE_PLACE.exec(owner) ?? [];
    options.report(qualify(logicalId), property === undefined ? what : `${property}: ${what}`);
  };
  const { raw, parameters } = readWithLoops(options, readParameters);
  const resources = new Map(
    [...raw.resources].map(([id, resource]) => [id, applyGlobals(resource, raw.globals)]),
  );
  const references = createResourceReferences({
    resources,
    place,
    deployed,
    resolver: () => resolver,
    report,
    isMade: (logicalId) => isMadeBySam(logicalId, resources, raw),
    qualify,
    output: (logicalId, name, owner) => {
      const stack = nested(logicalId);
      return stack && readOutput(stack, name, owner);
    },
  });
  const inner = createResolver({
    parameters,
    pseudoParameters: pseudoParameters(place, stackName),
    mappings: raw.mappings,
    conditions: raw.conditions,
    hasLanguageExtensions: raw.transforms.includes(LANGUAGE_EXTENSIONS),
    reference: references.reference,
    attribute: references.attribute,
    report,
  });
  const located = <T>(compute: () => T): T => locate(compute, path.length === 0 ? undefined : file);
  const resolver: Resolver = {
    resolve: (value, owner) => located(() => inner.resolve(value, owner)),
    compute: (value, owner) => located(() => inner.compute(value, owner)),
    choose: (value, owner) => located(() => inner.choose(value, owner)),
    isMet: (name, owner) => located(() => inner.isMet(name, owner)),
  };
  const opened = new Map<string, Stack>();
  const nested = (logicalId: string): Stack | undefined => {
    const resource = resources.get(logicalId);
    const nestedIn = resource && nestedFile(resource, file);
    if (resource === undefined || nestedIn === undefined || !documents.has(nestedIn)) {
      return undefined;
    }
    const known = opened.get(logicalId);
    if (known !== undefined) {
      return known;
    }
    if ([file, ...path.map((parent) => parent.file)].includes(nestedIn)) {
      throw new TemplateError(`Resources.${qualify(logicalId)}`, `nests ${nestedIn}, which it is part of`);
    }
    const stack = createStack(
      { ...options, file: nestedIn, stackName: `${stackName}-${logicalId}` },
      [...path, { logicalId, file }],
      (declared) =>
        passedParameters(logicalId, resource, declared, { resolver, qualify, report: options.report }),
    );
    opened.set(logicalId, stack);
    return stack;
  };
  return { file, raw, resources, resolver, references, report, qualify, nested };
}

/** Reads the outline of a template, with its loops written out. What a loop repeats for may come from parameters and mappings. */
function readWithLoops(
  { file, documents, place, stackName, report }: StackOptions,
  readParameters: (raw: RawTemplate) => ParameterSource,
): { raw: RawTemplate; parameters: ParameterSource } {
  const document = documents.get(file);
  const raw = readRawTemplate(flattenLoops(document), file);
  const parameters = readParameters(raw);
  const loop = findLoop(document);
  if (loop === undefined) {
    return { raw, parameters };
  }
  if (!raw.transforms.includes(LANGUAGE_EXTENSIONS)) {
    throw new TemplateError(loop, `Fn::ForEach needs \`Transform: ${LANGUAGE_EXTENSIONS}\``);
  }
  const refuse = (logicalId: string, owner: string): never => {
    throw new TemplateError(owner, `a loop cannot depend on ${logicalId}, only on parameters and mappings`);
  };
  const { compute } = createResolver({
    parameters,
    pseudoParameters: pseudoParameters(place, stackName),
    mappings: raw.mappings,
    conditions: new Map(),
    hasLanguageExtensions: true,
    reference: refuse,
    attribute: (logicalId, _name, owner) => refuse(logicalId, owner),
    report,
  });
  return { raw: readRawTemplate(expandLoops(document, compute), file), parameters };
}

/** Errors whose place is known: it is in the innermost template, and messages about the root name no file. */
const placed = new WeakSet<TemplateError>();

/**
 * Names the file in the errors of a nested template.
 *
 * @param file - path of the nested template; undefined for the root
 */
export function locate<T>(compute: () => T, file: string | undefined): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof TemplateError) || placed.has(error)) {
      throw error;
    }
    const { where, problem, cause } = error;
    const located =
      file === undefined ? error : new TemplateError(`${basename(file)}: ${where}`, problem, { cause });
    placed.add(located);
    throw located;
  }
}

/** Computed when they are used: many are only for what has no local counterpart, and not known here. */
function passedParameters(
  logicalId: string,
  { properties }: RawResource,
  raw: RawTemplate,
  parent: Pick<Stack, 'resolver' | 'qualify' | 'report'>,
): ParameterSource {
  const where = `Resources.${parent.qualify(logicalId)}.Properties.Parameters`;
  const unqualified = `Resources.${logicalId}.Properties.Parameters`;
  const passed = new Map(
    Object.entries(
      checkShape(z.record(z.string(), z.unknown()).default({}), properties['Parameters'], where),
    ),
  );
  for (const name of passed.keys()) {
    if (!raw.parameters.has(name)) {
      throw new TemplateError(`${where}.${name}`, 'is not declared in the nested template');
    }
  }
  for (const [name, { Default }] of raw.parameters) {
    if (Default === undefined && !passed.has(name)) {
      throw new TemplateError(`${where}.${name}`, 'is missing, and has no default in the nested template');
    }
  }
  const isComputing = new Set<string>();
  const withValue = (name: string, declared: RawParameter, override: string | undefined): ParameterValue =>
    resolveParameter(name, declared, {
      override,
      report: (_parameter, what) => parent.report(`${where}.${name}`, what),
    });
  return {
    get: (name) => {
      const declared = raw.parameters.get(name);
      if (declared === undefined || !passed.has(name)) {
        return declared && withValue(name, declared, undefined);
      }
      if (isComputing.has(name)) {
        throw new TemplateError(`${where}.${name}`, 'refers to itself');
      }
      isComputing.add(name);
      const value = parent.resolver.compute(passed.get(name), `${unqualified}.${name}`);
      isComputing.delete(name);
      if (value === ABSENT || value instanceof Unknown) {
        return value === ABSENT ? withValue(name, declared, undefined) : value;
      }
      if (typeof value === 'object') {
        throw new TemplateError(`${where}.${name}`, 'must be text');
      }
      return withValue(name, declared, String(value));
    },
  };
}

function readOutput({ raw, resolver, file }: Stack, name: string, owner: string): unknown {
  const output = raw.outputs.get(name);
  if (output === undefined) {
    throw new TemplateError(owner, `refers to the output ${name}, which ${basename(file)} does not have`);
  }
  if (!resolver.isMet(output.condition, `Outputs.${name}`)) {
    throw new TemplateError(
      owner,
      `refers to the output ${name}, which its condition ${output.condition} leaves out`,
    );
  }
  return resolver.compute(output.value, `Outputs.${name}.Value`);
}

function pseudoParameters({ region, accountId }: Place, stackName: string): ReadonlyMap<string, string> {
  return new Map([
    ['AWS::AccountId', accountId],
    ['AWS::NotificationARNs', ''],
    ['AWS::Partition', 'aws'],
    ['AWS::Region', region],
    ['AWS::StackId', `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`],
    ['AWS::StackName', stackName],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ]);
}
