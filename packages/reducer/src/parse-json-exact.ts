import {
  cutItems,
  cutMembers,
  decodeString,
  type JsonKind,
  type JsonToken,
  readJsonValue,
} from './json-members.ts';
import { nameType } from './name-type.ts';

const ROOT = '$';

/** Names that a JSONPath (RFC 9535) may have behind a dot; others stand in brackets. */
const SHORT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Why a JSON text, or a value in it, is refused. */
export type ExactJsonErrorCode = 'not-text' | 'broken-json' | 'duplicate-name' | 'missing' | 'wrong-type';

/** Says what is wrong with a JSON text and where; the message holds names that the program asked for, never values. */
export class ExactJsonError extends Error {
  override readonly name = 'ExactJsonError';
  readonly code: ExactJsonErrorCode;
  /** Where it is, as a JSONPath: `$.lines[0].price`. A name that the program did not ask for is a `*`. */
  readonly path: string;

  constructor(code: ExactJsonErrorCode, path: string, finding: string) {
    super(`The JSON is refused at ${path}: ${code}. ${finding}`);
    this.code = code;
    this.path = path;
  }
}

/**
 * One value of a JSON text as it was written; what it holds is read on demand, and refused where it is not as asked.
 *
 * An object's names are checked when it is first read, so a name given twice in a part that nobody reads does no harm.
 */
export class ExactJson {
  readonly kind: JsonKind;
  /** The value's exact JSON text. */
  readonly source: string;
  readonly #path: string;
  #members: ReadonlyMap<string, JsonToken> | undefined;

  /** Made by {@link parseJsonExact} and the methods here, from text that is known to be valid. */
  constructor({ kind, source }: JsonToken, path: string) {
    this.kind = kind;
    this.source = source;
    this.#path = path;
  }

  /**
   * Takes a member that must be there.
   *
   * @param name - name of the member; it may be part of an error's message
   * @throws {@link ExactJsonError} when this is no object, names a member twice, or has none of this name
   */
  get(name: string): ExactJson {
    const member = this.find(name);
    if (member === undefined) {
      throw new ExactJsonError('missing', memberPath(this.#path, name), 'Use find where it may be absent.');
    }
    return member;
  }

  /**
   * Takes a member that may be absent; one that is null is there, and its kind is `null`.
   *
   * @param name - name of the member; it may be part of an error's message
   * @returns the member, or `undefined`
   * @throws {@link ExactJsonError} when this is no object, or names a member twice
   */
  find(name: string): ExactJson | undefined {
    const token = this.#readMembers().get(name);
    return token && new ExactJson(token, memberPath(this.#path, name));
  }

  /**
   * Takes all members in the order of the text; `__proto__` is a name like any other.
   *
   * @throws {@link ExactJsonError} when this is no object, or names a member twice
   */
  members(): ReadonlyMap<string, ExactJson> {
    const members = [...this.#readMembers()].map(
      ([name, token]) => [name, new ExactJson(token, `${this.#path}.*`)] as const,
    );
    return new Map(members);
  }

  /**
   * Takes the items of an array.
   *
   * @throws {@link ExactJsonError} when this is no array
   */
  items(): readonly ExactJson[] {
    this.#expect('array');
    return cutItems(this.source).map((token, index) => new ExactJson(token, `${this.#path}[${index}]`));
  }

  /**
   * Decodes a string, which may hold lone surrogates.
   *
   * @throws {@link ExactJsonError} when this is no string
   */
  text(): string {
    this.#expect('string');
    return decodeString(this);
  }

  /**
   * Gives a number's text to the digit, for `parseDecimal`.
   *
   * @throws {@link ExactJsonError} when this is no number
   */
  numberText(): string {
    this.#expect('number');
    return this.source;
  }

  /**
   * Reads true or false.
   *
   * @throws {@link ExactJsonError} when this is neither
   */
  boolean(): boolean {
    this.#expect('boolean');
    return this.source === 'true';
  }

  #readMembers(): ReadonlyMap<string, JsonToken> {
    if (this.#members === undefined) {
      this.#expect('object');
      const json = cutMembers(this.source);
      if (json.code === 'invalid') {
        throw new ExactJsonError('duplicate-name', this.#path, 'Give each name of an object once.');
      }
      this.#members = json.members;
    }
    return this.#members;
  }

  #expect(kind: JsonKind): void {
    if (this.kind !== kind) {
      throw new ExactJsonError(
        'wrong-type',
        this.#path,
        `It must be of kind ${kind}, but is of kind ${this.kind}.`,
      );
    }
  }
}

/**
 * Reads JSON without losing a digit, a name or the order: numbers keep their text, where `JSON.parse` makes binary
 * floats of them.
 *
 * @param text - the JSON text; bytes must be decoded before
 * @returns the one value of the text
 * @throws {@link ExactJsonError} when the text is no text or no JSON
 *
 * @example
 * ```ts
 * import { formatDecimal, parseDecimal, parseJsonExact } from '@oncefold/reducer';
 *
 * const order = parseJsonExact('{"shelf": "A7", "lines": [{"price": 12345678901234567.89}]}');
 * order.get('shelf').text(); // A7
 * for (const line of order.get('lines').items()) {
 *   formatDecimal(parseDecimal(line.get('price').numberText())); // 12345678901234567.89
 * }
 * ```
 */
export function parseJsonExact(text: string): ExactJson {
  if (typeof text !== 'string') {
    throw new ExactJsonError(
      'not-text',
      ROOT,
      `It is ${nameType(text)}: give the JSON text, and decode bytes before.`,
    );
  }
  const token = readJsonValue(text);
  if (token === undefined) {
    throw new ExactJsonError('broken-json', ROOT, 'It is no JSON text: quarantine the record.');
  }
  return new ExactJson(token, ROOT);
}

function memberPath(path: string, name: string): string {
  return SHORT_NAME.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}
