import type { Resolver } from './resolver.ts';
import { TemplateError } from './template-error.ts';
import { Unknown } from './unknown.ts';

export function evaluateCondition(
  expression: unknown,
  where: string,
  resolver: Pick<Resolver, 'compute' | 'isMet'>,
): boolean {
  const entries = typeof expression === 'object' && expression !== null ? Object.entries(expression) : [];
  const [name, argument] = entries[0] ?? [];
  if (name === undefined || entries.length !== 1) {
    throw new TemplateError(where, 'is not a condition');
  }
  const operands = (min: number, max: number): unknown[] => {
    if (!Array.isArray(argument) || argument.length < min || argument.length > max) {
      throw new TemplateError(where, `${name} takes a list of ${min === max ? min : `${min} to ${max}`}`);
    }
    return argument;
  };
  const holds = (operand: unknown) => evaluateCondition(operand, where, resolver);
  switch (name) {
    case 'Condition':
      return resolver.isMet(String(argument), where);
    case 'Fn::Equals': {
      const [left, right] = operands(2, 2).map((operand) =>
        comparable(resolver.compute(operand, where), where),
      );
      return left === right;
    }
    case 'Fn::Not':
      return !operands(1, 1).every(holds);
    case 'Fn::And':
      return operands(2, 10).every(holds);
    case 'Fn::Or':
      return operands(2, 10).some(holds);
    default:
      throw new TemplateError(where, `${name} is not a condition function`);
  }
}

/** CloudFormation compares text: the number 1 equals the text '1'. */
function comparable(value: unknown, where: string): string {
  if (value instanceof Unknown) {
    throw new TemplateError(where, `compares a value that is not known here: ${value.what}; ${value.remedy}`);
  }
  if (typeof value === 'symbol') {
    throw new TemplateError(where, 'compares AWS::NoValue, which is no value');
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
