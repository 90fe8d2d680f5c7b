/** Records of a small world; two of them fill a transaction at most, so that one delivery may need two to four. */
export const WORLD_RECORDS = 4;

/** Records of a delivery: from the first up to, not including, the second number. */
export type RecordRange = readonly [from: number, to: number];

/** Two deliveries of records of one shard to two processes, before anything is decided by chance. */
export interface SmallWorld {
  /** Stable: the same number is the same world for every strategy and in every part. */
  readonly number: number;
  /** Records in one transaction. */
  readonly perTransaction: 1 | 2;
  /** What each process has committed before, one after the other; a process that has is warm. */
  readonly before: readonly [RecordRange | undefined, RecordRange | undefined];
  /** What each process is given. */
  readonly ranges: readonly [RecordRange, RecordRange];
  /**
   * - `at once`: two pollers, or an invocation that is taken for dead and is not.
   * - `one by one`: the second follows the first, if that has succeeded.
   * - `past the window`: the second follows the first, however that ended, more than 10 minutes later.
   */
  readonly order: 'at once' | 'one by one' | 'past the window';
}

type Before = SmallWorld['before'];

/** Who has committed what before: nobody, the first process, or both. */
const BEFORE: readonly Before[] = [
  [undefined, undefined],
  [[0, 1], undefined],
  [[0, 2], undefined],
  [
    [0, 1],
    [1, 2],
  ],
  [
    [0, 1],
    [1, 3],
  ],
];

/**
 * All small worlds.
 *
 * A mapping delivers from any earlier place and never begins behind a record that it has not delivered; so a delivery that begins
 * there follows the one that has brought it there.
 */
export function smallWorlds(): readonly SmallWorld[] {
  const worlds: SmallWorld[] = [];
  for (const perTransaction of [1, 2] as const) {
    for (const before of BEFORE) {
      for (const ranges of pairsOfRanges(before)) {
        for (const order of ordersOf(before, ranges)) {
          worlds.push({ number: worlds.length, perTransaction, before, ranges, order });
        }
      }
    }
  }
  return worlds;
}

function pairsOfRanges(before: Before): readonly SmallWorld['ranges'][] {
  const delivered = deliveredBefore(before);
  return rangesFrom(delivered).flatMap((first) =>
    rangesFrom(Math.max(delivered, first[1])).map((second): SmallWorld['ranges'] => [first, second]),
  );
}

function rangesFrom(delivered: number): readonly RecordRange[] {
  const ranges: RecordRange[] = [];
  for (let from = 0; from <= Math.min(delivered, WORLD_RECORDS - 1); from += 1) {
    for (let to = from + 1; to <= WORLD_RECORDS; to += 1) {
      ranges.push([from, to]);
    }
  }
  return ranges;
}

function ordersOf(before: Before, [first, second]: SmallWorld['ranges']): readonly SmallWorld['order'][] {
  if (second[0] > deliveredBefore(before)) {
    return ['one by one'];
  }
  // Two cold processes are the same process: with the deliveries exchanged it is the same world.
  const isMirrored =
    before[0] === undefined &&
    before[1] === undefined &&
    (first[0] > second[0] || (first[0] === second[0] && first[1] > second[1]));
  return isMirrored ? ['past the window'] : ['at once', 'past the window'];
}

function deliveredBefore(before: Before): number {
  return Math.max(0, ...before.map((range) => range?.[1] ?? 0));
}

/** Says in words what a world is. */
export function describeWorld({ perTransaction, before, ranges, order }: SmallWorld): string {
  const [first, second] = ranges.map(describeRange);
  const warm = before.flatMap((range, process) =>
    range === undefined ? [] : [`process ${process + 1} has committed ${describeRange(range)} before`],
  );
  return [
    `${perTransaction === 1 ? 'one record' : 'two records'} in a transaction`,
    ...(warm.length === 0 ? ['both processes are cold'] : warm),
    `process 1 is given ${first}, process 2 ${second}, ${order}`,
  ].join('; ');
}

function describeRange([from, to]: RecordRange): string {
  return to === from + 1 ? `r${from}` : `r${from} to r${to - 1}`;
}
