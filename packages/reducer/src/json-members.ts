/** What a JSON value is, told from its first character. */
export type JsonKind = 'string' | 'number' | 'object' | 'array' | 'boolean' | 'null';

/** One value of a JSON object as it was written, before any conversion. */
export interface JsonToken {
  readonly kind: JsonKind;
  /** The exact source text; for a number this is the only form that loses no digit. */
  readonly source: string;
}

/** The members of a JSON object in the order of the text, or why there are none. */
export type JsonMembers =
  | { readonly code: 'valid'; readonly members: ReadonlyMap<string, JsonToken> }
  | { readonly code: 'invalid'; readonly reason: 'broken-json' | 'not-an-object' | 'duplicate-name' };

/**
 * Reads the members of a JSON object without losing digits, names or order.
 *
 * `JSON.parse` alone turns numbers into binary floats, keeps the last of two equal names silently, and moves
 * integer-like names to the front. It decides here whether the text is JSON at all; its members are then cut out
 * of the text as they stand. There is no recursion, so nesting of any depth is harmless.
 *
 * @param text - the JSON text
 * @returns the members by name, where `__proto__` is a name like any other; or the reason for refusal
 */
export function readJsonMembers(text: string): JsonMembers {
  // What is no text, JSON.parse would turn into one, and its members could not be cut out of it.
  if (typeof text !== 'string') {
    return { code: 'invalid', reason: 'broken-json' };
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { code: 'invalid', reason: 'broken-json' };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return { code: 'invalid', reason: 'not-an-object' };
  }
  // The reviver's `context.source` is no substitute: it sees only the last of two equal names, and money must not depend
  // on which one a parser keeps; integer-like names change their order; and nested values are walked recursively, so
  // 1 MB of brackets in a field that is ignored overflows the stack. `lossless-json` and `json-bigint` parse everything
  // into objects of their own, several times slower, with names in plain objects, where `__proto__` needs care.
  return cutMembers(text);
}

/**
 * Decodes a token of kind string.
 *
 * @param token - a token whose kind is `string`
 * @returns the text that it stands for, which may hold lone surrogates
 */
export function decodeString(token: JsonToken): string {
  return decode(token.source);
}

/**
 * Reads the one value of a JSON text.
 *
 * @param text - any text
 * @returns the value, without the white space around it; `undefined` when the text is no JSON.
 */
export function readJsonValue(text: string): JsonToken | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const start = skipSpace(text, 0);
  return tokenAt(text, start, endOfValue(text, start));
}

/**
 * Cuts an array into its items.
 *
 * @param text - the source of a token of kind array
 * @returns the items in the order of the text
 */
export function cutItems(text: string): readonly JsonToken[] {
  const items: JsonToken[] = [];
  let at = skipSpace(text, 1);
  while (text[at] !== ']') {
    const end = endOfValue(text, at);
    items.push(tokenAt(text, at, end));
    at = skipComma(text, end);
  }
  return items;
}

/**
 * Cuts an object into its members; every step moves forward.
 *
 * @param text - text that is known to be one valid JSON object, such as the source of a token of kind object
 * @returns the members by name, or the reason for refusal, which can only be a name that is given twice
 */
export function cutMembers(text: string): JsonMembers {
  const members = new Map<string, JsonToken>();
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (text[at] !== '}') {
    const nameEnd = endOfString(text, at);
    const name = decode(text.slice(at, nameEnd));
    const start = skipSpace(text, text.indexOf(':', nameEnd) + 1);
    const end = endOfValue(text, start);
    if (members.has(name)) {
      return { code: 'invalid', reason: 'duplicate-name' };
    }
    members.set(name, tokenAt(text, start, end));
    at = skipComma(text, end);
  }
  return { code: 'valid', members };
}

function tokenAt(text: string, start: number, end: number): JsonToken {
  return { kind: kindOf(text.charAt(start)), source: text.slice(start, end) };
}

function kindOf(first: string): JsonKind {
  switch (first) {
    case '"':
      return 'string';
    case '{':
      return 'object';
    case '[':
      return 'array';
    case 't':
    case 'f':
      return 'boolean';
    case 'n':
      return 'null';
    default:
      return 'number';
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}

/** Finds what follows a member or an item: the next one, or the closing bracket. */
function skipComma(text: string, from: number): number {
  const at = skipSpace(text, from);
  return text[at] === ',' ? skipSpace(text, at + 1) : at;
}

/** JSON knows four white space characters only. */
function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

/** Finds the index after a string's closing quote. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) {
      return at + 1;
    }
    if (unit === 0x5c) {
      at += 1;
    }
  }
  throw new Error('A JSON string has no end although the text was parsed.');
}

/** Finds the index after a value: after its closing bracket, its closing quote, or its last character. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') {
      at = endOfString(text, at);
    } else if (character === '{' || character === '[') {
      depth += 1;
      at += 1;
    } else if (character === '}' || character === ']') {
      depth -= 1;
      at += 1;
    } else {
      at = depth === 0 ? endOfLiteral(text, at) : at + 1;
    }
    if (depth === 0) {
      return at;
    }
  }
  throw new Error('A JSON value has no end although the text was parsed.');
}

/** Numbers and words end where a comma, a bracket, white space or nothing follows, of which `charAt` makes the empty text. */
function endOfLiteral(text: string, from: number): number {
  let at = from;
  while (!',]}'.includes(text.charAt(at)) && !isSpace(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}

function decode(source: string): string {
  return source.includes('\\') ? (JSON.parse(source) as string) : source.slice(1, -1);
}
