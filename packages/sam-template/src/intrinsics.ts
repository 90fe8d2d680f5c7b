import { ABSENT } from './absent.ts';
import type { Evaluation } from './evaluation.ts';
import { availabilityZones, cidrBlocks, findInMap, length, select } from './list-intrinsics.ts';
import { TemplateError } from './template-error.ts';
import { base64, join, listOf, split, substitute, toJsonText } from './text-intrinsics.ts';
import { Unknown } from './unknown.ts';

/** A function that is computed. */
interface IntrinsicFunction {
  readonly compute: (evaluation: Evaluation) => unknown;
  readonly needsLanguageExtensions?: boolean;
}

/** Functions that are computed; the value of any other is not known. */
export const FUNCTIONS: ReadonlyMap<string, IntrinsicFunction> = new Map<string, IntrinsicFunction>([
  ['Fn::Base64', { compute: base64 }],
  ['Fn::Cidr', { compute: cidrBlocks }],
  ['Fn::FindInMap', { compute: findInMap }],
  ['Fn::GetAZs', { compute: availabilityZones }],
  ['Fn::GetAtt', { compute: getAttribute }],
  ['Fn::If', { compute: choose }],
  ['Fn::Join', { compute: join }],
  ['Fn::Length', { compute: length, needsLanguageExtensions: true }],
  ['Fn::Select', { compute: select }],
  ['Fn::Split', { compute: split }],
  ['Fn::Sub', { compute: (evaluation) => substitute(evaluation, { resolveReference, getAttribute }) }],
  ['Fn::ToJsonString', { compute: toJsonText, needsLanguageExtensions: true }],
]);

/** Computes `Ref`. */
export function resolveReference({ argument, resolve, sources, owner }: Evaluation): unknown {
  const name = sources.hasLanguageExtensions ? resolve(argument) : argument;
  if (name instanceof Unknown) {
    return name;
  }
  if (typeof name !== 'string') {
    throw new TemplateError(owner, 'Ref takes a name');
  }
  if (name === 'AWS::NoValue') {
    return ABSENT;
  }
  return sources.parameters.get(name) ?? sources.pseudoParameters.get(name) ?? sources.reference(name, owner);
}

function getAttribute({ argument, resolve, sources, owner }: Evaluation): unknown {
  const given: unknown = typeof argument === 'string' ? argument.split('.') : argument;
  const parts = Array.isArray(given) ? given.map(resolve) : [];
  const unknown = parts.find((part) => part instanceof Unknown);
  if (unknown !== undefined) {
    return unknown;
  }
  // SAM takes Fold.Version for a logical id.
  const [logicalId = '', ...name] = parts.every((part) => typeof part === 'string')
    ? parts.join('.').split('.')
    : [];
  if (logicalId === '' || name.length === 0) {
    throw new TemplateError(owner, 'Fn::GetAtt takes a logical id and the name of an attribute');
  }
  return sources.attribute(logicalId, name.join('.'), owner);
}

function choose({ argument, resolve, isMet, owner }: Evaluation): unknown {
  const [condition, whenMet, otherwise] = listOf(argument, 3, 'Fn::If', owner);
  return resolve(isMet(String(condition)) ? whenMet : otherwise);
}
