import { createKeyPattern, formatDecimal, KeyPatternError, toDecimal } from '@oncefold/reducer';
import { StrategyError } from './errors.ts';
import type { AttributeValue, Item } from './transaction-port.ts';

/**
 * How one key attribute is made of parts: a text by a pattern such as `PAGE#{page}`, a number that is the part of a name, or bytes
 * that are.
 */
export type KeyAttribute = string | { readonly N: string } | { readonly B: string };

/** The values of the parts of a key, by name. */
export type PartValues = Readonly<Record<string, string | number | Uint8Array>>;

/** The keys of a table's items as text, as a contribution has them, and back. */
export interface AggregateKeys {
  /** Equal texts mean equal keys. */
  format(parts: PartValues): string;
  /** Reads what `format` wrote. A number is its text. */
  read(text: string): { readonly item: Item; readonly parts: PartValues };
}

/** One key attribute: its text among those of the key, and back. */
interface Codec {
  readonly attribute: string;
  readonly parts: readonly string[];
  format(parts: PartValues): string;
  readItem(text: string): AttributeValue;
  readParts(text: string): PartValues;
}

const PARTITION_KEY_BYTES_MAX = 2_048;
const SORT_KEY_BYTES_MAX = 1_024;

/**
 * Prepares the keys of a table.
 *
 * @param key - the partition key and, where there is one, the sort key
 * @throws {@link StrategyError} when there are none or more than two, or one is not of these forms
 * @throws {@link KeyPatternError} when a pattern cannot be used
 */
export function createAggregateKeys(key: Readonly<Record<string, KeyAttribute>>): AggregateKeys {
  const attributes = typeof key === 'object' && key !== null ? Object.entries(key) : [];
  if (attributes.length < 1 || attributes.length > 2) {
    throw new StrategyError(
      'aggregateTable: key must name the partition key and, after it, the sort key if there is one',
    );
  }
  const codecs = attributes.map(([attribute, form], index) =>
    createCodec(attribute, form, index === 0 ? PARTITION_KEY_BYTES_MAX : SORT_KEY_BYTES_MAX),
  );
  const names = new Set(codecs.flatMap(({ parts }) => parts));
  return {
    format: (parts) => {
      for (const name of Object.keys(parts)) {
        if (!names.has(name)) {
          throw new StrategyError(`aggregateTable: no key attribute has a part ${name}`);
        }
      }
      return JSON.stringify(codecs.map((codec) => codec.format(parts)));
    },
    read: (text) => {
      const texts: readonly string[] = JSON.parse(text);
      return {
        item: Object.fromEntries(
          codecs.map(({ attribute, readItem }, index) => [attribute, readItem(texts[index] as string)]),
        ),
        parts: Object.assign({}, ...codecs.map(({ readParts }, index) => readParts(texts[index] as string))),
      };
    },
  };
}

function createCodec(attribute: string, form: KeyAttribute, bytesMax: number): Codec {
  if (typeof form === 'string') {
    const { parts, format, parse } = createKeyPattern(form, { bytesMax });
    return {
      attribute,
      parts,
      format: (values) => format(values as Readonly<Record<string, string>>),
      readItem: (text) => ({ S: text }),
      // It reads what `format` has written.
      readParts: (text) => parse(text) as PartValues,
    };
  }
  const [type, ...others] = typeof form === 'object' && form !== null ? Object.keys(form) : [];
  const part = (form as Readonly<Record<string, unknown>> | null)?.[type ?? ''];
  if ((type !== 'N' && type !== 'B') || others.length > 0 || typeof part !== 'string' || part === '') {
    throw new StrategyError(
      `aggregateTable: the key ${attribute} must be a pattern of text, { N: part } or { B: part }`,
    );
  }
  return type === 'N' ? numberCodec(attribute, part) : bytesCodec(attribute, part, bytesMax);
}

function numberCodec(attribute: string, part: string): Codec {
  return {
    attribute,
    parts: [part],
    format: (values) => formatDecimal(toDecimal(values[part] as number | string)),
    readItem: (text) => ({ N: text }),
    readParts: (text) => ({ [part]: text }),
  };
}

function bytesCodec(attribute: string, part: string, bytesMax: number): Codec {
  const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
  return {
    attribute,
    parts: [part],
    format: (values) => {
      const value = values[part];
      if (!(value instanceof Uint8Array) || value.byteLength < 1 || value.byteLength > bytesMax) {
        throw new KeyPatternError('too-long', `The part ${part} must be 1 to ${bytesMax} bytes.`);
      }
      return Buffer.from(value).toString('base64');
    },
    readItem: (text) => ({ B: bytesOf(text) }),
    readParts: (text) => ({ [part]: bytesOf(text) }),
  };
}
