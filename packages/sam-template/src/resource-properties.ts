import type { z } from 'zod';
import { ABSENT } from './absent.ts';
import { checkShape, type RawResource } from './raw-template.ts';
import type { Resolver } from './resolver.ts';

/** Which properties of a type of resource are read here, and which need no counterpart on one machine. */
export interface PropertyRules<S extends z.ZodType> {
  /** Shape of the properties that are read. */
  readonly schema: S;
  readonly read: readonly string[];
  /** Rights, encryption, backups, labels: without a meaning where everything is local and ends with the command. */
  readonly withoutLocalMeaning: readonly string[];
}

/** What a reader of resources works with. */
export interface ReadingContext {
  readonly resolver: Resolver;
  readonly nameOf: (logicalId: string) => string;
  readonly report: (logicalId: string, what: string) => void;
}

/**
 * Resolves and checks the properties of a resource or of one of its events.
 *
 * Only what is read is resolved: a policy may refer to things that do not exist here.
 */
export function readProperties<S extends z.ZodType>(
  options: {
    properties: RawResource['properties'];
    logicalId: string;
    where: string;
    rules: PropertyRules<S>;
  },
  { resolver, report }: Pick<ReadingContext, 'resolver' | 'report'>,
): z.output<S> {
  const { properties, logicalId, where, rules } = options;
  const resolved: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (rules.read.includes(name)) {
      const result = resolver.resolve(value, logicalId);
      if (result !== ABSENT) {
        resolved[name] = result;
      }
    } else if (!rules.withoutLocalMeaning.includes(name)) {
      report(logicalId, `the property ${name} is not emulated`);
    }
  }
  return checkShape(rules.schema, resolved, where);
}
