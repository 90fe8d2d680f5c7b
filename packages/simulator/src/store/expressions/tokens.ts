import { SimulatedStoreError } from '../simulated-store-error.ts';
import { ValidationFault } from '../validation-fault.ts';

const TOKEN = /\s*(#\w+|:\w+|[A-Za-z_]\w*|<>|<=|>=|[=<>(),+\-.[\]])/y;

/** The tokens of an expression, read from left to right. */
export interface Tokens {
  /** The next token, which stays; undefined at the end. */
  peek(): string | undefined;
  /** Takes the next token. */
  next(): string;
  /** Takes the next token if it is this one; letters may be large or small. */
  take(token: string): boolean;
  /** Takes the next token, which must be this one. */
  expect(token: string): void;
  /** Says that nothing must be left. */
  end(): void;
}

/** Divides an expression of DynamoDB's grammar into tokens. */
export function tokensOf(expression: string): Tokens {
  const tokens = split(expression);
  let index = 0;
  const fail = (): never => {
    throw new ValidationFault(
      `Invalid expression: syntax error near ${JSON.stringify(tokens[index] ?? 'the end')}`,
    );
  };
  const take = (token: string): boolean => {
    const isNext = tokens[index]?.toUpperCase() === token;
    index += isNext ? 1 : 0;
    return isNext;
  };
  return {
    peek: () => tokens[index],
    next: () => tokens[index++] ?? fail(),
    take,
    expect: (token) => {
      if (!take(token)) {
        fail();
      }
    },
    end: () => {
      if (index < tokens.length) {
        fail();
      }
    },
  };
}

function split(expression: string): string[] {
  const tokens: string[] = [];
  const end = expression.trimEnd().length;
  let at = 0;
  while (at < end) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(expression)?.[1];
    if (token === undefined) {
      throw new SimulatedStoreError(
        `The simulated store cannot read the expression ${JSON.stringify(expression)} from character ${at} on.`,
      );
    }
    tokens.push(token);
    at = TOKEN.lastIndex;
  }
  return tokens;
}
