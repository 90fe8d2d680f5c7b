import { StrategyError } from './errors.ts';

/**
 * Refuses options that are missing or that nobody reads, so that a misspelt name fails at cold start.
 *
 * @param names.texts - options that are text, and not empty, where they are given
 * @throws {@link StrategyError} naming the owner and the option
 */
export function assertKnownOptions(
  owner: string,
  options: unknown,
  names: {
    readonly known: readonly string[];
    readonly required: readonly string[];
    readonly texts?: readonly string[];
  },
): void {
  const { known, required, texts = [] } = names;
  if (typeof options !== 'object' || options === null) {
    throw new StrategyError(
      `${owner}: the options are missing: ${(required[0] ? required : known).join(', ')}`,
    );
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new StrategyError(`${owner}: there is no option ${name}`);
    }
  }
  const given = options as Record<string, unknown>;
  for (const name of required) {
    if (given[name] === undefined) {
      throw new StrategyError(`${owner}: the option ${name} is missing`);
    }
  }
  for (const name of texts) {
    if (given[name] !== undefined && (typeof given[name] !== 'string' || given[name] === '')) {
      throw new StrategyError(`${owner}: the option ${name} must be text that is not empty`);
    }
  }
}
