import type { InducedFailuresOptions } from './induced-failures.ts';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string' && value.length > 0;
const isFunction: Check = (value) => typeof value === 'function';

/** What each option must be; the text completes "must be …". */
const checks: Record<keyof InducedFailuresOptions, { must: string; check: Check; optional?: true }> = {
  parameter: { must: 'a text that is not empty', check: isText },
  table: { must: 'a text that is not empty', check: isText },
  client: {
    must: 'a DynamoDB client',
    check: (value) =>
      typeof value === 'object' && value !== null && 'send' in value && isFunction(value.send),
  },
  seed: { must: 'a safe integer', check: Number.isSafeInteger, optional: true },
  now: { must: 'a function', check: isFunction, optional: true },
  cache_ms: {
    must: 'an integer from 0 to 60000',
    check: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 60_000,
    optional: true,
  },
};

/**
 * Refuses options that are missing, unknown or out of range, so that a typing error does not switch failures off.
 *
 * @param options - what the caller passed
 * @throws TypeError that names the option
 */
export function checkOptions(options: InducedFailuresOptions): void {
  const given = new Map<string, unknown>(Object.entries(options));
  for (const name of given.keys()) {
    if (!Object.hasOwn(checks, name)) {
      throw new TypeError(`inducedFailures has no option "${name}".`);
    }
  }
  for (const [name, { must, check, optional }] of Object.entries(checks)) {
    const value = given.get(name);
    if (value === undefined && optional) {
      continue;
    }
    if (!check(value)) {
      throw new TypeError(`The option "${name}" of inducedFailures must be ${must}.`);
    }
  }
}
