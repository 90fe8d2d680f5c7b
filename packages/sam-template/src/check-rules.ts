import { z } from 'zod';
import { evaluateCondition } from './conditions.ts';
import { checkShape } from './raw-template.ts';
import type { Resolver } from './resolver.ts';
import { TemplateError } from './template-error.ts';

const rule = z.object({
  RuleCondition: z.unknown().optional(),
  Assertions: z
    .array(z.object({ Assert: z.unknown(), AssertDescription: z.string().optional() }))
    .min(1, 'has no assertion'),
});

/**
 * Checks the rules of a template, which CloudFormation does before it makes anything: they say which values of parameters do
 * not go together.
 *
 * What cannot be computed here, such as a function that only rules have, is reported: the rule is then not checked.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
 * @throws {@link TemplateError} with the description of the assertion that does not hold
 */
export function checkRules(
  rules: ReadonlyMap<string, unknown>,
  resolver: Resolver,
  report: (rule: string, what: string) => void,
): void {
  for (const [name, value] of rules) {
    const where = `Rules.${name}`;
    const { RuleCondition, Assertions } = checkShape(rule, value, where);
    const holds = (condition: unknown): boolean | undefined => {
      try {
        return evaluateCondition(condition, where, resolver);
      } catch (error) {
        if (error instanceof TemplateError) {
          report(name, `the rule cannot be checked here: ${error.problem}`);
          return undefined;
        }
        throw error;
      }
    };
    if (RuleCondition !== undefined && holds(RuleCondition) !== true) {
      continue;
    }
    for (const { Assert, AssertDescription } of Assertions) {
      if (holds(Assert) === false) {
        throw new TemplateError(
          where,
          AssertDescription ?? 'the values of the parameters do not go together',
        );
      }
    }
  }
}
