import { statSync } from 'node:fs';
import { addFaults, type FaultSettings, FaultSettingsError } from '@oncefold/local-runtime';
import { InvalidArgumentError } from 'commander';
import { parseParameterOverrides } from '../sam-config/parse-parameter-overrides.ts';

/** Most messages that one demonstration takes: their truth is held in memory. */
const MESSAGES_MAX = 1_000_000;
/** Generators of random numbers take 32 bits, one of them for the sign. */
const SEED_MAX = 2 ** 31 - 1;

/** Reads a number of messages. */
export const parseMessageCount: (text: string) => number = parseWholeNumber(1, MESSAGES_MAX);

export const parseSeed: (text: string) => number = parseWholeNumber(0, SEED_MAX);

/**
 * Reads a whole number within a range.
 *
 * @param least - the lowest that is allowed, from 0
 * @param most - the highest that is allowed, of at most ten digits
 */
export function parseWholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** Reads the address of an engine. */
export function parseEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new InvalidArgumentError('It must be a URL such as http://127.0.0.1:8000.');
  }
  return text.replace(/\/+$/, '');
}

export function isRegion(text: string): boolean {
  return /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/.test(text);
}

/** Reads the name of an AWS region. */
export function parseRegion(text: string): string {
  if (!isRegion(text)) {
    throw new InvalidArgumentError('It must be a region such as eu-west-1.');
  }
  return text;
}

/** Reads the name of a folder that is there. */
export function parseFolder(text: string): string {
  if (statSync(text, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new InvalidArgumentError('There is no such folder.');
  }
  return text;
}

/**
 * Reads values of the template's parameters and adds them to those read before.
 *
 * A shell gives one at a time; in quotes, the SAM CLI takes several as one text.
 */
export function collectParameter(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const values = parseValues(text);
  const twice = Object.keys(values).find((name) => Object.hasOwn(before, name));
  if (twice !== undefined) {
    throw new InvalidArgumentError(`The parameter ${twice} is given twice.`);
  }
  return { ...before, ...values };
}

function parseValues(text: string): Readonly<Record<string, string>> {
  // A value of several lines is one value: its lines may look like parameters.
  const several = text.includes('\n') ? undefined : parseParameterOverrides(text);
  if (several !== undefined && Object.keys(several).length > 0) {
    return several;
  }
  const [, name, value] =
    /^ParameterKey=([A-Za-z0-9]+),ParameterValue=(.*)$/s.exec(text) ??
    /^([A-Za-z0-9]+)=(.*)$/s.exec(text) ??
    [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('It must have the form Name=value.');
  }
  return { [name]: value };
}

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
 * @returns the names, at least one
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

/**
 * Reads names with commas between them.
 *
 * @param known - all names that are allowed
 * @returns the names, in the order of the known ones
 */
export function parseNames<Name extends string>(text: string, known: readonly Name[]): readonly Name[] {
  const given = text.split(',').map((name) => name.trim());
  const unknown = given.find((name) => !known.some((code) => code === name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`It must be some of ${known.join(',')}.`);
  }
  if (new Set(given).size !== given.length) {
    throw new InvalidArgumentError('A name is given twice.');
  }
  return known.filter((code) => given.includes(code));
}
