/**
 * Finds the committed range that a record lies in, by keys alone.
 *
 * The ranges of one shard never overlap: a position only goes up. So a range is kept under the shortest prefix of its last position
 * that is no prefix of its first one, and no two ranges have the same: both would hold the lowest position with that prefix. It is the
 * node of an interval tree that nobody has to keep in balance. Who looks for the ranges of some records needs few nodes: twice as
 * many as there are records, and some for each digit of a position.
 */

/**
 * The node under which a range is kept.
 *
 * @param first - a position as `formatPosition` writes it
 * @param last - one of the same shard, the same or a later one
 */
export function nodeOfRange(first: string, last: string): string {
  return first === last ? last : last.slice(0, commonLength(first, last) + 1);
}

/**
 * All nodes under which a range may be kept that holds one of these records.
 *
 * @param positions - of records that follow each other in their shard, ascending; at least one
 */
export function nodesOfRangesAround(positions: readonly string[]): ReadonlySet<string> {
  const first = positions[0] ?? '';
  const last = positions.at(-1) ?? '';
  const nodes = new Set<string>();
  // Ranges that begin before the records.
  for (let length = 1; length <= first.length; length += 1) {
    nodes.add(first.slice(0, length));
  }
  // Ranges that begin and end at records.
  for (const [index, position] of positions.entries()) {
    nodes.add(position);
    nodes.add(nodeOfRange(positions[index - 1] ?? position, position));
  }
  // Ranges that end behind the records.
  for (let length = 0; length < last.length; length += 1) {
    for (const digit of DIGITS) {
      if (digit >= last.charAt(length)) {
        nodes.add(last.slice(0, length) + digit);
      }
    }
  }
  return nodes;
}

const DIGITS = '0123456789';

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one.charAt(length) === other.charAt(length)) {
    length += 1;
  }
  return length;
}
