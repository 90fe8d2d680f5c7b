import { ABSENT } from './absent.ts';
import { evaluateCondition } from './conditions.ts';
import type { Evaluation } from './evaluation.ts';
import { asIntrinsic } from './intrinsic-form.ts';
import { FUNCTIONS, resolveReference } from './intrinsics.ts';
import type { Resolver, ResolverSources } from './resolver.ts';
import { TemplateError } from './template-error.ts';
import { Unknown } from './unknown.ts';
import { withoutUnknown } from './without-unknown.ts';

/** Deeper nesting than this is an error of the template, or an attack with aliases. */
const DEPTH_MAX = 100;

/** References to values that live on AWS, as CloudFormation fetches them. */
const DYNAMIC_REFERENCE = /\{\{resolve:[^}]*\}\}/;

const TRANSFORM = 'Fn::Transform';

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
    const result = evaluateCondition(sources.conditions.get(name), `Conditions.${name}`, { isMet, compute });
    met.set(name, result);
    return result;
  };

  const compute = (value: unknown, owner: string): unknown => visit(value, owner, 0);

  const visit = (value: unknown, owner: string, depth: number): unknown => {
    if (depth > DEPTH_MAX) {
      throw new TemplateError(owner, `is nested more than ${DEPTH_MAX} levels deep`);
    }
    if (typeof value === 'string') {
      const reference = DYNAMIC_REFERENCE.exec(value)?.[0];
      return reference === undefined
        ? value
        : new Unknown(`the dynamic reference ${reference} is not emulated`);
    }
    if (typeof value !== 'object' || value === null || value instanceof Unknown) {
      return value;
    }
    if (Array.isArray(value)) {
      return value
        .map((part, index) => visit(part, `${owner}.${index}`, depth + 1))
        .filter((part) => part !== ABSENT);
    }
    const intrinsic = asIntrinsic(value);
    return intrinsic === undefined
      ? visitMap(value as Readonly<Record<string, unknown>>, owner, depth)
      : evaluate(intrinsic, owner, depth);
  };

  const visitMap = (value: Readonly<Record<string, unknown>>, owner: string, depth: number): unknown => {
    const entries: [string, unknown][] = [];
    for (const [key, part] of Object.entries(value)) {
      if (key === TRANSFORM) {
        sources.report(owner, `${TRANSFORM} is not emulated`);
        continue;
      }
      const computed = visit(part, `${owner}.${key}`, depth + 1);
      if (computed !== ABSENT) {
        entries.push([key, computed]);
      }
    }
    return Object.fromEntries(entries);
  };

  const evaluate = ([name, argument]: readonly [string, unknown], owner: string, depth: number): unknown => {
    const evaluation: Evaluation = {
      owner,
      argument,
      sources,
      resolve: (part) => visit(part, owner, depth + 1),
      isMet: (key) => isMet(key, owner),
    };
    if (name === 'Ref') {
      return resolveReference(evaluation);
    }
    const support = FUNCTIONS.get(name);
    if (support === undefined) {
      return new Unknown(`${name} is not emulated`);
    }
    if (support.needsLanguageExtensions === true && !sources.hasLanguageExtensions) {
      throw new TemplateError(owner, `${name} needs \`Transform: AWS::LanguageExtensions\``);
    }
    return support.compute(evaluation);
  };

  return {
    compute,
    choose: (value, owner) => choose(value, owner, isMet),
    isMet,
    resolve: (value, owner) => withoutUnknown(compute(value, owner), owner, sources.report),
  };
}

/** Follows `Fn::If` without computing what it chooses. */
function choose(value: unknown, owner: string, isMet: Resolver['isMet']): unknown {
  let chosen = value;
  for (let depth = 0; depth <= DEPTH_MAX; depth += 1) {
    const [name, argument] = asIntrinsic(chosen) ?? [];
    if (name === 'Ref' && argument === 'AWS::NoValue') {
      return ABSENT;
    }
    if (name !== 'Fn::If' || !Array.isArray(argument) || argument.length !== 3) {
      return chosen;
    }
    const [condition, whenMet, otherwise]: unknown[] = argument;
    chosen = isMet(String(condition), owner) ? whenMet : otherwise;
  }
  throw new TemplateError(owner, `is nested more than ${DEPTH_MAX} levels deep`);
}
