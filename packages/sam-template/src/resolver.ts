import type { ParameterSource } from './resolve-parameters.ts';

/** Everything that a function in a template may refer to. */
export interface ResolverSources {
  readonly parameters: ParameterSource;
  /** Such as `AWS::Region`. */
  readonly pseudoParameters: ReadonlyMap<string, string>;
  readonly mappings: ReadonlyMap<string, unknown>;
  readonly conditions: ReadonlyMap<string, unknown>;
  /** Whether the template declares AWS::LanguageExtensions. */
  readonly hasLanguageExtensions: boolean;
  /** `Ref` of a resource. */
  readonly reference: (logicalId: string, owner: string) => unknown;
  /** `Fn::GetAtt` of a resource. */
  readonly attribute: (logicalId: string, name: string, owner: string) => unknown;
  /** Told of what only AWS could compute. */
  readonly report: (owner: string, what: string) => void;
}

/**
 * Computes the values of a template.
 *
 * An owner is the place of the value, such as `Resources.Fold.Properties.Timeout`, or only a logical id.
 */
export interface Resolver {
  /**
   * Computes a value and all that is in it. Members of maps and lists that turn out absent are left out, and so is what
   * only AWS could compute, which is reported.
   */
  resolve(value: unknown, owner: string): unknown;
  /** Does the same, and leaves an {@link Unknown} in the place of what only AWS could compute. */
  compute(value: unknown, owner: string): unknown;
  /** Follows `Fn::If` to the value that it chooses, and computes nothing else; absent where that is `AWS::NoValue`. */
  choose(value: unknown, owner: string): unknown;
  /**
   * Computes a condition.
   *
   * @param name - its name in the section Conditions; absent is true
   */
  isMet(name: string | undefined, owner: string): boolean;
}
