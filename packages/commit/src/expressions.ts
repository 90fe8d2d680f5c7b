import type { AttributeValue, Update } from './transaction-port.ts';

/**
 * Longest expression, in bytes; those of this package are ASCII.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const EXPRESSION_BYTES_MAX = 4_096;

/** So many attributes fit into an expression, whatever is done with them. */
const ATTRIBUTES_FITTING = 60;

/**
 * Names and values of one action's expressions. `#attribute` and `:by` are what earlier releases called the only ones that there
 * were: while a release replaces another, a token must find the same request.
 */
export class Placeholders {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, AttributeValue> = {};
  #nameCount = 0;
  #valueCount = 0;

  readonly name = (attribute: string): string => {
    const placeholder = `#attribute${this.#nameCount || ''}`;
    this.#nameCount += 1;
    this.names[placeholder] = attribute;
    return placeholder;
  };

  readonly value = (value: AttributeValue): string => {
    const placeholder = `:by${this.#valueCount || ''}`;
    this.#valueCount += 1;
    this.values[placeholder] = value;
    return placeholder;
  };
}

/** Writes what an update changes in the language of an expression. */
export function formatUpdate(
  { add = {}, set = {}, setIfAbsent = {} }: Pick<Update, 'add' | 'set' | 'setIfAbsent'>,
  { name, value }: Pick<Placeholders, 'name' | 'value'>,
): string {
  const additions = Object.entries(add).map(([attribute, by]) => `${name(attribute)} ${value({ N: by })}`);
  const settings = Object.entries(set).map(([attribute, to]) => `${name(attribute)} = ${value(to)}`);
  const firstSettings = Object.entries(setIfAbsent).map(([attribute, to]) => {
    const placeholder = name(attribute);
    return `${placeholder} = if_not_exists(${placeholder}, ${value(to)})`;
  });
  const clauses = [
    ['ADD', additions],
    ['SET', [...settings, ...firstSettings]],
  ] as const;
  return clauses
    .filter(([, parts]) => parts.length > 0)
    .map(([verb, parts]) => `${verb} ${parts.join(', ')}`)
    .join(' ');
}

/** Says whether an update changes more attributes than one expression takes. */
export function isTooLong(update: Pick<Update, 'add' | 'set' | 'setIfAbsent'>): boolean {
  const { add = {}, set = {}, setIfAbsent = {} } = update;
  const count = [add, set, setIfAbsent].reduce((sum, part) => sum + Object.keys(part).length, 0);
  return count > ATTRIBUTES_FITTING && formatUpdate(update, new Placeholders()).length > EXPRESSION_BYTES_MAX;
}
