import { ABSENT } from './absent.ts';
import type { ResolverSources } from './resolver.ts';
import { TemplateError } from './template-error.ts';

/** One use of a function in a template. */
export interface Evaluation {
  readonly owner: string;
  /** What the function is given, unresolved. */
  readonly argument: unknown;
  readonly sources: ResolverSources;
  readonly resolve: (value: unknown) => unknown;
  readonly isMet: (condition: string) => boolean;
}

/** Functions that are computed; any other is reported as unsupported. */
export const FUNCTIONS: ReadonlyMap<string, (evaluation: Evaluation) => unknown> = new Map([
  ['Fn::Base64', base64],
  ['Fn::FindInMap', findInMap],
  ['Fn::GetAtt', getAttribute],
  ['Fn::If', choose],
  ['Fn::Join', join],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::Sub', substitute],
]);

/** Computes `Ref`. */
export function resolveReference({ argument, sources, owner }: Evaluation): unknown {
  if (typeof argument !== 'string') {
    throw new TemplateError(owner, 'Ref takes a name');
  }
  if (argument === 'AWS::NoValue') {
    return ABSENT;
  }
  const value = sources.parameters.get(argument) ?? sources.pseudoParameters.get(argument);
  if (value !== undefined) {
    return value;
  }
  if (!sources.parameters.has(argument)) {
    return sources.reference(argument, owner);
  }
  sources.report(owner, `the value of ${argument} is not known here`);
  return ABSENT;
}

function getAttribute({ argument, sources, owner }: Evaluation): unknown {
  const parts: unknown[] =
    typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? argument : [];
  const [logicalId, ...name] = parts;
  if (typeof logicalId !== 'string' || name.length === 0 || !name.every((part) => typeof part === 'string')) {
    throw new TemplateError(owner, 'Fn::GetAtt takes a logical id and the name of an attribute');
  }
  return sources.attribute(logicalId, name.join('.'), owner);
}

function choose({ argument, resolve, isMet, owner }: Evaluation): unknown {
  const [condition, whenMet, otherwise] = listOf(argument, 3, 'Fn::If', owner);
  return resolve(isMet(String(condition)) ? whenMet : otherwise);
}

function join({ argument, resolve, owner }: Evaluation): unknown {
  const [separator, source] = listOf(argument, 2, 'Fn::Join', owner);
  const parts = Array.isArray(source) ? source.map(resolve) : resolve(source);
  if (parts === ABSENT) {
    return ABSENT;
  }
  if (!Array.isArray(parts)) {
    throw new TemplateError(owner, 'Fn::Join takes a list to join');
  }
  return parts.includes(ABSENT)
    ? ABSENT
    : parts.map((part) => asText(part, 'Fn::Join', owner)).join(String(separator));
}

function split({ argument, resolve, owner }: Evaluation): unknown {
  const [separator, source] = listOf(argument, 2, 'Fn::Split', owner);
  const text = resolve(source);
  return text === ABSENT ? ABSENT : asText(text, 'Fn::Split', owner).split(String(separator));
}

function select({ argument, resolve, owner }: Evaluation): unknown {
  const [position, source] = listOf(argument, 2, 'Fn::Select', owner);
  const index = Number(resolve(position));
  const items = resolve(source);
  if (items === ABSENT) {
    return ABSENT;
  }
  if (!Array.isArray(items) || !Number.isInteger(index) || index < 0 || index >= items.length) {
    throw new TemplateError(owner, `Fn::Select finds nothing at ${index}`);
  }
  return items[index];
}

function findInMap({ argument, resolve, sources, owner }: Evaluation): unknown {
  const names = listOf(argument, 3, 'Fn::FindInMap', owner).map((part) => String(resolve(part)));
  let found: unknown = Object.fromEntries(sources.mappings);
  for (const name of names) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) {
      throw new TemplateError(owner, `Fn::FindInMap finds no ${names.join('.')}`);
    }
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

function base64({ argument, resolve, owner }: Evaluation): unknown {
  const text = resolve(argument);
  return text === ABSENT ? ABSENT : Buffer.from(asText(text, 'Fn::Base64', owner)).toString('base64');
}

/** `${Name}`, `${Name.Attribute}`, `${!Literal}`, with or without variables of its own. */
function substitute(evaluation: Evaluation): unknown {
  const { argument, resolve, owner } = evaluation;
  const [text, variables] =
    typeof argument === 'string' ? [argument, {}] : listOf(argument, 2, 'Fn::Sub', owner);
  if (typeof text !== 'string' || typeof variables !== 'object' || variables === null) {
    throw new TemplateError(owner, 'Fn::Sub takes text, or a list of text and a map of variables');
  }
  let isKnown = true;
  const result = text.replace(/\$\{([^}]*)\}/g, (whole, inner: string) => {
    if (inner.startsWith('!')) {
      return `\${${inner.slice(1)}}`;
    }
    const name = inner.trim();
    const value = Object.hasOwn(variables, name)
      ? resolve((variables as Record<string, unknown>)[name])
      : name.includes('.')
        ? getAttribute({ ...evaluation, argument: name })
        : resolveReference({ ...evaluation, argument: name });
    if (value === ABSENT) {
      isKnown = false;
    }
    return value === ABSENT ? whole : asText(value, 'Fn::Sub', owner);
  });
  return isKnown ? result : ABSENT;
}

function listOf(argument: unknown, length: number, name: string, owner: string): unknown[] {
  if (!Array.isArray(argument) || argument.length !== length) {
    throw new TemplateError(owner, `${name} takes a list of ${length}`);
  }
  return argument;
}

function asText(value: unknown, name: string, owner: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  // CloudFormation puts a list parameter into text with commas.
  if (Array.isArray(value) && value.every((part) => typeof part === 'string')) {
    return value.join(',');
  }
  throw new TemplateError(owner, `${name} needs text, not ${value === null ? 'null' : typeof value}`);
}
