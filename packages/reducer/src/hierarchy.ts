import { HierarchyError } from './hierarchy-error.ts';
import { type PathFormat, type SegmentFormat, segmentFormat } from './path-format.ts';
import { isLongerThan } from './utf8.ts';

/** At most so many levels: each level is one more row that every record writes. */
const DIMENSIONS_MAX = 16;
/** One segment's limit: sixteen of them would not fit into a key, eight always do. */
const SEGMENT_BYTES_MAX = 255;
/** The limit of a DynamoDB partition key. */
export const NODE_BYTES_MAX = 2048;

const CONTROL_CHARACTER = /\p{Cc}/u;

/** The levels by which records are summed, from the root down, how their keys are made, and the names that no segment may have. */
export interface Hierarchy extends PathFormat {
  readonly dimensions: readonly string[];
  readonly separator: string;
  readonly reserved: readonly string[];
}

/** Why a segment, or the path that it completes, is refused. */
export type InvalidSegmentReason =
  | 'missing-field'
  | 'wrong-type'
  | 'empty-text'
  | 'too-long'
  | 'malformed-unicode'
  | 'control-character'
  | 'forbidden-separator'
  | 'reserved-name';

/** A path from the root to a leaf, or why there is none; `dimension` is always one of the hierarchy's own names. */
export type SegmentCheck =
  | { readonly code: 'valid'; readonly path: readonly string[] }
  | { readonly code: 'invalid'; readonly reason: InvalidSegmentReason; readonly dimension: string };

/** Values by dimension, as they arrived. */
export type Segments = ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>;

/**
 * Makes a hierarchy and checks it once, so that records can be checked against it without doubt.
 *
 * @param options - `dimensions`: 1 to 16 different names, from the root down; `reserved`: names that no segment
 *   may have, none unless given; `separator` and `escape`: see {@link PathFormat}.
 * @returns the hierarchy, frozen
 * @throws {@link HierarchyError} when there are too few or too many dimensions, a name is unusable or given twice, or the separator
 *   is unusable
 */
export function createHierarchy(
  options: PathFormat & {
    readonly dimensions: readonly string[];
    readonly reserved?: readonly string[];
  },
): Hierarchy {
  const { dimensions, reserved = [], escape: isEscaped = false } = options;
  if (dimensions.length < 1 || dimensions.length > DIMENSIONS_MAX) {
    throw new HierarchyError('wrong-count', `dimensions must hold 1 to ${DIMENSIONS_MAX} names.`);
  }
  checkNames('dimensions', dimensions);
  checkNames('reserved', reserved);
  return Object.freeze({
    dimensions: Object.freeze([...dimensions]),
    separator: segmentFormat(options).separator,
    reserved: Object.freeze([...reserved]),
    ...(isEscaped ? { escape: true } : {}),
  });
}

/**
 * Checks one record's values by dimension and puts them in the order of the hierarchy.
 *
 * A segment is well-formed text of 1 to 255 UTF-8 bytes without separator (unless it is escaped), control characters or reserved
 * name; so no input can forge another node's key. Apostrophes, `__proto__` and the like are ordinary text. Dimensions
 * that the hierarchy does not name are not looked at.
 *
 * @param hierarchy - the levels
 * @param segments - values by dimension; own properties only, where it is an object
 * @returns the path from the root to the leaf, or the first reason for refusal
 */
export function checkSegments(hierarchy: Hierarchy, segments: Segments): SegmentCheck {
  const format = segmentFormat(hierarchy);
  const { separator, separatorBytes, growthMax, write } = format;
  const path: string[] = [];
  for (const dimension of hierarchy.dimensions) {
    const segment = ownValue(segments, dimension);
    const reason = reasonAgainst(hierarchy, format, segment);
    if (reason !== undefined) {
      return { code: 'invalid', reason, dimension };
    }
    path.push(segment as string);
    if (
      path.length * (SEGMENT_BYTES_MAX * growthMax + separatorBytes) > NODE_BYTES_MAX &&
      isLongerThan(path.map(write).join(separator), NODE_BYTES_MAX)
    ) {
      return { code: 'invalid', reason: 'too-long', dimension };
    }
  }
  return { code: 'valid', path };
}

function ownValue(segments: Segments, dimension: string): unknown {
  if (segments instanceof Map) {
    return segments.get(dimension);
  }
  return Object.hasOwn(segments, dimension)
    ? (segments as Readonly<Record<string, unknown>>)[dimension]
    : undefined;
}

function reasonAgainst(
  { reserved }: Hierarchy,
  format: SegmentFormat,
  segment: unknown,
): InvalidSegmentReason | undefined {
  if (segment === undefined) {
    return 'missing-field';
  }
  if (typeof segment !== 'string') {
    return 'wrong-type';
  }
  if (segment === '') {
    return 'empty-text';
  }
  if (isLongerThan(segment, SEGMENT_BYTES_MAX)) {
    return 'too-long';
  }
  if (!segment.isWellFormed()) {
    return 'malformed-unicode';
  }
  if (CONTROL_CHARACTER.test(segment)) {
    return 'control-character';
  }
  if (format.isForbidden(segment)) {
    return 'forbidden-separator';
  }
  // What is reserved is a row of its own, so the escaped segment must not name it either.
  return reserved.includes(segment) || reserved.includes(format.write(segment)) ? 'reserved-name' : undefined;
}

function checkNames(field: string, names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    if (
      typeof name !== 'string' ||
      name === '' ||
      !name.isWellFormed() ||
      isLongerThan(name, SEGMENT_BYTES_MAX)
    ) {
      throw new HierarchyError(
        'bad-name',
        `${field}[${index}] must be text of 1 to ${SEGMENT_BYTES_MAX} bytes.`,
      );
    }
    if (names.indexOf(name) !== index) {
      throw new HierarchyError('duplicate-name', `${field}[${index}] is given twice.`);
    }
  }
}
