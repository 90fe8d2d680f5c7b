import { createEscaping, type Escaping, patternOf, separatorsOf } from './escaping.ts';
import { nameType } from './name-type.ts';
import { isLongerThan } from './utf8.ts';

/** The limit of a DynamoDB partition key; that of a sort key is 1,024. */
const KEY_BYTES_MAX = 2_048;
/** No UTF-16 code unit needs more bytes in UTF-8, so that short keys need not be counted. */
const BYTES_PER_CODE_UNIT_MAX = 3;

const PART_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const BRACES = /\{([^{}]*)\}/g;
const ANY_BRACE = /[{}]/;

/**
 * The names between the braces of a key pattern: `'page' | 'day'` for `'PAGE#{page}#DAY#{day}'`, `string` for a pattern that is
 * not known when the program is compiled.
 */
export type PartsOf<Pattern extends string> = string extends Pattern
  ? string
  : Pattern extends `${string}{${infer Part}}${infer Rest}`
    ? Part | PartsOf<Rest>
    : never;

/** Makes the keys of one pattern, and reads them back; its functions need no `this`. */
export interface KeyPattern<Part extends string = string> {
  /** The names of the parts in the order of the pattern. */
  readonly parts: readonly Part[];
  /**
   * Makes the key of some values; equal keys mean equal values.
   *
   * @throws {@link KeyPatternError} when a value is no text, empty or malformed, or the key is too long
   */
  readonly format: (values: Readonly<Record<Part, string>>) => string;
  /**
   * Makes the text with which the keys of some leading values begin, and no others of this pattern, for `begins_with` in a query.
   *
   * @throws {@link KeyPatternError} as `format` does, when one is unknown, or given behind one that is not, or all are given
   */
  readonly formatPrefix: (values: Readonly<Partial<Record<Part, string>>>) => string;
  /** Reads what `format` wrote; any other text is `undefined`. */
  readonly parse: (text: string) => Record<Part, string> | undefined;
}

/** Why a key pattern cannot be made, or a key cannot be made by it. */
export type KeyPatternErrorCode =
  | 'not-text'
  | 'empty-pattern'
  | 'unbalanced-braces'
  | 'bad-name'
  | 'duplicate-name'
  | 'no-separator'
  | 'bad-literal'
  | 'bad-options'
  | 'wrong-type'
  | 'empty-text'
  | 'malformed-unicode'
  | 'too-long'
  | 'bad-prefix';

/** Says that a key pattern, or a key, cannot be made as asked; the message names parts and never holds a value. */
export class KeyPatternError extends Error {
  override readonly name = 'KeyPatternError';
  readonly code: KeyPatternErrorCode;

  constructor(code: KeyPatternErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** One part of a pattern and the literal that goes before it. */
interface Piece {
  readonly literal: string;
  readonly part: string;
}

/** A whole pattern: its parts, and the literal behind the last one. */
interface Cut {
  readonly pieces: readonly Piece[];
  readonly end: string;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Prepares the keys of one pattern, such as `PAGE#{page}#DAY#{day}`: fixed text with named parts in braces.
 *
 * No input can forge the key of another: within values, `%` and every character of the pattern's fixed text that is no ASCII letter
 * or digit is percent-encoded as UTF-8. So `eu:west` stays as it is in `REGION#{region}` and becomes `eu%3Awest` in
 * `{region}:{day}`. Two values never give one key, and neither do two patterns that begin with different words, such as
 * `PAGE#` and `SITE#`. Patterns that begin alike, or with a part, can: `{type}#{id}` makes `PAGE#7` as `PAGE#{page}` does.
 *
 * @param pattern - text with parts in braces, each name once; between two parts, at least one character that is no ASCII
 *   letter or digit; no `%`
 * @param options - `bytesMax`: most UTF-8 bytes of a key, 1 to 2,048 (the limit of a partition key) and 2,048 unless given; a sort
 *   key may have 1,024
 * @returns the functions that make and read the keys of this pattern
 * @throws {@link KeyPatternError} when the pattern or an option is unusable
 *
 * @example
 * ```ts
 * import { createKeyPattern } from '@oncefold/reducer';
 *
 * const pageDay = createKeyPattern('PAGE#{page}#DAY#{day}');
 * pageDay.format({ page: '/a#b', day: '2026-10-25' }); // PAGE#/a%23b#DAY#2026-10-25
 * pageDay.formatPrefix({ page: '/a#b' }); // PAGE#/a%23b#DAY#
 * pageDay.parse('PAGE#/a%23b#DAY#2026-10-25')?.page; // /a#b
 * ```
 */
export function createKeyPattern<const Pattern extends string>(
  pattern: Pattern,
  options: { readonly bytesMax?: number } = {},
): KeyPattern<PartsOf<Pattern>> {
  const { pieces, end } = cutPattern(pattern);
  const bytesMax = readBytesMax(options);
  const literals = pieces.map(({ literal }) => literal).join('') + end;
  assertShort(literals, bytesMax);
  const escaping = createEscaping(separatorsOf(literals));

  function formatParts(values: Values, count: number, literalBehind: string): string {
    let key = '';
    for (let index = 0; index < count; index += 1) {
      const { literal, part } = pieces[index] as Piece;
      key += literal + escapeValue(part, values[part], escaping);
    }
    key += literalBehind;
    assertShort(key, bytesMax);
    return key;
  }

  return Object.freeze({
    parts: Object.freeze(pieces.map(({ part }) => part as PartsOf<Pattern>)),
    format: (values: Values) => formatParts(values, pieces.length, end),
    formatPrefix: (values: Values) => {
      const count = countLeading(pieces, values);
      return formatParts(values, count, (pieces[count] as Piece).literal);
    },
    parse: createParse<PartsOf<Pattern>>({ pieces, end }, escaping, bytesMax),
  });
}

/** Cuts a pattern at its braces. */
function cutPattern(pattern: unknown): Cut {
  if (typeof pattern !== 'string') {
    throw new KeyPatternError('not-text', `A key pattern must be text, but it is ${nameType(pattern)}.`);
  }
  if (pattern === '') {
    throw new KeyPatternError('empty-pattern', 'A key pattern must hold a part in braces, or fixed text.');
  }
  if (!pattern.isWellFormed() || pattern.includes('%')) {
    throw new KeyPatternError(
      'bad-literal',
      'A key pattern must be well-formed text without %, which escapes.',
    );
  }
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of pattern.matchAll(BRACES)) {
    const part = match[1] as string;
    const literal = pattern.slice(from, match.index);
    assertPart(pieces, { literal, part });
    pieces.push({ literal, part });
    from = match.index + match[0].length;
  }
  const end = pattern.slice(from);
  if (ANY_BRACE.test(pieces.map(({ literal }) => literal).join('') + end)) {
    throw new KeyPatternError(
      'unbalanced-braces',
      'Each { of a key pattern needs its }, with a name between them.',
    );
  }
  return { pieces, end };
}

function assertPart(before: readonly Piece[], { literal, part }: Piece): void {
  if (!PART_NAME.test(part)) {
    const position = `Part ${before.length + 1} of the key pattern`;
    throw new KeyPatternError(
      'bad-name',
      `${position} needs a name of letters, digits and _, with a letter first.`,
    );
  }
  if (before.some((piece) => piece.part === part)) {
    throw new KeyPatternError('duplicate-name', `The key pattern has the part ${part} twice.`);
  }
  if (before.length > 0 && separatorsOf(literal) === '') {
    throw new KeyPatternError(
      'no-separator',
      `The key pattern needs a separator before ${part}, such as # or :, so that it is plain where the part begins.`,
    );
  }
}

function readBytesMax(options: { readonly bytesMax?: number }): number {
  const { bytesMax = KEY_BYTES_MAX, ...unknown } = options;
  if (
    !Number.isInteger(bytesMax) ||
    bytesMax < 1 ||
    bytesMax > KEY_BYTES_MAX ||
    Object.keys(unknown).length > 0
  ) {
    throw new KeyPatternError(
      'bad-options',
      `The only option of a key pattern is bytesMax, an integer from 1 to ${KEY_BYTES_MAX}.`,
    );
  }
  return bytesMax;
}

function assertShort(key: string, bytesMax: number): void {
  if (key.length * BYTES_PER_CODE_UNIT_MAX > bytesMax && isLongerThan(key, bytesMax)) {
    throw new KeyPatternError(
      'too-long',
      `The key must have at most ${bytesMax} UTF-8 bytes: shorten its parts.`,
    );
  }
}

/** Names the part only: values are input. */
function escapeValue(part: string, value: unknown, escaping: Escaping): string {
  if (typeof value !== 'string') {
    throw new KeyPatternError(
      'wrong-type',
      `The part ${part} must be text, but is ${nameType(value)}: give it, and numbers as String(value).`,
    );
  }
  if (value === '') {
    throw new KeyPatternError(
      'empty-text',
      `The part ${part} is empty: give a text for what is absent, or no key.`,
    );
  }
  if (!value.isWellFormed()) {
    throw new KeyPatternError(
      'malformed-unicode',
      `The part ${part} is no well-formed Unicode: quarantine the record, or use toWellFormed().`,
    );
  }
  return escaping.escape(value);
}

/** A key begins with its leading parts only if what follows them is their separator; so the last part must be left out. */
function countLeading(pieces: readonly Piece[], values: Values): number {
  const names = pieces.map(({ part }) => part);
  const unknown = Object.keys(values).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new KeyPatternError('bad-prefix', `The key has no part ${unknown}; there are ${names.join(', ')}.`);
  }
  // Not what an object inherits: constructor is a name like any other.
  const isGiven = (part: string) => Object.hasOwn(values, part) && values[part] !== undefined;
  const count = names.findIndex((part) => !isGiven(part));
  const isGap = names.slice(count).some(isGiven);
  if (count < 0 || isGap) {
    throw new KeyPatternError(
      'bad-prefix',
      'A prefix needs the first parts of the key, and not the last one: use format.',
    );
  }
  return count;
}

function createParse<Part extends string>(
  { pieces, end }: Cut,
  escaping: Escaping,
  bytesMax: number,
): KeyPattern<Part>['parse'] {
  const source =
    pieces.map(({ literal }) => `${patternOf(literal)}(${escaping.source})`).join('') + patternOf(end);
  const whole = new RegExp(`^${source}$`, 'u');
  return (text) => {
    if (typeof text !== 'string' || isLongerThan(text, bytesMax) || !text.isWellFormed()) {
      return undefined;
    }
    const found = whole.exec(text);
    if (found === null) {
      return undefined;
    }
    const values = pieces.map(({ part }, index) => [part, escaping.unescape(found[index + 1] as string)]);
    return Object.fromEntries(values) as Record<Part, string>;
  };
}
