/** Values of a metric, one for each period, oldest first; undefined where there is none. */
export type Series = readonly (number | undefined)[];

/**
 * Evaluates an expression of CloudWatch metric math, with the part of the language that the project's alarms use: numbers, ids,
 * parentheses, `+ - * /`, comparisons, `AND`, `OR`, `FILL`, `DIFF` and `IF` of three.
 *
 * Semantics as documented: an operation on a period without a value has no value, `FILL` fills every period that is asked for, and
 * `DIFF` has none for the first.
 *
 * @param length - number of periods; a number in the expression is a value in each
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws for anything else: an expression that is not understood must not pass a test
 */
export function evaluateMetricMath(
  expression: string,
  series: ReadonlyMap<string, Series>,
  length: number,
): Series {
  const tokens = expression.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|[<>=!]=|[-+*/()<>,]|\S/g) ?? [];
  let at = 0;
  const peek = (): string | undefined => tokens[at];
  const take = (expected?: string): string => {
    const token = tokens[at];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`${expression}: ${expected ?? 'more'} expected at ${token ?? 'its end'}`);
    }
    at += 1;
    return token;
  };

  function readBinary(level: number): Series {
    const operators = OPERATORS[level];
    if (operators === undefined) {
      return readOperand();
    }
    let left = readBinary(level + 1);
    for (;;) {
      const apply = operators.get(peek() ?? '');
      if (apply === undefined) {
        return left;
      }
      take();
      left = pairwise(left, readBinary(level + 1), apply);
    }
  }

  function readOperand(): Series {
    const token = take();
    if (token === '(') {
      const inner = readBinary(0);
      take(')');
      return inner;
    }
    if (/^\d/.test(token)) {
      return Array.from({ length }, () => Number(token));
    }
    if (peek() === '(') {
      return callFunction(token, readArguments());
    }
    const found = series.get(token);
    if (found === undefined) {
      throw new Error(`${expression}: there is no ${token}`);
    }
    return found;
  }

  function readArguments(): Series[] {
    take('(');
    const found = [readBinary(0)];
    while (peek() === ',') {
      take();
      found.push(readBinary(0));
    }
    take(')');
    return found;
  }

  const result = readBinary(0);
  if (at < tokens.length) {
    throw new Error(`${expression}: ${peek()} is not understood`);
  }
  return result;
}

type Operator = (left: number, right: number) => number;

/** Loosest first. */
const OPERATORS: readonly ReadonlyMap<string, Operator>[] = [
  new Map([['OR', (a, b) => Number(a !== 0 || b !== 0)]]),
  new Map([['AND', (a, b) => Number(a !== 0 && b !== 0)]]),
  new Map<string, Operator>([
    ['<', (a, b) => Number(a < b)],
    ['>', (a, b) => Number(a > b)],
    ['<=', (a, b) => Number(a <= b)],
    ['>=', (a, b) => Number(a >= b)],
    ['==', (a, b) => Number(a === b)],
    ['!=', (a, b) => Number(a !== b)],
  ]),
  new Map<string, Operator>([
    ['+', (a, b) => a + b],
    ['-', (a, b) => a - b],
  ]),
  new Map<string, Operator>([
    ['*', (a, b) => a * b],
    ['/', (a, b) => a / b],
  ]),
];

function pairwise(left: Series, right: Series, apply: Operator): Series {
  return left.map((a, index) => {
    const b = right[index];
    return a === undefined || b === undefined ? undefined : apply(a, b);
  });
}

function callFunction(name: string, given: readonly Series[]): Series {
  const [first = [], second = [], third = []] = given;
  switch (`${name} of ${given.length}`) {
    case 'FILL of 2':
      return first.map((value, index) => value ?? second[index]);
    case 'DIFF of 1':
      return pairwise(first, [undefined, ...first], (value, before) => value - before);
    case 'IF of 3':
      return first.map((condition, index) =>
        condition === undefined ? undefined : condition !== 0 ? second[index] : third[index],
      );
    default:
      throw new Error(`${name} of ${given.length} is not understood`);
  }
}
