import { ABSENT } from './absent.ts';
import type { Evaluation } from './evaluation.ts';
import { TemplateError } from './template-error.ts';
import { Unknown } from './unknown.ts';

/** Computes `Fn::Join`. */
export function join({ argument, resolve, owner }: Evaluation): unknown {
  const [separator, source] = listOf(argument, 2, 'Fn::Join', owner);
  const parts = resolve(source);
  if (parts === ABSENT || parts instanceof Unknown) {
    return parts;
  }
  if (!Array.isArray(parts)) {
    throw new TemplateError(owner, 'Fn::Join takes a list to join');
  }
  return (
    parts.find((part) => part instanceof Unknown) ??
    parts.map((part) => asText(part, 'Fn::Join', owner)).join(String(separator))
  );
}

/** Computes `Fn::Split`. */
export function split({ argument, resolve, owner }: Evaluation): unknown {
  const [separator, source] = listOf(argument, 2, 'Fn::Split', owner);
  const text = resolve(source);
  return text === ABSENT || text instanceof Unknown
    ? text
    : asText(text, 'Fn::Split', owner).split(String(separator));
}

/** Computes `Fn::Base64`. */
export function base64({ argument, resolve, owner }: Evaluation): unknown {
  const text = resolve(argument);
  return text === ABSENT || text instanceof Unknown
    ? text
    : Buffer.from(asText(text, 'Fn::Base64', owner)).toString('base64');
}

/** Computes `Fn::ToJsonString`. */
export function toJsonText({ argument, resolve, owner }: Evaluation): unknown {
  const value = resolve(argument);
  if (typeof value !== 'object' || value === null) {
    throw new TemplateError(owner, 'Fn::ToJsonString takes a map or a list');
  }
  return findUnknown(value) ?? JSON.stringify(value);
}

/** Computes `Fn::Sub`: `${Name}`, `${Name.Attribute}`, `${!Literal}`, with or without variables of its own. */
export function substitute(
  evaluation: Evaluation,
  find: Readonly<Record<'resolveReference' | 'getAttribute', (evaluation: Evaluation) => unknown>>,
): unknown {
  const { argument, resolve, owner } = evaluation;
  const [text, variables] =
    typeof argument === 'string' ? [argument, {}] : listOf(argument, 2, 'Fn::Sub', owner);
  if (typeof text !== 'string' || typeof variables !== 'object' || variables === null) {
    throw new TemplateError(owner, 'Fn::Sub takes text, or a list of text and a map of variables');
  }
  let missing: unknown;
  const result = text.replace(/\$\{([^}]*)\}/g, (whole, inner: string) => {
    if (inner.startsWith('!')) {
      return `\${${inner.slice(1)}}`;
    }
    const name = inner.trim();
    const value = Object.hasOwn(variables, name)
      ? resolve((variables as Record<string, unknown>)[name])
      : name.includes('.')
        ? find.getAttribute({ ...evaluation, argument: name })
        : find.resolveReference({ ...evaluation, argument: name });
    if (value === ABSENT || value instanceof Unknown) {
      missing ??= value;
      return whole;
    }
    return asText(value, 'Fn::Sub', owner);
  });
  // A dynamic reference may be made of parts.
  return missing ?? resolve(result);
}

/** What a function is given, when it takes a list of a length. */
export function listOf(argument: unknown, count: number, name: string, owner: string): unknown[] {
  if (!Array.isArray(argument) || argument.length !== count) {
    throw new TemplateError(owner, `${name} takes a list of ${count}`);
  }
  return argument;
}

function findUnknown(value: unknown): Unknown | undefined {
  if (value instanceof Unknown || typeof value !== 'object' || value === null) {
    return value instanceof Unknown ? value : undefined;
  }
  for (const part of Object.values(value)) {
    const found = findUnknown(part);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
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
