import { StrategyError } from './errors.ts';

/** Refuses options that are missing or that nobody reads, so that a misspelt name fails at cold start. */
export function assertKnownOptions(
  owner: string,
  options: object,
  names: { readonly known: readonly string[]; readonly required: readonly string[] },
): void {
  for (const name of Object.keys(options)) {
    if (!names.known.includes(name)) {
      throw new StrategyError(`${owner}: there is no option ${name}`);
    }
  }
  for (const name of names.required) {
    if ((options as Record<string, unknown>)[name] === undefined) {
      throw new StrategyError(`${owner}: the option ${name} is missing`);
    }
  }
}
