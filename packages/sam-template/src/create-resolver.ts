import { ABSENT } from './absent.ts';
import { evaluateCondition } from './conditions.ts';
import { type Evaluation, FUNCTIONS, resolveReference } from './intrinsics.ts';
import type { Resolver, ResolverSources } from './resolver.ts';
import { TemplateError } from './template-error.ts';

/** Deeper nesting than this is an error of the template, or an attack with aliases. */
const DEPTH_MAX = 100;

/** References to values that live on AWS, as CloudFormation fetches them. */
const DYNAMIC_REFERENCE = /\{\{resolve:[^}]*\}\}/;

/** Makes the resolver of one template. */
export function createResolver(sources: ResolverSources): Resolver {
  const met = new Map<string, boolean | 'computing'>();

  const isMet = (name: string | undefined, owner: string): boolean => {
    if (name === undefined) {
      return true;
    }
    const known = met.get(name);
    if (known === 'computing') {
      throw new TemplateError(`Conditions.${name}`, 'refers to itself');
    }
    if (known !== undefined) {
      return known;
    }
    if (!sources.conditions.has(name)) {
      throw new TemplateError(owner, `there is no condition ${name}`);
    }
    met.set(name, 'computing');
    const result = evaluateCondition(sources.conditions.get(name), `Conditions.${name}`, { isMet, resolve });
    met.set(name, result);
    return result;
  };

  const resolve = (value: unknown, owner: string): unknown => visit(value, owner, 0);

  const visit = (value: unknown, owner: string, depth: number): unknown => {
    if (depth > DEPTH_MAX) {
      throw new TemplateError(owner, `is nested more than ${DEPTH_MAX} levels deep`);
    }
    if (typeof value === 'string') {
      return visitText(value, owner);
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const inner = (part: unknown) => visit(part, owner, depth + 1);
    if (Array.isArray(value)) {
      return value.map(inner).filter((part) => part !== ABSENT);
    }
    const entries = Object.entries(value);
    const [name = '', argument] = entries.length === 1 ? (entries[0] ?? []) : [];
    const evaluation: Evaluation = {
      owner,
      argument,
      sources,
      resolve: inner,
      isMet: (key) => isMet(key, owner),
    };
    if (name === 'Ref') {
      return resolveReference(evaluation);
    }
    if (!name.startsWith('Fn::')) {
      return Object.fromEntries(
        entries.map(([key, part]) => [key, inner(part)] as const).filter(([, part]) => part !== ABSENT),
      );
    }
    const compute = FUNCTIONS.get(name);
    if (compute !== undefined) {
      return compute(evaluation);
    }
    sources.report(owner, `${name} is not emulated`);
    return ABSENT;
  };

  const visitText = (text: string, owner: string): unknown => {
    const reference = DYNAMIC_REFERENCE.exec(text)?.[0];
    if (reference === undefined) {
      return text;
    }
    sources.report(owner, `the dynamic reference ${reference} is not emulated`);
    return ABSENT;
  };

  return { resolve, isMet };
}
