import type { Comparator } from '@oncefold/commit';
import { SimulatedStoreError } from './simulated-store-error.ts';

/** A statement whose values are all parameters, in the order of its question marks. */
export type Statement =
  | { readonly type: 'insert'; readonly table: string; readonly attributes: readonly string[] }
  | {
      readonly type: 'update';
      readonly table: string;
      readonly attributes: readonly string[];
      /** Attributes that are removed. */
      readonly removals: readonly string[];
      readonly conditions: readonly StatementCondition[];
    };

/** A comparison with a parameter, or that there is no such attribute; the latter takes no parameter. */
export interface StatementCondition {
  readonly attribute: string;
  readonly comparator: Comparator | 'IS MISSING';
}

const TOKEN = /\s*("(?:[^"]|"")+"|'(?:[^']|'')+'|\?|<>|<=|>=|[={},:<>]|[A-Za-z_]\w*)/y;

/** Programs have a handful of texts and send them millions of times. */
const STATEMENTS_MAX = 256;
const known = new Map<string, Statement>();

/**
 * Reads a PartiQL statement: `INSERT INTO "T" VALUE {'a':?,…}` or `UPDATE "T" SET "a"=?,… REMOVE "c"… WHERE "k"=? AND "b"<? AND "c" IS MISSING…`.
 *
 * @throws {@link SimulatedStoreError} for everything else
 */
export function statementOf(text: string): Statement {
  const before = known.get(text);
  if (before !== undefined) {
    return before;
  }
  const statement = parse(text);
  if (known.size === STATEMENTS_MAX) {
    known.clear();
  }
  known.set(text, statement);
  return statement;
}

function parse(text: string): Statement {
  const tokens = tokensOf(text);
  const reader = readerOf(tokens, text);
  const statement = reader.take('INSERT') ? insert(reader) : update(reader);
  reader.end();
  return statement;
}

interface Reader {
  take(token: string): boolean;
  expect(...tokens: readonly string[]): void;
  /** Takes a text within these quotation marks. */
  quoted(mark: '"' | "'"): string;
  comparator(): Comparator;
  end(): void;
}

function insert(reader: Reader): Statement {
  reader.expect('INTO');
  const table = reader.quoted('"');
  reader.expect('VALUE', '{');
  const attributes: string[] = [];
  do {
    attributes.push(reader.quoted("'"));
    reader.expect(':', '?');
  } while (reader.take(','));
  reader.expect('}');
  return { type: 'insert', table, attributes };
}

function update(reader: Reader): Statement {
  reader.expect('UPDATE');
  const table = reader.quoted('"');
  reader.expect('SET');
  const attributes: string[] = [];
  do {
    attributes.push(reader.quoted('"'));
    reader.expect('=', '?');
  } while (reader.take(','));
  const removals: string[] = [];
  while (reader.take('REMOVE')) {
    removals.push(reader.quoted('"'));
  }
  reader.expect('WHERE');
  const conditions: StatementCondition[] = [];
  do {
    const attribute = reader.quoted('"');
    if (reader.take('IS')) {
      reader.expect('MISSING');
      conditions.push({ attribute, comparator: 'IS MISSING' });
    } else {
      conditions.push({ attribute, comparator: reader.comparator() });
      reader.expect('?');
    }
  } while (reader.take('AND'));
  return { type: 'update', table, attributes, removals, conditions };
}

const COMPARATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

function readerOf(tokens: readonly string[], text: string): Reader {
  let index = 0;
  const fail = (): never => {
    throw new SimulatedStoreError(`The simulated store cannot read the statement ${text}`);
  };
  const take = (token: string): boolean => {
    const isNext = tokens[index]?.toUpperCase() === token;
    index += isNext ? 1 : 0;
    return isNext;
  };
  return {
    take,
    expect: (...expected) => {
      for (const token of expected) {
        if (!take(token)) {
          fail();
        }
      }
    },
    quoted: (mark) => {
      const token = tokens[index++] ?? '';
      return token.startsWith(mark) ? token.slice(1, -1).replaceAll(mark + mark, mark) : fail();
    },
    comparator: () => {
      const token = tokens[index++] ?? '';
      return COMPARATORS.has(token) ? (token as Comparator) : fail();
    },
    end: () => {
      if (index < tokens.length) {
        fail();
      }
    },
  };
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  let at = 0;
  while (at < end) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) {
      throw new SimulatedStoreError(`The simulated store cannot read the statement ${text}`);
    }
    tokens.push(token);
    at = TOKEN.lastIndex;
  }
  return tokens;
}
