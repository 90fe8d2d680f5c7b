/** An environment variable is missing or wrong: the function cannot start. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly code = 'invalid-environment';
  readonly retryable = false;
}

/** Reads checked values from environment variables. Every failure names the variable and never its value. */
export interface Environment {
  /** Text that must be there and not empty. */
  text(name: string): string;
  /** Text, or undefined where the variable is absent or empty. */
  optionalText(name: string): string | undefined;
  /** A whole number that must be there. */
  integer(name: string, range: { min: number; max: number }): number;
  /** A whole number, or undefined where the variable is absent or empty. */
  optionalInteger(name: string, range: { min: number; max: number }): number | undefined;
  /** Exactly `true` or `false`; absent or empty is false. */
  flag(name: string): boolean;
  /** One of the given words; absent or empty is the first of them. */
  choice<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word;
}

/**
 * Makes the reader of an environment.
 *
 * @param variables - usually `process.env`
 * @throws {@link EnvironmentError} from each reading that fails
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const nonEmpty = (name: string): string | undefined =>
    variables[name] === '' ? undefined : variables[name];
  const optionalInteger = (name: string, range: { min: number; max: number }): number | undefined => {
    const value = nonEmpty(name);
    if (value === undefined) {
      return undefined;
    }
    const number = /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= range.min && number <= range.max)) {
      throw new EnvironmentError(`${name} must be a whole number from ${range.min} to ${range.max}`);
    }
    return number;
  };
  const missing = (name: string): EnvironmentError => new EnvironmentError(`${name} is not set`);
  return {
    text: (name) => {
      const value = nonEmpty(name);
      if (value === undefined) {
        throw missing(name);
      }
      return value;
    },
    optionalText: nonEmpty,
    integer: (name, range) => {
      const number = optionalInteger(name, range);
      if (number === undefined) {
        throw missing(name);
      }
      return number;
    },
    optionalInteger,
    flag: (name) => {
      const value = nonEmpty(name) ?? 'false';
      if (value !== 'true' && value !== 'false') {
        throw new EnvironmentError(`${name} must be true or false`);
      }
      return value === 'true';
    },
    choice: (name, words) => {
      const value = nonEmpty(name) ?? words[0];
      const word = words.find((candidate) => candidate === value);
      if (word === undefined) {
        throw new EnvironmentError(`${name} must be one of ${words.join(', ')}`);
      }
      return word;
    },
  };
}
