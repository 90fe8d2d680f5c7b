import type { ParameterSource } from './resolve-parameters.ts';

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
  /** Computes a value and all that is in it. Members of maps and lists that turn out absent are left out. */
  resolve(value: unknown, owner: string): unknown;
  /**
   * Computes a condition.
   *
   * @param name - its name in the section Conditions; absent is true
   */
  isMet(name: string | undefined, owner: string): boolean;
}
