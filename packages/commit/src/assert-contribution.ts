import type { Contribution } from '@oncefold/reducer';
import type { Sum } from './effect.ts';
import { StrategyError } from './errors.ts';

/** As much of a measure's name as a message shows. */
const SHOWN_MAX = 80;

/**
 * Refuses what is no contribution, whatever an effect makes of it.
 *
 * @param recordIndex - the record's place in the batch, for errors
 * @throws {@link StrategyError} naming the record and what came, when it is no Map, a key is no text or a value no decimal
 */
export function assertContribution(
  contribution: unknown,
  recordIndex: number,
): asserts contribution is Contribution<Sum> {
  const refuse = (what: string, came: unknown, key?: string): never => {
    throw new StrategyError(`record ${recordIndex}${what}, not ${nameKind(came)}`, { recordIndex, key });
  };
  if (!(contribution instanceof Map)) {
    return refuse(
      ': contribution must be a Map from aggregate key to decimal or measures, or a list of these',
      contribution,
    );
  }
  for (const [key, value] of contribution as ReadonlyMap<unknown, unknown>) {
    if (typeof key !== 'string') {
      return refuse(': an aggregate key must be text', key);
    }
    if (typeof value === 'bigint') {
      continue;
    }
    if (!isPlainObject(value)) {
      const what =
        'the value under a key must be a decimal of parseDecimal, or measures of the add of an aggregateTable';
      return refuse(`: ${what}`, value, key);
    }
    for (const [name, measure] of Object.entries(value)) {
      if (typeof measure !== 'bigint') {
        refuse(
          `, measure ${JSON.stringify(name.slice(0, SHOWN_MAX))}: the value must be a decimal of parseDecimal`,
          measure,
          key,
        );
      }
    }
  }
}

/** Names what came in place of the right type, for messages, which never hold values. */
export function nameKind(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  if (typeof value === 'object') {
    return `an object (${value.constructor?.name ?? 'without a prototype'})`;
  }
  return `a ${typeof value}`;
}

/** Maps, lists and instances of classes are objects, too, and none of these. */
export function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
