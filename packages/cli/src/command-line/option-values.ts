import { addFaults, type FaultSettings, FaultSettingsError } from '@oncefold/local-runtime';
import { InvalidArgumentError } from 'commander';

/** Most messages that one demonstration takes: their truth is held in memory. */
const messagesMax = 1_000_000;
/** Generators of random numbers take 32 bits, one of them for the sign. */
const seedMax = 2 ** 31 - 1;

/**
 * Reads a number of messages.
 *
 * @param text - What was typed.
 * @returns A whole number, 1 to 1,000,000.
 * @throws `InvalidArgumentError` when it is none.
 */
export function parseMessageCount(text: string): number {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > messagesMax) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 1000000.');
  }
  return count;
}

/**
 * Reads a seed.
 *
 * @param text - What was typed.
 * @returns A whole number, 0 to 2,147,483,647.
 * @throws `InvalidArgumentError` when it is none.
 */
export function parseSeed(text: string): number {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seed <= seedMax)) {
    throw new InvalidArgumentError(`It must be a whole number from 0 to ${seedMax}.`);
  }
  return seed;
}

/**
 * Reads the address of an engine.
 *
 * @param text - What was typed.
 * @returns The address, without a slash at its end.
 * @throws `InvalidArgumentError` when it is no http or https URL.
 */
export function parseEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new InvalidArgumentError('It must be a URL such as http://127.0.0.1:8000.');
  }
  return text.replace(/\/+$/, '');
}

/**
 * Reads one parameter of the template and adds it to those read before.
 *
 * @param text - What was typed, `Name=value`; the value may be empty and may hold further equals signs.
 * @param before - The parameters that were read before it.
 * @returns All parameters.
 * @throws `InvalidArgumentError` when it has no name, or the name was given before.
 */
export function collectParameter(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, value] = /^([A-Za-z0-9]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('It must have the form Name=value.');
  }
  if (Object.hasOwn(before, name)) {
    throw new InvalidArgumentError(`The parameter ${name} is given twice.`);
  }
  return { ...before, [name]: value };
}

/**
 * Reads faults and adds them to those read before.
 *
 * @param text - What was typed: `kind=chance` with commas between.
 * @param before - The faults that were read before.
 * @returns All faults.
 * @throws `InvalidArgumentError` when one of them is none.
 */
export function collectFaults(text: string, before?: FaultSettings): FaultSettings {
  try {
    return addFaults(text, before);
  } catch (error) {
    if (!(error instanceof FaultSettingsError)) {
      throw error;
    }
    throw new InvalidArgumentError(`${error.message}.`);
  }
}

/**
 * Reads the dimensions of a hierarchy.
 *
 * @param text - What was typed: names with commas between them.
 * @returns The names, at least one.
 * @throws `InvalidArgumentError` when a name is empty.
 */
export function parseDimensions(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) {
    throw new InvalidArgumentError(
      'It must be names with commas between them, such as RiskType,TradeDesk,Region.',
    );
  }
  return names;
}
