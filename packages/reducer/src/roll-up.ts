import { type Contribution, mergeContributions } from './contribution.ts';
import { type Decimal, negate } from './decimal.ts';

/** Where a record stands in a hierarchy and what it measures there. */
export interface Leaf {
  /** Segments from the root to the leaf, as `checkSegments` returned them. */
  readonly path: readonly string[];
  readonly measure: Decimal;
}

/**
 * Gives a measure to every node from the root to a leaf, so that a parent is always the sum of its children.
 *
 * @param path - Checked segments from the root down; 1 or more.
 * @param measure - What to give to each node.
 * @returns For `['PV', 'FXSpot', 'EMEA']`: the measure under `PV`, `PV:FXSpot` and `PV:FXSpot:EMEA`.
 */
export function rollUp(path: readonly string[], measure: Decimal): Contribution {
  const contribution = new Map<string, Decimal>();
  let node = '';
  for (const [level, segment] of path.entries()) {
    node = level === 0 ? segment : `${node}:${segment}`;
    contribution.set(node, measure);
  }
  return contribution;
}

/**
 * Turns a change of one record into what it adds: the new state minus the old one.
 *
 * A record that moves takes its measure out of the old path and into the new one; nodes on both paths get the
 * difference. Nodes whose sum is zero stay in the result, so that it names everything the change touched.
 *
 * @param before - The record before the change; absent when it was made by it.
 * @param after - The record after the change; absent when it was removed by it.
 * @returns The contribution of the change; empty when there was nothing before and after.
 */
export function contributionOfChange(before: Leaf | undefined, after: Leaf | undefined): Contribution {
  const removed = before === undefined ? [] : [rollUp(before.path, negate(before.measure))];
  const added = after === undefined ? [] : [rollUp(after.path, after.measure)];
  return mergeContributions([...removed, ...added]);
}
