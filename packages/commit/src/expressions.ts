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

  name(attribute: string): string {
    const placeholder = `#attribute${this.#nameCount || ''}`;
    this.#nameCount += 1;
    this.names[placeholder] = attribute;
    return placeholder;
  }

  value(value: AttributeValue): string {
    const placeholder = `:by${this.#valueCount || ''}`;
    this.#valueCount += 1;
    this.values[placeholder] = value;
    return placeholder;
  }
}

/** Writes what an update changes in the language of an expression. */
export function formatUpdate(
  { add = {}, set = {}, setIfAbsent = {} }: Pick<Update, 'add' | 'set' | 'setIfAbsent'>,
  placeholders: Pick<Placeholders, 'name' | 'value'>,
): string {
  const additions: string[] = [];
  for (const [attribute, by] of Object.entries(add)) {
    additions.push(`${placeholders.name(attribute)} ${placeholders.value({ N: by })}`);
  }
  const settings: string[] = [];
  for (const [attribute, to] of Object.entries(set)) {
    settings.push(`${placeholders.name(attribute)} = ${placeholders.value(to)}`);
  }
  for (const [attribute, to] of Object.entries(setIfAbsent)) {
    const placeholder = placeholders.name(attribute);
    settings.push(`${placeholder} = if_not_exists(${placeholder}, ${placeholders.value(to)})`);
  }
  const clauses = [
    additions.length > 0 && `ADD ${additions.join(', ')}`,
    settings.length > 0 && `SET ${settings.join(', ')}`,
  ];
  return clauses.filter(Boolean).join(' ');
}

/** Says whether an update changes more attributes than one expression takes. */
export function isTooLong(update: Pick<Update, 'add' | 'set' | 'setIfAbsent'>): boolean {
  const { add = {}, set = {}, setIfAbsent = {} } = update;
  const count = Object.keys(add).length + Object.keys(set).length + Object.keys(setIfAbsent).length;
  return count > ATTRIBUTES_FITTING && formatUpdate(update, new Placeholders()).length > EXPRESSION_BYTES_MAX;
}
