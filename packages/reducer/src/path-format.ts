import { createEscaping, patternOf, separatorsOf } from './escaping.ts';
import { HierarchyError } from './hierarchy-error.ts';
import { utf8Length } from './utf8.ts';

const SEPARATOR = ':';
const SEPARATOR_LENGTH_MAX = 8;
/** Programs have one or two; the limit is for one that takes its separator from elsewhere. */
const FORMATS_MAX = 16;

/** How the segments of a path become the key of a node; a `Hierarchy` is one. */
export interface PathFormat {
  /**
   * The text between two segments, `:` unless given: 1 to 8 characters, at least one of them no ASCII letter or digit, and
   * no `%`. Of these, what is no letter or digit cannot be in a segment.
   */
  readonly separator?: string;
  /** Whether a segment with a character of the separator is escaped, as `createKeyPattern` does, in place of being refused. */
  readonly escape?: boolean;
}

/** What a format means for one segment. */
export interface SegmentFormat {
  readonly separator: string;
  readonly separatorBytes: number;
  /** The characters that a segment may not have; empty where they are escaped. */
  readonly forbidden: string;
  readonly isForbidden: (segment: string) => boolean;
  /** Writes a segment as a part of the key. */
  readonly write: (segment: string) => string;
  /** The most bytes that writing makes of one byte. */
  readonly growthMax: number;
}

const formats = new Map<string, SegmentFormat>();

/**
 * Prepares a format, once for each.
 *
 * @throws {@link HierarchyError} when the separator is unusable
 */
export function segmentFormat({
  separator = SEPARATOR,
  escape: isEscaped = false,
}: PathFormat): SegmentFormat {
  const key = (isEscaped ? 'escaped ' : 'refused ') + separator;
  const known = formats.get(key);
  if (known !== undefined) {
    return known;
  }
  const format = createFormat(separator, isEscaped);
  if (formats.size === FORMATS_MAX) {
    formats.clear();
  }
  formats.set(key, format);
  return format;
}

/** Looks for single characters: of `a:`, `::`, `b` and `a`, `::`, `:b` one key would be made. */
function createFormat(separator: string, isEscaped: boolean): SegmentFormat {
  const characters = typeof separator === 'string' ? separatorsOf(separator) : '';
  if (
    characters === '' ||
    separator.length > SEPARATOR_LENGTH_MAX ||
    !separator.isWellFormed() ||
    separator.includes('%')
  ) {
    throw new HierarchyError(
      'bad-separator',
      `separator must be text of 1 to ${SEPARATOR_LENGTH_MAX} characters without %, at least one of them no letter or digit.`,
    );
  }
  const separatorBytes = utf8Length(separator);
  if (isEscaped) {
    const write = createEscaping(characters).escape;
    return { separator, separatorBytes, forbidden: '', isForbidden: () => false, write, growthMax: 3 };
  }
  const anyCharacter = new RegExp(`[${patternOf(characters)}]`, 'u');
  return {
    separator,
    separatorBytes,
    forbidden: [...new Set(characters)].join(' or '),
    isForbidden: (segment) => anyCharacter.test(segment),
    write: (segment) => segment,
    growthMax: 1,
  };
}
