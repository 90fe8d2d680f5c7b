import { ABSENT } from './absent.ts';
import { evaluateCondition } from './conditions.ts';
import { type Evaluation, FUNCTIONS, resolveReference } from './intrinsics.ts';
import type { ParameterSource } from './resolve-parameters.ts';
import { TemplateError } from './template-error.ts';

/** Everything that a function in a template may refer to. */
export interface ResolverSources {
  readonly parameters: ParameterSource;
  /** Such as `AWS::Region`. */
  readonly pseudoParameters: ReadonlyMap<string, string>;
  readonly mappings: ReadonlyMap<string, unknown>;
  readonly conditions: ReadonlyMap<string, unknown>;
  /** `Ref` of a resource. */
  readonly reference: (logicalId: string, owner: string) => unknown;
  /** `Fn::GetAtt` of a resource. */
  readonly attribute: (logicalId: string, name: string, owner: string) => unknown;
  /** Told of what only AWS could compute. */
  readonly report: (logicalId: string, what: string) => void;
}

/** Computes the values of a template. */
export interface Resolver {
  /**
   * Computes a value and all that is in it. Members of maps and lists that turn out absent are left out.
   *
   * @param value - the value, with functions
   * @param owner - logical id of the resource that it belongs to, for messages
   * @throws {@link TemplateError} when CloudFormation would refuse it
   */
  resolve(value: unknown, owner: string): unknown;
  /**
   * Computes a condition.
   *
   * @param name - its name in the section Conditions; absent is true
   * @param owner - as for `resolve`
   * @throws {@link TemplateError} when there is no such condition or it refers to itself
   */
  isMet(name: string | undefined, owner: string): boolean;
}

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
