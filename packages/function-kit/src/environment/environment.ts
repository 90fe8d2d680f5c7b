/** An environment variable is missing or wrong: the function cannot start. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly code = 'invalid-environment';
}

/** Reads checked values from environment variables; an empty one is absent. Every failure names the variable and never its value. */
export interface Environment {
  text(name: string): string;
  optionalText(name: string): string | undefined;
  integer(name: string, range: { min: number; max: number }): number;
  optionalInteger(name: string, range: { min: number; max: number }): number | undefined;
  /** Exactly `true` or `false`; absent is false. */
  flag(name: string): boolean;
  /** One of the given words; absent is the first of them. */
  choice<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word;
}

/**
 * Makes the reader of an environment.
 *
 * @returns the reader, whose methods throw {@link EnvironmentError}
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
  const required = <Value>(name: string, value: Value | undefined): Value => {
    if (value === undefined) {
      throw new EnvironmentError(`${name} is not set`);
    }
    return value;
  };
  return {
    text: (name) => required(name, nonEmpty(name)),
    optionalText: nonEmpty,
    integer: (name, range) => required(name, optionalInteger(name, range)),
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
