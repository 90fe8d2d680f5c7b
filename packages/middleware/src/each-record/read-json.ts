import {
  DecimalError,
  type ExactJson,
  ExactJsonError,
  HierarchyError,
  KeyPatternError,
  parseJsonExact,
  TimeBucketError,
} from '@oncefold/reducer';
import { InvalidRecordError } from './invalid-record-error.ts';

/** Deepest nesting of objects and arrays; what a schema describes is a few levels deep. */
const DEPTH_MAX = 100;

/** What no content of a record makes, but a defect of the function: it must stop, and not quarantine a whole stream. */
const OF_PROGRAM: ReadonlySet<string> = new Set(['wrong-type', 'not-text', 'not-a-decimal']);

/** Longer numbers are refused unread; no JavaScript number needs so many characters but for idle zeros and far exponents. */
const NUMBER_LENGTH_MAX = 256;

/** How a schema is given the numbers of a JSON text. */
export type NumberForm = 'exact' | 'text';

/**
 * Decodes bytes to a JSON value that loses no digit, name or order.
 *
 * @throws {@link InvalidRecordError} when they are no UTF-8
 * @throws {@link ExactJsonError} when they are no JSON
 */
export function readJson(bytes: Uint8Array): ExactJson {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidRecordError('broken-utf8');
  }
  return parseJsonExact(text);
}

/**
 * Makes plain values of a JSON value, as a schema takes them.
 *
 * @param numbers - `text`: each number as it was written; otherwise a JavaScript number where it says exactly that
 * @throws {@link InvalidRecordError} when a number is not exact, or the value is nested too deeply
 * @throws {@link ExactJsonError} when an object names a member twice
 */
export function toPlain(json: ExactJson, numbers: NumberForm | undefined, depth = 0): unknown {
  if (depth > DEPTH_MAX) {
    throw new InvalidRecordError('too-deep');
  }
  switch (json.kind) {
    case 'object': {
      const plain = [...json.members()].map(([name, member]) => [name, toPlain(member, numbers, depth + 1)]);
      // Not by assignment: __proto__ is a name like any other.
      return Object.fromEntries(plain);
    }
    case 'array':
      return json.items().map((item) => toPlain(item, numbers, depth + 1));
    case 'string':
      return json.text();
    case 'boolean':
      return json.boolean();
    case 'null':
      return null;
    case 'number':
      return numbers === 'text' ? json.numberText() : exactNumber(json.numberText());
  }
}

function exactNumber(text: string): number {
  const value = text.length > NUMBER_LENGTH_MAX ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || digitsOf(String(value)) !== digitsOf(text)) {
    throw new InvalidRecordError('inexact-number');
  }
  return value;
}

/** A number's significant digits and exponent: equal for every spelling of one decimal. */
function digitsOf(text: string): string {
  const parts = /(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?/;
  return text.replace(parts, (_, sign: string, whole: string, fraction = '', exponent = '0') => {
    const digits = `${whole}${fraction}`;
    const trimmed = digits.replace(/^0+/, '');
    // Not /0+$/, which would try every run of zeros again.
    const significant = trimmed.replace(/((?:0*[1-9])*)0*/, '$1');
    const power = Number(exponent) - fraction.length + trimmed.length;
    return significant === '' ? '0' : `${sign}${significant}e${power}`;
  });
}

/** What the errors of reading say of a record; undefined for any other error. */
export function refusalOf(error: unknown): { readonly reason: string; readonly detail: string } | undefined {
  if (error instanceof InvalidRecordError) {
    return { reason: error.reason, detail: error.detail };
  }
  if (error instanceof ExactJsonError) {
    return { reason: error.code, detail: error.path };
  }
  if (error instanceof DecimalError && !OF_PROGRAM.has(error.code)) {
    return { reason: 'invalid-decimal', detail: error.code };
  }
  const isSegment = error instanceof HierarchyError && error.code === 'bad-segment';
  if ((error instanceof KeyPatternError && error.code !== 'wrong-type') || isSegment) {
    return { reason: 'invalid-key', detail: error.code };
  }
  // A unit or a time zone that does not exist is a defect of the function.
  const isTime =
    error instanceof TimeBucketError && (error.code === 'bad-date' || error.code === 'out-of-range');
  return isTime ? { reason: 'invalid-time', detail: error.code } : undefined;
}
