import { type Contribution, sumContributions } from './contribution.ts';
import { type Decimal, negate } from './decimal.ts';
import { NODE_BYTES_MAX } from './hierarchy.ts';
import { HierarchyError } from './hierarchy-error.ts';
import { type PathFormat, type SegmentFormat, segmentFormat } from './path-format.ts';
import { isLongerThan } from './utf8.ts';

/** Where a record stands in a hierarchy and what it measures there. */
export interface Leaf {
  /** Segments from the root to the leaf, for example as `checkSegments` returns them. */
  readonly path: readonly string[];
  readonly measure: Decimal;
}

/**
 * Gives a measure to every node from the root to a leaf, so that a parent is always the sum of its children.
 *
 * Two paths never share a key unless they share the node: what could forge another node's key, or is no key for DynamoDB,
 * is refused. `checkSegments` refuses it with a reason for each record, and more than this: reserved names, for example.
 *
 * @param path - segments from the root down, 1 or more: well-formed text, not empty, without the separator unless it is escaped
 * @param measure - what to give to each node
 * @param format - the hierarchy, where its separator is not `:` or it escapes; the same in all of a table
 * @returns for `['PV', 'FXSpot', 'EMEA']`: the measure under `PV`, `PV:FXSpot` and `PV:FXSpot:EMEA`
 * @throws {@link HierarchyError} when a segment or the separator is unusable, or the leaf's key has more than 2,048 UTF-8 bytes
 */
export function rollUp(path: readonly string[], measure: Decimal, format: PathFormat = {}): Contribution {
  if (path.length === 0) {
    throw new HierarchyError('wrong-count', 'path must hold 1 segment or more.');
  }
  const segments = segmentFormat(format);
  const contribution = new Map<string, Decimal>();
  let node = '';
  for (const [level, segment] of path.entries()) {
    checkSegment(segment, level, segments);
    node += (level === 0 ? '' : segments.separator) + segments.write(segment);
    contribution.set(node, measure);
  }
  if (isLongerThan(node, NODE_BYTES_MAX)) {
    throw new HierarchyError('bad-segment', `path must make a key of at most ${NODE_BYTES_MAX} bytes.`);
  }
  return contribution;
}

/** Names the level only: segments are input. */
function checkSegment(segment: unknown, level: number, { forbidden, isForbidden }: SegmentFormat): void {
  if (typeof segment !== 'string' || segment === '' || isForbidden(segment) || !segment.isWellFormed()) {
    const without = forbidden === '' ? '' : `, without ${forbidden}`;
    throw new HierarchyError(
      'bad-segment',
      `path[${level}] must be well-formed text, not empty${without}; use checkSegments for input.`,
    );
  }
}

/**
 * Turns a change of one record into what it adds: the new state minus the old one.
 *
 * A record that moves takes its measure out of the old path and into the new one; nodes on both paths get the
 * difference. Nodes whose sum is zero stay in the result, so that it names everything the change touched.
 *
 * @param before - the record before the change; absent when it was made by it
 * @param after - the record after the change; absent when it was removed by it
 * @param format - as for {@link rollUp}
 * @returns the contribution of the change; empty when there was nothing before and after
 * @throws {@link HierarchyError} as {@link rollUp} does
 */
export function contributionOfChange(
  before: Leaf | undefined,
  after: Leaf | undefined,
  format: PathFormat = {},
): Contribution {
  const removed = before === undefined ? [] : [rollUp(before.path, negate(before.measure), format)];
  const added = after === undefined ? [] : [rollUp(after.path, after.measure, format)];
  return sumContributions([...removed, ...added]);
}
